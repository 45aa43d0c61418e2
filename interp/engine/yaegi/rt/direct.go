package rt

import (
	"sync"

	"github.com/gobraid/gobraid/interp/engine/yaegi/steps"
)

// Direct returns the functions among the symbols that the interpreter calls as steps of its own, without package reflect.
func Direct() map[string]steps.Direct {
	m := map[string]steps.Direct{
		"NewDefers":     steps.Func0To1(NewDefers),
		"Run":           steps.Func2(Run),
		"Push":          steps.Func2((*Defers).Push),
		"Offer":         steps.Func2((*Defers).Offer),
		"Later":         steps.Either(laterOf[*sync.Mutex](), laterOf[*sync.RWMutex](), laterOf[*sync.WaitGroup]()),
		"Choose":        steps.FuncListTo1(Choose),
		"Go":            steps.Func2(Go),
		"Lock":          steps.Func2(Lock),
		"Unlock":        steps.Func2(Unlock),
		"RWLock":        steps.Func2(RWLock),
		"RWUnlock":      steps.Func2(RWUnlock),
		"RWRLock":       steps.Func2(RWRLock),
		"RWRUnlock":     steps.Func2(RWRUnlock),
		"WaitGroupAdd":  steps.Func3(WaitGroupAdd),
		"WaitGroupDone": steps.Func2(WaitGroupDone),
		"WaitGroupWait": steps.Func2(WaitGroupWait),
		"WaitGroupGo":   steps.Func3(WaitGroupGo),

		"Calling":          steps.Func1(Calling),
		"LoopSleep":        steps.Func3To1(LoopSleep),
		"LoopCreate":       steps.Func2To1(LoopCreate),
		"LoopCreateIn":     steps.Func2To1(LoopCreateIn),
		"LoopAwait":        steps.Func2To1(LoopAwait),
		"LoopAwaitFuture":  steps.Func2To1(LoopAwaitFuture),
		"LoopGather":       steps.Func3To1(LoopGather),
		"LoopTimeout":      steps.Func3To1(LoopTimeout),
		"LoopToThread":     steps.Func2To1(LoopToThread),
		"LoopShield":       steps.Func2To1(LoopShield),
		"LoopShieldFuture": steps.Func2To1(LoopShieldFuture),
		"LoopNewFuture":    steps.Func1To1(LoopNewFuture),
		"TaskGroupGo":      steps.Func3(TaskGroupGo),
	}
	direct[int](m, "int")
	direct[int8](m, "int8")
	direct[int16](m, "int16")
	direct[int32](m, "int32")
	direct[int64](m, "int64")
	direct[uint](m, "uint")
	direct[uint8](m, "uint8")
	direct[uint16](m, "uint16")
	direct[uint32](m, "uint32")
	direct[uint64](m, "uint64")
	direct[uintptr](m, "uintptr")
	direct[float32](m, "float32")
	direct[float64](m, "float64")
	direct[complex64](m, "complex64")
	direct[complex128](m, "complex128")
	direct[bool](m, "bool")
	direct[string](m, "string")
	direct[any](m, "any")
	direct[struct{}](m, "struct")
	direct[[]byte](m, "bytes")
	direct[[]int](m, "ints")
	direct[[]string](m, "strings")
	return m
}

func direct[T any](m map[string]steps.Direct, name string) {
	m["Send_"+name] = steps.Func3(sendOf[T])
	m["Recv_"+name] = steps.Func2To1(recvOf[T])
	m["Recv2_"+name] = steps.Func2To2(recv2Of[T])
}

// laterOf is Later for methods without parameters.
func laterOf[T any]() steps.Direct {
	return steps.Func3To1(func(f func(uint64, T), site int, x T) func() { return func() { f(uint64(site), x) } })
}
