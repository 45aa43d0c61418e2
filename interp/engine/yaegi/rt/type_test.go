package rt_test

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
)

var mainPkg = types.NewPackage("main", "main")

// declare returns a new type of package main.
func declare(name string, underlying types.Type) *types.Named {
	return types.NewNamed(types.NewTypeName(token.NoPos, mainPkg, name, nil), underlying, nil)
}

// text is the signature func() string.
var text = types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(types.NewVar(token.NoPos, nil, "", types.Typ[types.String])), false)

func native(t types.Type) bool {
	n, ok := t.(*types.Named)
	return !ok || n.Obj().Pkg() != mainPkg
}

// TestTypesAreShared uses types from many goroutines while others are added.
func TestTypesAreShared(t *testing.T) {
	set := rt.NewTypes()
	fail := set.Describe(declare("fail", types.Typ[types.Int]), native)
	set.SetMethods(fail, map[string]*rt.Method{"Error": {Sig: text, Func: reflect.ValueOf(func(n int) string { return fmt.Sprint("fail ", n) })}})
	errorType := set.Describe(types.Universe.Lookup("error").Type(), native)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				other := set.Describe(declare(fmt.Sprintf("T%d_%d", g, i), types.Typ[types.Int]), native)
				set.SetMethods(other, map[string]*rt.Method{"String": {Sig: text, Func: reflect.ValueOf(func(n int) string { return fmt.Sprint("T", n) })}})
				var err error
				if !rt.As(rt.Box(fail, i), errorType, &err) || err.Error() != fmt.Sprint("fail ", i) {
					t.Errorf("no error: %v", err)
				}
				if rt.As(rt.Box(other, i), errorType, &err) {
					t.Error("an error without Error")
				}
				if !rt.Equal(err, rt.Box(fail, i)) || rt.Equal(rt.Box(other, i), rt.Box(fail, i)) {
					t.Error("wrong comparison")
				}
				if got := fmt.Sprint(rt.Show(rt.Box(other, i), err)...); got != fmt.Sprintf("T%d fail %d", i, i) {
					t.Error(got)
				}
				var n int
				if rt.Take(rt.Box(other, i), fail.ID, &n) || !rt.As(rt.Box(other, i), other, &n) || n != i {
					t.Error("wrong type")
				}
			}
		})
	}
	wg.Wait()
}

// TestIdentity looks types up that are written in different ways.
func TestIdentity(t *testing.T) {
	set := rt.NewTypes()
	result := func(name string) types.Type {
		return types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(types.NewVar(token.NoPos, nil, name, types.Typ[types.Bool])), false)
	}
	if set.Describe(result("ok"), native) != set.Describe(result(""), native) {
		t.Error("the name of a result makes another type")
	}
	first, second := declare("T", types.Typ[types.Int]), declare("T", types.Typ[types.Int])
	if set.Describe(first, native) == set.Describe(second, native) {
		t.Error("two types of one name are one")
	}
}

// TestAdapters asks what is visible of a type in an error.
func TestAdapters(t *testing.T) {
	set := rt.NewTypes()
	typ := set.Describe(declare("E", types.Typ[types.Int]), native)
	set.SetMethods(typ, map[string]*rt.Method{"Error": {Sig: text, Func: reflect.ValueOf(func(int) string { return "E" })}})
	err := rt.Error(rt.Box(typ, 1))
	if _, ok := err.(interface{ Unwrap() error }); ok {
		t.Error("a method the type lacks")
	}
	if _, ok := err.(interface{ Is(error) bool }); ok {
		t.Error("a method the type lacks")
	}
	if !errors.Is(fmt.Errorf("x %w", err), rt.Error(rt.Box(typ, 1))) {
		t.Error("equal errors differ")
	}
	if rt.Error(nil) != nil {
		t.Error("nil is no longer nil")
	}
}
