package pack

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/notebooks"
	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// mentionedLimit is how large a folder may be that cells mention, in bytes: a word in a text may be the name of a large one by chance.
const mentionedLimit = 100 << 20

// data adds what cells read.
func (c *collection) data() error {
	own, _ := c.nb.Metadata["gobraid"].(map[string]any)
	listed, _ := own["data"].([]any)
	for _, x := range listed {
		pattern, ok := x.(string)
		if !ok {
			return fmt.Errorf("pack: the metadata gobraid.data is a list of names, and not %v", x)
		}
		if err := c.named(pattern, "the notebook's metadata list it"); err != nil {
			return err
		}
	}
	for _, pattern := range c.opts.Data {
		if err := c.named(pattern, "--data "+pattern); err != nil {
			return err
		}
	}
	for _, cell := range c.nb.Cells {
		for _, name := range mentions(cell) {
			if err := c.mentioned(cell, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// named adds what somebody has listed; a name that is not there is an error.
func (c *collection) named(pattern, why string) error {
	full := pattern
	if !filepath.IsAbs(full) {
		full = filepath.Join(c.dir, filepath.FromSlash(pattern))
	}
	found, err := filepath.Glob(full)
	if err != nil {
		return fmt.Errorf("pack: %s: %w", pattern, err)
	}
	if _, err := os.Lstat(full); err == nil {
		found = []string{full}
	}
	if len(found) == 0 {
		return fmt.Errorf("pack: there is no %s in %s", pattern, c.dir)
	}
	for _, f := range found {
		if _, err := c.inside(f); err != nil {
			return err
		}
		if err := c.addTree(f, RoleData, why); err != nil {
			return err
		}
	}
	return nil
}

// mentioned adds what a cell mentions, if there is such a file or folder.
func (c *collection) mentioned(cell *notebooks.Cell, name string) error {
	if filepath.IsAbs(name) {
		if isFile(name) && !strings.HasPrefix(name, "/dev/") && !strings.HasPrefix(name, "/proc/") {
			c.warn = append(c.warn, fmt.Sprintf("cell %s mentions %s, which is not there elsewhere: name files from the notebook's folder", cell.ID, name))
		}
		return nil
	}
	local := filepath.Clean(filepath.FromSlash(name))
	if name == "" || local == "." || len(name) > 4096 || strings.ContainsAny(name, "\n\x00") || !filepath.IsLocal(local) {
		return nil
	}
	full := filepath.Join(c.dir, local)
	found, _ := filepath.Glob(full) // a pattern of //go:embed; what is none has no files
	if _, err := os.Lstat(full); err == nil {
		found = []string{full}
	}
	for _, f := range found {
		if size, err := sizeOf(f); err != nil || size > mentionedLimit {
			c.warn = append(c.warn, fmt.Sprintf("cell %s mentions %s, which is larger than %d MB: pack it with --data %[2]s if it is needed", cell.ID, name, mentionedLimit>>20))
			continue
		}
		if err := c.addTree(f, RoleData, "cell "+cell.ID+" mentions it"); err != nil {
			return err
		}
	}
	return nil
}

func sizeOf(name string) (int64, error) {
	var n int64
	err := filepath.WalkDir(name, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			n += info.Size()
		}
		return nil
	})
	return n, err
}

var (
	embedLine = lazy.Regexp(`(?m)^\s*//go:embed\s+(.*)$`)
	picture   = lazy.Regexp(`!\[[^\]]*\]\(\s*<?([^)\s>]+)|<img[^>]*\ssrc="([^"]+)"`)
)

// mentions returns what in a cell may be the name of a file: the strings of code, the patterns of //go:embed, the pictures of text.
func mentions(cell *notebooks.Cell) []string {
	var names []string
	if cell.Type != notebooks.Code {
		for _, found := range picture.FindAllStringSubmatch(cell.Source, -1) {
			if u, err := url.Parse(found[1] + found[2]); err == nil && u.Scheme == "" && u.Host == "" {
				names = append(names, u.Path)
			}
		}
		return names
	}
	for _, found := range embedLine.FindAllStringSubmatch(cell.Source, -1) {
		for _, pattern := range strings.Fields(found[1]) {
			if s, err := strconv.Unquote(pattern); err == nil {
				pattern = s
			}
			names = append(names, strings.TrimPrefix(pattern, "all:"))
		}
	}
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile("", files.Base(), len(cell.Source)), []byte(cell.Source), func(token.Position, string) {}, 0) // magics are no Go, and passed over
	for {
		_, tok, text := s.Scan()
		if tok == token.EOF {
			return names
		}
		if tok != token.STRING {
			continue
		}
		if value, err := strconv.Unquote(text); err == nil {
			names = append(names, value)
		}
	}
}
