package normal

import (
	"go/ast"
	"go/types"
	"strings"
)

// funcHelpers are the functions of the standard library that the task runtime replaces; their
// helpers take the same arguments.
var funcHelpers = map[string]string{
	"fmt.Print": "Print", "fmt.Println": "Println", "fmt.Printf": "Printf",
	"fmt.Scan": "Scan", "fmt.Scanln": "Scanln", "fmt.Scanf": "Scanf",
	"os.Exit": "Exit", "os/exec.Command": "Command", "os/exec.CommandContext": "CommandContext",
	"log.Output": "", "log.Fatal": "Fatal", "log.Fatalln": "Fatalln", "log.Fatalf": "Fatalf", "os.StartProcess": "", "runtime.Goexit": "Goexit",
}

// siteHelpers are like funcHelpers, with the site of the call as the first argument.
var siteHelpers = map[string]string{
	"time.Sleep": "Sleep", "time.AfterFunc": "AfterFunc", "context.AfterFunc": "ContextAfterFunc",
}

// methodHelpers are the methods of the standard library that the task runtime replaces. Their
// helpers take the site, the receiver and the arguments.
var methodHelpers = map[string]string{
	"(*sync.Mutex).Lock":      "Lock",
	"(*sync.Mutex).Unlock":    "Unlock",
	"(*sync.RWMutex).Lock":    "RWLock",
	"(*sync.RWMutex).RLock":   "RWRLock",
	"(*sync.RWMutex).Unlock":  "RWUnlock",
	"(*sync.RWMutex).RUnlock": "RWRUnlock",
	"(sync.Locker).Lock":      "LockerLock",
	"(sync.Locker).Unlock":    "LockerUnlock",
	"(*sync.WaitGroup).Wait":  "WaitGroupWait",
	"(*sync.WaitGroup).Go":    "WaitGroupGo",
	"(*sync.Once).Do":         "OnceDo",
	"(*sync.Cond).Wait":       "CondWait",
}

// varHelpers are the variables of the standard library that the task runtime replaces.
var varHelpers = map[string]string{
	"os.Stdout": "Stdout", "os.Stderr": "Stderr", "os.Stdin": "Stdin",
}

// runtimeFuncs are the functions of package runtime that mean the same in the interpreter.
var runtimeFuncs = map[string]bool{
	"runtime.Gosched": true, "runtime.GC": true, "runtime.NumCPU": true, "runtime.GOMAXPROCS": true, "runtime.Version": true,
}

// redirected reports whether calls of f go elsewhere.
func redirected(f *types.Func) bool {
	name := f.FullName()
	_, a := funcHelpers[name]
	_, b := siteHelpers[name]
	return a || b
}

// redirect returns the text of a compiled function that is called.
func (e *emitter) redirect(f *types.Func, x *ast.CallExpr, c *invocation) string {
	name := f.FullName()
	if helper, ok := funcHelpers[name]; ok {
		if helper == "" {
			e.refuse(x, "the function "+name)
		}
		return "rt." + helper
	}
	if helper, ok := siteHelpers[name]; ok {
		c.args = []string{e.site(x)}
		c.types = []func() string{func() string { return "uint64" }}
		c.signed = []bool{false}
		return "rt." + helper
	}
	if runtimeFuncs[name] {
		alias, _, ok := e.env.Symbol("runtime", f.Name())
		if !ok {
			e.refuse(x, "the function "+name)
		}
		return alias + "." + f.Name()
	}
	return e.symbol(f, x)
}

// redirectVar returns what stands for a variable of a compiled package.
func (e *emitter) redirectVar(obj types.Object) (val, bool) {
	v, ok := obj.(*types.Var)
	if !ok {
		return val{}, false
	}
	if helper, ok := varHelpers[v.Pkg().Path()+"."+v.Name()]; ok {
		return e.helper(helper), true
	}
	return val{}, false
}

// sorts are the functions that sort a slice of any type.
var sorts = map[string]bool{"sort.Slice": true, "sort.SliceStable": true, "sort.SliceIsSorted": true}

// instance returns the compiled instance of a generic function of the standard library, if there is one:
// for a few functions and the types int, string and float64.
func (e *emitter) instance(id *ast.Ident, f *types.Func) (string, bool) {
	inst, ok := e.info.Instances[id]
	if !ok || f.Pkg() == nil || ofCell(f) {
		return "", false
	}
	name := strings.ReplaceAll(f.Pkg().Path(), "/", "_") + "_" + f.Name()
	for t := range inst.TypeArgs.Types() {
		name += "_" + strings.ReplaceAll(types.TypeString(t, nil), "[]", "s_")
	}
	if strings.ContainsAny(name, ".[]{}() *") {
		return "", false
	}
	if _, _, ok := e.env.Symbol("rt", name); !ok {
		return "", false
	}
	return "rt." + name, true
}
