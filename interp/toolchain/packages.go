package toolchain

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

// EmbedConfig is the name of the file that WriteEmbeds writes.
const EmbedConfig = "embedcfg"

// WriteEmbeds writes into the folder dir the files that the compiler is to embed, by the patterns that its sources have, and the
// configuration that tells it so. The content of each file is given by its name.
func WriteEmbeds(dir string, patterns map[string][]string, files map[string][]byte) error {
	config := struct {
		Patterns map[string][]string
		Files    map[string]string
	}{patterns, map[string]string{}}
	for name, data := range files {
		file := filepath.Join(dir, fmt.Sprintf("embedded-%d", len(config.Files)))
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
		config.Files[name] = file
	}
	text, err := json.Marshal(config)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, EmbedConfig), text, 0o644)
}
