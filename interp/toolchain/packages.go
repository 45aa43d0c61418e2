package toolchain

import (
	"os"
	"strings"
)

// Packages knows where compiled packages lie.
type Packages struct {
	Files map[string]string // import path → archive
	Text  string            // the same as lines of an import configuration
}

// ParsePackages reads lines of an import configuration.
func ParsePackages(b []byte) *Packages {
	p := &Packages{Files: map[string]string{}, Text: string(b)}
	for line := range strings.Lines(p.Text) {
		spec, ok := strings.CutPrefix(strings.TrimSpace(line), "packagefile ")
		if path, file, cut := strings.Cut(spec, "="); ok && cut {
			p.Files[path] = file
		}
	}
	return p
}

// Complete tells whether there are packages and all archives exist.
func (p *Packages) Complete() bool {
	for _, file := range p.Files {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	return len(p.Files) > 0
}
