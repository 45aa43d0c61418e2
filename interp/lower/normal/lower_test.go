package normal_test

import (
	"errors"
	"flag"
	"go/format"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/lower/normal"
)

var update = flag.Bool("update", false, "rewrite the normal forms of testdata")

// surroundings is an Env that has every package and no earlier cells.
type surroundings struct{ n int }

func (s *surroundings) Symbol(path, name string) (string, reflect.Value, bool) {
	if name != "" && name[0] >= 'A' && name[0] <= 'Z' && typeNames[path+"."+name] {
		return filepath.Base(path), reflect.ValueOf((*int)(nil)), true
	}
	return filepath.Base(path), reflect.ValueOf(0), true
}

var typeNames = map[string]bool{"sync.Mutex": true, "sync.WaitGroup": true, "time.Duration": true, "strings.Builder": true, "context.Context": true}

func (s *surroundings) Object(types.Object) (string, bool) { return "", false }

func (s *surroundings) Fresh() int { s.n++; return s.n }

func lowerText(text string) (string, error) {
	checker := check.New(stdtypes.NewImporter(token.NewFileSet()), nil)
	cell, errs := checker.Check(1, task.CellFile(1), text)
	if len(errs) > 0 {
		return "", errors.New(errs[0].Msg)
	}
	out, err := normal.Lower(cell, &surroundings{})
	if err != nil {
		return "", err
	}
	types := strings.TrimPrefix(out.Types, "package main\n")
	funcs := strings.TrimPrefix(out.Funcs, "package main\n")
	pretty, err := format.Source([]byte(types + funcs))
	return string(pretty), err
}

// TestForms compares the normal form of small cells, one construct each, with testdata.
func TestForms(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(a.Files); i += 2 {
			name := filepath.Base(path) + "/" + a.Files[i].Name
			t.Run(name, func(t *testing.T) {
				got, err := lowerText(string(a.Files[i].Data))
				if err != nil {
					t.Fatal(err)
				}
				if *update {
					a.Files[i+1].Data = []byte(got)
					return
				}
				if want := string(a.Files[i+1].Data); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
