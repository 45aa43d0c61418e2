package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// A redirect sends the calls of a function of the standard library to the task runtime.
type redirect struct {
	name     string // in package task
	site     bool   // takes the site of the call as its last parameter,
	first    bool   // or as its first
	receiver bool   // takes a pointer to the receiver first
}

// calls are the functions and methods whose calls go to the task runtime.
var calls = map[string]redirect{
	"(*sync.Mutex).Lock":      {name: "Lock", site: true, receiver: true},
	"(*sync.RWMutex).Lock":    {name: "RWLock", site: true, receiver: true},
	"(*sync.RWMutex).RLock":   {name: "RWRLock", site: true, receiver: true},
	"(sync.Locker).Lock":      {name: "LockerLock", site: true, receiver: true},
	"(*sync.Mutex).Unlock":    {name: "Unlock", receiver: true},
	"(*sync.RWMutex).Unlock":  {name: "RWUnlock", receiver: true},
	"(*sync.RWMutex).RUnlock": {name: "RWRUnlock", receiver: true},
	"(sync.Locker).Unlock":    {name: "LockerUnlock", receiver: true},
	"(*sync.WaitGroup).Wait":  {name: "WaitGroupWait", site: true, receiver: true},
	"(*sync.WaitGroup).Go":    {name: "WaitGroupGo", first: true, receiver: true},
	"(*sync.Cond).Wait":       {name: "CondWait", site: true, receiver: true},
	"(*sync.Once).Do":         {name: "OnceDo", first: true, receiver: true},
	"time.Sleep":              {name: "Sleep", site: true},
	"time.AfterFunc":          {name: "AfterFunc", first: true},
	"context.AfterFunc":       {name: "ContextAfterFunc", first: true},
}

// values are the functions and variables of the standard library that the task runtime has under the
// same type, so that they can be replaced wherever they are mentioned. A variable is a function there.
var values = map[string]string{
	"fmt.Print": "Print", "fmt.Printf": "Printf", "fmt.Println": "Println",
	"fmt.Scan": "Scan", "fmt.Scanf": "Scanf", "fmt.Scanln": "Scanln",
	"os.Exit": "Exit", "os.Stdin": "Stdin()", "os.Stdout": "Stdout()", "os.Stderr": "Stderr()",
	"log.Fatal": "Fatal", "log.Fatalf": "Fatalf", "log.Fatalln": "Fatalln",
	"iter.Pull": "Pull", "iter.Pull2": "Pull2",
	"os/exec.Command": "Command", "os/exec.CommandContext": "CommandContext",
}

// qualified writes pkg.Name.
func (e *emitter) qualified(n *ast.SelectorExpr) string {
	obj := e.cell.Info.Uses[n.Sel]
	if obj != nil && obj.Pkg() != nil && !e.isPlace(n) {
		if to, ok := values[obj.Pkg().Path()+"."+obj.Name()]; ok {
			return "øtask." + to
		}
	}
	return e.node(n.X) + e.cell.Source(n.X.End(), n.Sel.Pos()) + n.Sel.Name
}

// unqualified writes a name of a package imported with a dot.
func (e *emitter) unqualified(id *ast.Ident, obj types.Object) (string, bool) {
	if obj.Pkg() == nil || obj.Parent() != obj.Pkg().Scope() || e.isPlace(id) {
		return "", false
	}
	to, ok := values[obj.Pkg().Path()+"."+obj.Name()]
	return "øtask." + to, ok
}

// isPlace tells whether a mention of a variable is assigned to or its address taken.
func (e *emitter) isPlace(x ast.Expr) bool {
	if e.places == nil {
		e.places = map[ast.Expr]bool{}
		e.inspect(func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, l := range n.Lhs {
					e.places[ast.Unparen(l)] = true
				}
			case *ast.UnaryExpr:
				if n.Op.String() == "&" {
					e.places[ast.Unparen(n.X)] = true
				}
			case *ast.RangeStmt:
				e.places[n.Key], e.places[n.Value] = true, true
			}
			return true
		})
	}
	return e.places[x]
}

// isRedirected tells whether all mentions of obj go to the task runtime, places apart.
func (e *emitter) isRedirected(obj types.Object) bool {
	name := obj.Pkg().Path() + "." + obj.Name()
	_, call := calls[name]
	_, value := values[name]
	return call || value
}

func (e *emitter) hasRedirect(f *types.Func) bool {
	_, ok := calls[f.FullName()]
	return ok
}

// redirected writes a call that goes to the task runtime.
func (e *emitter) redirected(call *ast.CallExpr) (string, bool) {
	f := e.callee(call)
	if f == nil || !e.hasRedirect(f) {
		return "", false
	}
	fun := ""
	if calls[f.FullName()].receiver {
		sel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		s := e.cell.Info.Selections[sel]
		if s.Kind() != types.MethodVal {
			return "", false
		}
		fun = e.pointerTo(sel, s)
	}
	var args []string
	for _, a := range call.Args {
		args = append(args, e.node(a))
	}
	return e.redirectedTo(call, fun, args)
}

// redirectedTo writes a call of the task runtime with the receiver and arguments already written.
func (e *emitter) redirectedTo(call *ast.CallExpr, receiver string, args []string) (string, bool) {
	f := e.callee(call)
	if f == nil {
		return "", false
	}
	r, ok := calls[f.FullName()]
	if !ok {
		return "", false
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && r.receiver {
		if s := e.cell.Info.Selections[sel]; s == nil || s.Kind() != types.MethodVal {
			return "", false
		}
	}
	var all []string
	if r.receiver {
		all = append(all, receiver)
	}
	if r.first {
		all = append(all, e.site(call.Pos()))
	}
	all = append(all, args...)
	if r.site {
		all = append(all, e.site(call.Pos()))
	}
	return fmt.Sprintf("øtask.%s(%s)", r.name, strings.Join(all, ", ")), true
}

// blocking are the packages whose functions may block for long outside the task runtime.
var blocking = []string{"net", "os", "io", "bufio", "database", "crypto/tls", "syscall", "testing", "log", "runtime", "context"}

// mayBlock tells whether a statement calls into one of those packages, outside function literals.
func (e *emitter) mayBlock(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f := e.callee(call); f != nil && f.Pkg() != nil {
				path := f.Pkg().Path()
				for _, p := range blocking {
					found = found || path == p || strings.HasPrefix(path, p+"/")
				}
				found = found || path == "fmt" && strings.HasPrefix(f.Name(), "Fscan")
			}
		}
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}
