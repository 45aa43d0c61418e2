package install

import (
	"errors"
	"path/filepath"
	"testing"
)

var placeTests = []struct {
	name string
	in   Place
	env  map[string]string
	out  string // "" for ErrPlace
}{
	{"user", Place{Home: "/h"}, nil, "/h/.local/share/jupyter/kernels/gobraid"},
	{"user on a Mac", Place{Home: "/h", OS: "darwin"}, nil, "/h/Library/Jupyter/kernels/gobraid"},
	{"XDG", Place{Home: "/h"}, map[string]string{"XDG_DATA_HOME": "/x"}, "/x/jupyter/kernels/gobraid"},
	{"Jupyter's own variable", Place{Home: "/h"}, map[string]string{"JUPYTER_DATA_DIR": "/j", "XDG_DATA_HOME": "/x"}, "/j/kernels/gobraid"},
	{"no home", Place{}, nil, ""},
	{"prefix", Place{Prefix: "/p", Home: "/h"}, map[string]string{"JUPYTER_DATA_DIR": "/j"}, "/p/share/jupyter/kernels/gobraid"},
	{"directory", Place{Dir: "/d"}, nil, "/d/kernels/gobraid"},
	{"venv", Place{SysPrefix: true}, map[string]string{"VIRTUAL_ENV": "/v", "CONDA_PREFIX": "/c"}, "/v/share/jupyter/kernels/gobraid"},
	{"conda", Place{SysPrefix: true}, map[string]string{"CONDA_PREFIX": "/c"}, "/c/share/jupyter/kernels/gobraid"},
	{"no environment", Place{SysPrefix: true, Home: "/h"}, nil, ""},
	{"two places", Place{Prefix: "/p", Dir: "/d"}, nil, ""},
	{"another name", Place{Prefix: "/p", Name: "go-1.26_x"}, nil, "/p/share/jupyter/kernels/go-1.26_x"},
	{"a name that climbs", Place{Prefix: "/p", Name: "../x"}, nil, ""},
	{"a name that hides", Place{Prefix: "/p", Name: ".x"}, nil, ""},
}

func TestPlace(t *testing.T) {
	for _, tt := range placeTests {
		p := tt.in
		p.Getenv = func(key string) string { return tt.env[key] }
		if p.OS == "" {
			p.OS = "linux"
		}
		got, err := p.folder()
		if tt.out == "" {
			if !errors.Is(err, ErrPlace) {
				t.Errorf("%s: got %q, error %v", tt.name, got, err)
			}
		} else if want := filepath.FromSlash(tt.out); got != want || err != nil {
			t.Errorf("%s: got %q, error %v; want %q", tt.name, got, err, want)
		}
	}
}

// TestPlaceRelative makes a relative prefix absolute: kernel.json must not depend on where Jupyter is started.
func TestPlaceRelative(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	got, err := Place{Prefix: "venv"}.folder()
	if err != nil || !filepath.IsAbs(got) {
		t.Errorf("got %q, error %v", got, err)
	}
}
