package stdtypes_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

func imported(t *testing.T, im types.Importer, path string) *types.Package {
	t.Helper()
	p, err := im.Import(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestImportEveryPackage(t *testing.T) {
	im := stdtypes.NewImporter(token.NewFileSet())
	for _, path := range stdtypes.Packages() {
		p := imported(t, im, path)
		if p.Path() != path || !p.Complete() {
			t.Errorf("Import(%q) = %q, complete %t", path, p.Path(), p.Complete())
		}
		if again := imported(t, im, path); again != p {
			t.Errorf("Import(%q) is another package the second time", path)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	im := stdtypes.NewImporter(token.NewFileSet())
	for _, path := range []string{"", "internal/abi", "net/http/internal", "vendor/golang.org/x/net/idna", "cmd/go", "fmt/", "nosuch"} {
		if p, err := im.Import(path); err == nil {
			t.Errorf("Import(%q) = %v, want an error", path, p)
		}
	}
}

func TestTypesAreIdenticalHoweverReached(t *testing.T) {
	// The users of io.Reader are imported before and after package io itself.
	im := stdtypes.NewImporter(token.NewFileSet())
	param := func(path, function string) types.Type {
		f := imported(t, im, path).Scope().Lookup(function).(*types.Func)
		return f.Signature().Params().At(0).Type()
	}
	before := param("bufio", "NewReader")
	reader := imported(t, im, "io").Scope().Lookup("Reader").Type()
	after := param("compress/gzip", "NewReader")
	if !types.Identical(before, reader) || !types.Identical(after, reader) {
		t.Errorf("io.Reader of bufio, io, gzip: %v %v %v, want one type", before, reader, after)
	}
}

func TestNoPositions(t *testing.T) {
	fset := token.NewFileSet()
	p := imported(t, stdtypes.NewImporter(fset), "net/http")
	for _, name := range p.Scope().Names() {
		if pos := p.Scope().Lookup(name).Pos(); pos.IsValid() {
			t.Errorf("http.%s has the position %v", name, fset.Position(pos))
		}
	}
}

type fallback map[string]*types.Package

func (f fallback) Import(path string) (*types.Package, error) {
	if p := f[path]; p != nil {
		return p, nil
	}
	return nil, errors.New("not here either")
}

func TestFallback(t *testing.T) {
	im := stdtypes.NewImporter(token.NewFileSet())
	own := types.NewPackage("example.com/own", "own")
	im.Fallback = fallback{"example.com/own": own, "fmt": own}
	if got := imported(t, im, "example.com/own"); got != own {
		t.Errorf("the fallback's package came as %v", got)
	}
	if got := imported(t, im, "fmt"); got == own {
		t.Error("the fallback was asked for fmt")
	}
	if _, err := im.Import("example.com/other"); err == nil || err.Error() != "not here either" {
		t.Errorf("error = %v, want the fallback's", err)
	}
}

const program = `package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

type keys[K cmp.Ordered] interface{ all() iter.Seq[K] }

func sorted[M ~map[K]V, K cmp.Ordered, V any](m M) []K { return slices.Sorted(maps.Keys(m)) }

func main() {
	var wg sync.WaitGroup
	var p atomic.Pointer[http.Client]
	wg.Go(func() { p.Store(&http.Client{Transport: http.DefaultTransport}) })
	wg.Wait()
	var ks []string = sorted(map[string]int{})
	fmt.Println(ks, unsafe.Sizeof(p), p.Load().Timeout.Seconds())
	for i := range slices.Values(ks) {
		_ = http.StatusOK + len(i)
	}
	%s
}
`

func TestCheckProgram(t *testing.T) {
	tests := []struct{ stmt, err string }{
		{"", ""},
		{"wg.Went()", "wg.Went undefined (type sync.WaitGroup has no field or method Went)"},
		{"var s string = http.StatusOK", "cannot use http.StatusOK (untyped int constant 200) as string value in variable declaration"},
		{"_ = sync.Mutex{state: 1}", "unknown field state in struct literal of type sync.Mutex"},
	}
	for _, test := range tests {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "main.go", fmt.Sprintf(program, test.stmt), parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		var errs []string
		conf := types.Config{Importer: stdtypes.NewImporter(fset), GoVersion: "go1.26", Error: func(err error) {
			errs = append(errs, err.(types.Error).Msg)
		}}
		conf.Check("main", fset, []*ast.File{f}, nil)
		if test.err == "" && len(errs) > 0 || test.err != "" && !slices.Contains(errs, test.err) {
			t.Errorf("with %q the errors are %q, want %q", test.stmt, errs, test.err)
		}
	}
}
