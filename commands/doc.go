// Package commands is gobraid's command line: it puts the parts together.
package commands
