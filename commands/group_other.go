//go:build !unix

package commands

import "syscall"

// ownGroup is nothing here.
func ownGroup() *syscall.SysProcAttr { return nil }
