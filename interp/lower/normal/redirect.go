package normal

import (
	"go/ast"
	"go/types"
	"strings"
)

// funcHelpers are the functions of the standard library that the task runtime replaces; their
// helpers take the same arguments.
var funcHelpers = map[string]string{
	"fmt.Sprint": "Sprint", "fmt.Sprintln": "Sprintln", "fmt.Sprintf": "Sprintf",
	"fmt.Fprint": "Fprint", "fmt.Fprintln": "Fprintln", "fmt.Fprintf": "Fprintf",
	"fmt.Append": "Append", "fmt.Appendln": "Appendln", "fmt.Appendf": "Appendf", "fmt.Errorf": "Errorf", "errors.Is": "Is",
	"log.Print": "LogPrint", "log.Println": "LogPrintln", "log.Printf": "LogPrintf",
	"log.Panic": "LogPanic", "log.Panicln": "LogPanicln", "log.Panicf": "LogPanicf",
	"fmt.Print": "Print", "fmt.Println": "Println", "fmt.Printf": "Printf",
	"fmt.Scan": "Scan", "fmt.Scanln": "Scanln", "fmt.Scanf": "Scanf",
	"reflect.DeepEqual": "DeepEqual",
	"os.Exit":           "Exit", "os/exec.Command": "Command", "os/exec.CommandContext": "CommandContext",
	"log.Output": "", "log.Fatal": "Fatal", "log.Fatalln": "Fatalln", "log.Fatalf": "Fatalf", "os.StartProcess": "", "runtime.Goexit": "Goexit",
	"time.Now": "Now", "time.Since": "Since", "time.Until": "Until", "runtime.Gosched": "Gosched",
	"context.WithCancel": "ContextWithCancel", "context.WithCancelCause": "ContextWithCancelCause",
	"context.WithDeadline": "ContextWithDeadline", "context.WithDeadlineCause": "ContextWithDeadlineCause",
	"context.WithTimeout": "ContextWithTimeout", "context.WithTimeoutCause": "ContextWithTimeoutCause",
	"context.WithValue": "WithValue", "context.Cause": "ContextCause",
}

// siteHelpers are like funcHelpers, with the site of the call as the first argument.
var siteHelpers = map[string]string{
	concurrencyPath + ".NewThread": "NewThread", concurrencyPath + ".NewTimer": "NewThreadTimer",

	concurrencyPath + "/loop.Sleep": "LoopSleep", concurrencyPath + "/loop.Group": "LoopGroup",

	"time.Sleep": "Sleep", "time.AfterFunc": "AfterFunc", "context.AfterFunc": "ContextAfterFunc",
	"time.After": "After", "time.Tick": "Tick", "time.NewTimer": "NewTimer", "time.NewTicker": "NewTicker",
}

// concurrencyPath is the path of the package whose functions ask where they are called from.
const concurrencyPath = "github.com/gobraid/gobraid/concurrency"

// calling notes the place of a call of package concurrency.
func (e *emitter) calling(f *types.Func, x ast.Node) {
	if e.std || f == nil || f.Pkg() == nil || !strings.HasPrefix(strings.TrimPrefix(f.Pkg().Path(), sourcePrefix), concurrencyPath) {
		return
	}
	_, function := siteHelpers[f.FullName()]
	_, method := methodHelpers[f.FullName()]
	if function || method {
		return // the helper gets the place, and notes it
	}
	e.emit("rt.Calling(%s)", e.site(x))
}

// plainValues are the functions of siteHelpers that may be mentioned without being called: they are then what they are
// in Go.
var plainValues = map[string]bool{"time.After": true, "time.Tick": true, "time.NewTimer": true, "time.NewTicker": true}

// methodHelpers are the methods of the standard library that the task runtime replaces. Their
// helpers take the site, the receiver and the arguments.
var methodHelpers = map[string]string{
	"(*" + concurrencyPath + ".Group).Go":   "GroupGo",
	"(*" + concurrencyPath + ".GIL).RunAll": "GILRunAll",

	"(*" + concurrencyPath + "/process.Pool).WithInitializer": "ProcessWithInitializer",

	"(*" + concurrencyPath + "/loop.TaskGroup).Go":   "TaskGroupGo",
	"(*" + concurrencyPath + "/loop.Loop).CallSoon":  "LoopCallSoon",
	"(*" + concurrencyPath + "/loop.Loop).CallLater": "LoopCallLater",
	"(*" + concurrencyPath + "/loop.Loop).CallAt":    "LoopCallAt",
	"(*" + concurrencyPath + "/loop.Listener).Serve": "ListenerServe",

	"(*log.Logger).Print":        "LoggerPrint",
	"(*log.Logger).Println":      "LoggerPrintln",
	"(*log.Logger).Printf":       "LoggerPrintf",
	"(*sync/atomic.Value).Store": "AtomicStore",

	"(*sync.Mutex).Lock":       "Lock",
	"(*sync.Mutex).TryLock":    "TryLock",
	"(*sync.Mutex).Unlock":     "Unlock",
	"(*sync.RWMutex).Lock":     "RWLock",
	"(*sync.RWMutex).RLock":    "RWRLock",
	"(*sync.RWMutex).TryLock":  "RWTryLock",
	"(*sync.RWMutex).TryRLock": "RWTryRLock",
	"(*sync.RWMutex).Unlock":   "RWUnlock",
	"(*sync.RWMutex).RUnlock":  "RWRUnlock",
	"(sync.Locker).Lock":       "LockerLock",
	"(sync.Locker).Unlock":     "LockerUnlock",
	"(*sync.WaitGroup).Wait":   "WaitGroupWait",
	"(*sync.WaitGroup).Add":    "WaitGroupAdd",
	"(*sync.WaitGroup).Done":   "WaitGroupDone",
	"(*sync.WaitGroup).Go":     "WaitGroupGo",
	"(*sync.Once).Do":          "OnceDo",
	"(*sync.Cond).Wait":        "CondWait",
	"(*sync.Cond).Signal":      "CondSignal",
	"(*sync.Cond).Broadcast":   "CondBroadcast",
	"(*time.Timer).Stop":       "StopTimer",
	"(*time.Timer).Reset":      "ResetTimer",
	"(*time.Ticker).Stop":      "StopTicker",
	"(*time.Ticker).Reset":     "ResetTicker",
}

// varHelpers are the variables of the standard library that the task runtime replaces.
var varHelpers = map[string]string{
	"os.Stdout": "Stdout", "os.Stderr": "Stderr", "os.Stdin": "Stdin",
}

// runtimeFuncs are the functions of package runtime that mean the same in the interpreter.
var runtimeFuncs = map[string]bool{
	"runtime.LockOSThread": true, "runtime.UnlockOSThread": true, "runtime.GC": true, "runtime.NumCPU": true, "runtime.GOMAXPROCS": true, "runtime.Version": true,
	"runtime.NumGoroutine": true, "runtime.NumCgoCall": true, "runtime.ReadMemStats": true,
}

// runtimeTypes are the types of package runtime that values have which cells meet.
var runtimeTypes = map[string]bool{"runtime.Error": true, "runtime.PanicNilError": true, "runtime.MemStats": true}

// redirectedValue returns what stands for a compiled function that is mentioned and not called, if that is not the function
// itself.
func (e *emitter) redirectedValue(f *types.Func, x ast.Node) (string, bool) {
	name := f.FullName()
	if helper, ok := funcHelpers[name]; ok && helper != "" && !f.Signature().Variadic() {
		return "rt." + helper, true
	}
	_, site := siteHelpers[name]
	_, refused := funcHelpers[name]
	if f.Signature().Variadic() || refused || site && !plainValues[name] {
		e.refuse(x, "the function "+name+" as a value")
	}
	return "", false
}

// hook emits a hook before a call of a function that works on memory that tasks share.
func (e *emitter) hook(f *types.Func, x ast.Node) {
	if hooked(f) {
		e.emit("if *rt.Watch != 0 { rt.Point(%s) }", e.site(x))
	}
}

// hooked tells whether f is of sync/atomic, or a method of sync.Map or sync.Pool.
func hooked(f *types.Func) bool {
	if f == nil || f.Pkg() == nil {
		return false
	}
	name := f.FullName()
	return f.Pkg().Path() == "sync/atomic" || strings.HasPrefix(name, "(*sync.Map).") || strings.HasPrefix(name, "(*sync.Pool).")
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
