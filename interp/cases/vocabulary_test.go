package cases

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/session"
)

// A word is an exported function, method, type, variable, constant or field of the vocabulary, with a cell that mentions it and does nothing.
type word struct{ name, cell string }

// A speller writes such cells.
type speller struct {
	pkg     *types.Package
	imports map[string]string // names by path
	context *types.Context
	item    types.Type // a type argument
}

func (s *speller) qualify(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	s.imports[p.Path()] = p.Name()
	return p.Name()
}

func (s *speller) typ(t types.Type) string { return types.TypeString(t, s.qualify) }

// args returns type arguments that meet the constraints of type parameters, nil if it does not know any.
func (s *speller) args(list *types.TypeParamList) (args []types.Type) {
	for p := range list.TypeParams() {
		for _, t := range []types.Type{s.item, types.Typ[types.Int], s.future()} {
			if t != nil && types.Satisfies(t, p.Constraint().Underlying().(*types.Interface)) {
				args = append(args, t)
				break
			}
		}
	}
	if len(args) != list.Len() {
		return nil
	}
	return args
}

// future returns the type *concurrency.Future[int].
func (s *speller) future() types.Type {
	obj := s.pkg.Scope().Lookup("Future")
	if obj == nil {
		return nil
	}
	t, err := types.Instantiate(s.context, obj.Type(), []types.Type{types.Typ[types.Int]}, true)
	if err != nil {
		return nil
	}
	return types.NewPointer(t)
}

// cell returns a cell with a function whose body mentions something.
func (s *speller) cell(params, body string) string {
	text := ""
	for path, name := range s.imports {
		text += fmt.Sprintf("import %s %q\n", name, path)
	}
	return text + "_ = func(" + params + ") {\n" + body + "\n}\n"
}

// call returns a cell that calls what fun is with parameters of its own.
func (s *speller) call(fun, recv string, sig *types.Signature) string {
	clear(s.imports)
	s.qualify(s.pkg)
	params, args := recv, []string{}
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		name := fmt.Sprintf("a%d", i)
		params += name + " " + s.typ(t) + ", "
		if sig.Variadic() && i == sig.Params().Len()-1 {
			name += "..."
		}
		args = append(args, name)
	}
	results := strings.Repeat("_, ", sig.Results().Len())
	if results != "" {
		results = strings.TrimSuffix(results, ", ") + " = "
	}
	return s.cell(params, "\t"+results+fun+"("+strings.Join(args, ", ")+")")
}

// words returns the words that an object stands for.
func (s *speller) words(obj types.Object) (all []word) {
	name := s.pkg.Name() + "." + obj.Name()
	clear(s.imports)
	switch obj := obj.(type) {
	case *types.Var, *types.Const:
		s.qualify(s.pkg)
		return []word{{name, s.cell("", "\t_ = "+name)}}
	case *types.Func:
		sig := obj.Signature()
		if sig.TypeParams() != nil {
			t, err := types.Instantiate(s.context, sig, s.args(sig.TypeParams()), true)
			if err != nil {
				return []word{{name, ""}}
			}
			var args []string
			for _, a := range s.args(sig.TypeParams()) {
				args = append(args, s.typ(a))
			}
			sig = t.(*types.Signature)
			w := s.call(name+"["+strings.Join(args, ", ")+"]", "", sig)
			return []word{{name, w}}
		}
		return []word{{name, s.call(name, "", sig)}}
	case *types.TypeName:
		return s.typeWords(name, obj)
	}
	return nil
}

func (s *speller) typeWords(name string, obj *types.TypeName) (all []word) {
	t := obj.Type()
	if n, ok := types.Unalias(t).(*types.Named); ok && n.TypeParams() != nil {
		inst, err := types.Instantiate(s.context, n, s.args(n.TypeParams()), true)
		if err != nil {
			return []word{{name, ""}}
		}
		t = inst
	}
	s.qualify(s.pkg)
	all = append(all, word{name, s.cell("x "+s.typ(t), "\t_ = x")})
	recv := t
	if !types.IsInterface(t) {
		recv = types.NewPointer(t)
	}
	ms := types.NewMethodSet(recv)
	for i := range ms.Len() {
		m := ms.At(i)
		if m.Obj().Exported() {
			s.qualify(s.pkg)
			cell := s.call("x."+m.Obj().Name(), "x "+s.typ(recv)+", ", m.Type().(*types.Signature))
			all = append(all, word{name + "." + m.Obj().Name(), cell})
		}
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if f.Exported() {
				clear(s.imports)
				s.qualify(s.pkg)
				all = append(all, word{name + "." + f.Name(), s.cell("x "+s.typ(recv), "\t_ = x."+f.Name())})
			}
		}
	}
	return all
}

// unsaid are the words that the interpreter refuses as this test says them, and how it says why.
var unsaid = map[string]string{
	"process.New":                  "not named or written where it is handed over", // it is of a parameter here
	"process.Pool.WithInitializer": "not named or written where it is handed over",
	"process.Sendable":             "package reflect",
}

// unsaidOfItems is unsaid for type arguments that a cell declares.
var unsaidOfItems = map[string]string{"process.NewShared": "not made of numbers only"}

// Every word of the vocabulary can be said in an interpreted cell, of int and of a type that a cell declares. Whether it then does what it is to is for the
// examples and the cases.
func TestVocabulary(t *testing.T) {
	runner, err := session.Start(t.Context(), session.Config{Path: program(t), Args: []string{"session"}, Engine: "yaegi", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	}()
	count := 0
	run := func(source string) *interp.Error {
		count++
		return runner.Run(t.Context(), interp.Request{Number: count, Source: source}, &sink{text: map[interp.Stream]string{}}).Error
	}
	if err := run("type item struct {\n\tN int\n\tName string\n}"); err != nil {
		t.Fatal(err)
	}
	for _, item := range []types.Type{types.Typ[types.Int], itemType()} {
		for _, dir := range vocabulary {
			pkg, err := stdtypes.NewImporter(token.NewFileSet()).Import(strings.TrimSuffix(root+dir, "/"))
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range wordsOf(pkg, item) {
				if w.cell == "" {
					t.Errorf("%s: this test knows no type arguments for it", w.name)
					continue
				}
				why := unsaid[w.name]
				if why == "" && item != types.Typ[types.Int] {
					why = unsaidOfItems[w.name]
				}
				switch err := run(w.cell); {
				case why == "" && err != nil:
					t.Errorf("%s: %v\n%s", w.name, err, w.cell)
				case why != "" && (err == nil || err.Name != interp.ErrRefused || !strings.Contains(err.Value, why)):
					t.Errorf("%s is not refused, because of %s: %v\n%s", w.name, why, err, w.cell)
				}
			}
		}
	}
	t.Logf("%d words", count-1)
}

const root = "github.com/gobraid/gobraid/concurrency/"

// wordsOf returns the words of a package.
func wordsOf(pkg *types.Package, item types.Type) (all []word) {
	s := &speller{pkg: pkg, item: item, imports: map[string]string{}, context: types.NewContext()}
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			all = append(all, s.words(pkg.Scope().Lookup(name))...)
		}
	}
	return all
}

// itemType returns a type that is called as the one that a cell declares.
func itemType() types.Type {
	n := types.NewField(token.NoPos, nil, "N", types.Typ[types.Int], false)
	name := types.NewField(token.NoPos, nil, "Name", types.Typ[types.String], false)
	obj := types.NewTypeName(token.NoPos, types.NewPackage("main", "main"), "item", nil)
	return types.NewNamed(obj, types.NewStruct([]*types.Var{n, name}, nil), nil)
}
