package install

import (
	"errors"
	"fmt"
	"path/filepath"
)

// A Place says which Jupyter data directory to use. At most one of Prefix, SysPrefix and Dir is set;
// with none of them it is the user's own.
type Place struct {
	Prefix    string // PREFIX/share/jupyter, such as of a Python environment
	SysPrefix bool   // that of the active Python environment
	Dir       string // the data directory itself

	Name string // of the kernelspec; "gobraid" if empty

	// Getenv, Home and OS are what they are on the machine; tests set them.
	Getenv func(key string) string
	Home   string
	OS     string // as runtime.GOOS
}

// ErrPlace is what the error of a [Place] that makes no sense wraps.
var ErrPlace = errors.New("install: cannot tell where to install")

// folder returns the folder of the kernelspec.
func (p Place) folder() (string, error) {
	data, err := p.data()
	if err != nil {
		return "", err
	}
	name := p.name()
	if name != filepath.Base(name) || !validName.MatchString(name) {
		return "", fmt.Errorf("%w: a kernel's name has letters, digits, dots, dashes and underscores, not %q", ErrPlace, name)
	}
	return filepath.Join(data, "kernels", name), nil
}

func (p Place) name() string {
	if p.Name == "" {
		return "gobraid"
	}
	return p.Name
}

// data returns the Jupyter data directory.
func (p Place) data() (string, error) {
	chosen := 0
	for _, set := range []bool{p.Prefix != "", p.SysPrefix, p.Dir != ""} {
		if set {
			chosen++
		}
	}
	switch {
	case chosen > 1:
		return "", fmt.Errorf("%w: a prefix, the environment's prefix and a directory exclude each other", ErrPlace)
	case p.Dir != "":
		return filepath.Abs(p.Dir)
	case p.Prefix != "":
		return filepath.Abs(filepath.Join(p.Prefix, "share", "jupyter"))
	case p.SysPrefix:
		for _, key := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
			if env := p.Getenv(key); env != "" {
				return filepath.Join(env, "share", "jupyter"), nil
			}
		}
		return "", fmt.Errorf("%w: no Python environment is active; activate one or give its prefix", ErrPlace)
	}
	return p.userData()
}

// userData is the user's Jupyter data directory, as jupyter_core finds it.
func (p Place) userData() (string, error) {
	if dir := p.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	if p.Home == "" {
		return "", fmt.Errorf("%w: there is no home directory", ErrPlace)
	}
	if p.OS == "darwin" {
		return filepath.Join(p.Home, "Library", "Jupyter"), nil
	}
	if dir := p.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	return filepath.Join(p.Home, ".local", "share", "jupyter"), nil
}
