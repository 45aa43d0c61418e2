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
	"(*sync.Mutex).Lock":       {name: "Lock", site: true, receiver: true},
	"(*sync.RWMutex).Lock":     {name: "RWLock", site: true, receiver: true},
	"(*sync.RWMutex).RLock":    {name: "RWRLock", site: true, receiver: true},
	"(sync.Locker).Lock":       {name: "LockerLock", site: true, receiver: true},
	"(*sync.Mutex).TryLock":    {name: "TryLock", site: true, receiver: true},
	"(*sync.RWMutex).TryLock":  {name: "RWTryLock", site: true, receiver: true},
	"(*sync.RWMutex).TryRLock": {name: "RWTryRLock", site: true, receiver: true},
	"(*sync.Mutex).Unlock":     {name: "Unlock", receiver: true},
	"(*sync.RWMutex).Unlock":   {name: "RWUnlock", receiver: true},
	"(*sync.RWMutex).RUnlock":  {name: "RWRUnlock", receiver: true},
	"(sync.Locker).Unlock":     {name: "LockerUnlock", receiver: true},
	"(*sync.WaitGroup).Wait":   {name: "WaitGroupWait", site: true, receiver: true},
	"(*sync.WaitGroup).Add":    {name: "WaitGroupAdd", site: true, receiver: true},
	"(*sync.WaitGroup).Done":   {name: "WaitGroupDone", site: true, receiver: true},
	"(*sync.WaitGroup).Go":     {name: "WaitGroupGo", first: true, receiver: true},
	"(*sync.Cond).Wait":        {name: "CondWait", site: true, receiver: true},
	"(*sync.Cond).Signal":      {name: "CondSignal", site: true, receiver: true},
	"(*sync.Cond).Broadcast":   {name: "CondBroadcast", site: true, receiver: true},
	"(*sync.Once).Do":          {name: "OnceDo", first: true, receiver: true},
	"(*time.Timer).Stop":       {name: "StopTimer", site: true, receiver: true},
	"(*time.Timer).Reset":      {name: "ResetTimer", site: true, receiver: true},
	"(*time.Ticker).Stop":      {name: "StopTicker", site: true, receiver: true},
	"(*time.Ticker).Reset":     {name: "ResetTicker", site: true, receiver: true},
	"time.Sleep":               {name: "Sleep", site: true},
	"time.After":               {name: "After", site: true},
	"time.Tick":                {name: "Tick", site: true},
	"time.NewTimer":            {name: "NewTimer", site: true},
	"time.NewTicker":           {name: "NewTicker", site: true},
	"time.AfterFunc":           {name: "AfterFunc", first: true},
	"context.AfterFunc":        {name: "ContextAfterFunc", first: true},
}

// values are the functions and variables of the standard library that the task runtime has under the
// same type, so that they can be replaced wherever they are mentioned. A variable is a function there.
var values = map[string]string{
	"fmt.Print": "Print", "fmt.Printf": "Printf", "fmt.Println": "Println",
	"fmt.Scan": "Scan", "fmt.Scanf": "Scanf", "fmt.Scanln": "Scanln",
	"os.Exit": "Exit", "os.Stdin": "Stdin()", "os.Stdout": "Stdout()", "os.Stderr": "Stderr()",
	"log.Fatal": "Fatal", "log.Fatalf": "Fatalf", "log.Fatalln": "Fatalln",
	"iter.Pull": "Pull", "iter.Pull2": "Pull2",
	"time.Now": "Now", "time.Since": "Since", "time.Until": "Until", "runtime.Gosched": "Gosched",
	"time.Sleep": "SleepValue", "time.After": "AfterValue", "time.Tick": "TickValue", "time.AfterFunc": "AfterFuncValue",
	"time.NewTimer": "NewTimerValue", "time.NewTicker": "NewTickerValue", "context.AfterFunc": "ContextAfterFuncValue",
	"context.WithCancel": "ContextWithCancel", "context.WithCancelCause": "ContextWithCancelCause",
	"context.WithDeadline": "ContextWithDeadline", "context.WithDeadlineCause": "ContextWithDeadlineCause",
	"context.WithTimeout": "ContextWithTimeout", "context.WithTimeoutCause": "ContextWithTimeoutCause",
	"context.WithValue": "ContextWithValue", "context.Cause": "ContextCause",
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
	if e.isClose(call) {
		return e.closed(call, e.node(call.Args[0])), true
	}
	if text, ok := e.hooked(call); ok {
		return text, true
	}
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
	if e.isClose(call) {
		return e.closed(call, args[0]), true
	}
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

// isClose tells whether a call is that of the builtin close, of a channel that the task runtime can close.
func (e *emitter) isClose(call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || len(call.Args) != 1 {
		return false
	}
	b, ok := e.cell.Info.Uses[id].(*types.Builtin)
	return ok && b.Name() == "close" && e.isChan(call.Args[0])
}

// closed writes the call of close of a channel that is written already.
func (e *emitter) closed(call *ast.CallExpr, c string) string {
	return fmt.Sprintf("øtask.Close(%s, %s)", c, e.site(call.Pos()))
}

// hooked writes a call of sync/atomic, or of a method of sync.Map or sync.Pool, with a hook around the pointer it works on.
func (e *emitter) hooked(call *ast.CallExpr) (string, bool) {
	f := e.callee(call)
	if f == nil || !isHooked(f) {
		return "", false
	}
	var args []string
	for _, a := range call.Args {
		args = append(args, e.node(a))
	}
	point := func(p string) string { return fmt.Sprintf("øtask.Point(%s, %s)", p, e.site(call.Pos())) }
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if f.Signature().Recv() == nil {
		if len(call.Args) < 2 && f.Signature().Params().Len() > 1 || e.cell.Info.Types[call.Args[0]].IsNil() {
			return "", false
		}
		return fmt.Sprintf("%s(%s%s)", e.node(call.Fun), point(args[0]), strings.Join(append([]string{""}, args[1:]...), ", ")), true
	}
	if !ok {
		return "", false
	}
	s := e.cell.Info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal || e.cell.Info.Types[sel.X].IsNil() {
		return "", false
	}
	dots := ""
	if call.Ellipsis.IsValid() {
		dots = "..."
	}
	return fmt.Sprintf("%s.%s(%s%s)", point(e.pointerTo(sel, s)), f.Name(), strings.Join(args, ", "), dots), true
}

// isHooked tells whether calls of f are preceded by a hook: those of what works on memory that tasks share.
func isHooked(f *types.Func) bool {
	if f.Pkg() == nil || !f.Exported() {
		return false
	}
	switch path := f.Pkg().Path(); path {
	case "sync/atomic":
		return true
	case "sync":
		name := f.FullName()
		return strings.HasPrefix(name, "(*sync.Map).") || strings.HasPrefix(name, "(*sync.Pool).")
	}
	return false
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
