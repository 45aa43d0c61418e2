package check

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// embedded returns the files below dir that a pattern of //go:embed means, by the rules of the go command: what it matches, and of
// folders all files, without those whose names begin with a dot or underscore unless the pattern begins with "all:", and
// without other modules.
func embedded(dir, pattern string) ([]string, error) {
	glob, all := strings.CutPrefix(pattern, "all:")
	if _, err := path.Match(glob, ""); err != nil || !fs.ValidPath(glob) {
		return nil, errors.New("invalid pattern syntax")
	}
	found, err := filepath.Glob(filepath.Join(quoteGlob(dir), filepath.FromSlash(glob)))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range found {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return nil, err
		}
		name := filepath.ToSlash(rel)
		if err := inModule(dir, name); err != nil {
			return nil, err
		}
		info, err := os.Lstat(file)
		if err != nil {
			return nil, err
		}
		switch {
		case info.Mode().IsRegular():
			names = append(names, name)
		case info.IsDir():
			below, err := filesBelow(dir, name, all)
			if err != nil {
				return nil, err
			}
			if len(below) == 0 {
				return nil, fmt.Errorf("cannot embed directory %s: contains no embeddable files", name)
			}
			names = append(names, below...)
		default:
			return nil, fmt.Errorf("cannot embed irregular file %s", name)
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no matching files found")
	}
	return names, nil
}

// quoteGlob has a path match only itself.
func quoteGlob(dir string) string {
	if filepath.Separator == '\\' {
		return dir // there is no quoting
	}
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(dir)
}

// inModule returns an error for what lies in another module below dir, or among what a version control system keeps to itself.
func inModule(dir, name string) error {
	for part := name; part != "."; part = path.Dir(part) {
		what := "file"
		if part == name && isDir(filepath.Join(dir, filepath.FromSlash(name))) {
			what = "directory"
		}
		if exists(filepath.Join(dir, filepath.FromSlash(part), "go.mod")) {
			return fmt.Errorf("cannot embed %s %s: in different module", what, name)
		}
		if base := path.Base(part); versionControl(base) {
			return fmt.Errorf("cannot embed %s %s: invalid name %s", what, name, base)
		}
	}
	return nil
}

func versionControl(name string) bool {
	return slices.Contains([]string{".git", ".hg", ".svn", ".bzr"}, name)
}

func isDir(file string) bool {
	info, err := os.Lstat(file)
	return err == nil && info.IsDir()
}

// filesBelow returns the files in a folder that can be embedded.
func filesBelow(dir, name string, all bool) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(dir), name, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(p)
		switch {
		case p != name && (!all && (base[0] == '.' || base[0] == '_') || versionControl(base)):
		case d.IsDir() && p != name && exists(filepath.Join(dir, filepath.FromSlash(p), "go.mod")):
		case d.Type().IsRegular():
			names = append(names, p)
			return nil
		default:
			return nil // a folder that is walked into; a link, which is left out
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	return names, err
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// readFiles reads files below dir, each once, sorted by name.
func readFiles(dir string, names []string) ([]File, error) {
	slices.Sort(names)
	var files []File
	for _, name := range slices.Compact(names) {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		files = append(files, File{name, b})
	}
	return files, nil
}
