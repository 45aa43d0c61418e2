package rt

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Symbols returns what interpreted code may name, by name.
func Symbols() map[string]reflect.Value {
	m := map[string]reflect.Value{
		"Stop":   reflect.ValueOf(Stop()),
		"Watch":  reflect.ValueOf(Watch()),
		"Defers": reflect.ValueOf((*Defers)(nil)),

		"Future":        reflect.ValueOf((*Future)(nil)),
		"Promise":       reflect.ValueOf((*Promise)(nil)),
		"AtomicPointer": reflect.ValueOf((*AtomicPointer)(nil)),
	}
	for name, f := range map[string]any{
		"Box": Box, "Key": Key, "Take": Take, "ID": ID, "Get": Get, "As": As, "MustAs": MustAs, "Invoke": Invoke, "Adapt": Adapt, "Error": Error, "Show": Show,
		"Any": Any, "Overlaps": Overlaps, "DeepEqual": DeepEqual, "FutureStart": FutureStart, "FutureSubmit": FutureSubmit, "FutureThen": FutureThen, "NewPromise": NewPromise,
		"AsCompleted": AsCompleted, "Wait": Wait, "MapSeq": MapSeq, "Gather": Gather, "MapItems": MapItems,
		"Calling": Calling, "Hand": Hand, "Handed": Handed, "ProcessNew": ProcessNew, "ProcessWithInitializer": ProcessWithInitializer, "ClusterCopying": ClusterCopying, "ProcessCopying": ProcessCopying, "ProcessCopyingTo": ProcessCopyingTo, "ProcessCopied": ProcessCopied,
		"ProcessNewQueue": ProcessNewQueue, "ProcessPut": ProcessPut, "ProcessGet": ProcessGet, "ProcessNewMemory": ProcessNewMemory, "ProcessSlice": ProcessSlice,
		"GroupGo": GroupGo, "NewThread": NewThread, "Equal": Equal, "Int": Int, "Min": Min, "Max": Max, "Len": Len, "Cap": Cap, "Clear": Clear, "Pull": Pull,
		"Runes": Runes, "Iterate": Iterate, "Next": Next, "Assert": Assert, "MustAssert": MustAssert,
		"Panic": Panic, "Nil": Nil, "Index": Index, "Divide": Divide, "Shift": Shift, "Slice": Slice,
		"SliceString": SliceString, "Slice3": Slice3, "RangeState": RangeState, "Bounds": Bounds, "IndexLarge": IndexLarge, "AppendSame": AppendSame, "CopyArray": CopyArray, "Repoint": Repoint, "SliceToArray": SliceToArray, "Extend": Extend, "NilMethod": NilMethod, "MakeSlice": MakeSlice, "MakeChan": MakeChan, "Goexit": Goexit,
		"NewDefers": NewDefers, "Claim": Claim, "Recover": Recover, "Run": Run, "Safepoint": Safepoint, "Go": Go, "Send": Send, "Recv": Recv,
		"Push": (*Defers).Push, "Offer": (*Defers).Offer, "Close": Close, "Choose": Choose, "ChooseMany": ChooseMany, "Later": Later, "Lock": Lock, "Unlock": Unlock,
		"TryLock": TryLock, "RWTryLock": RWTryLock, "RWTryRLock": RWTryRLock, "WaitGroupAdd": WaitGroupAdd,
		"WaitGroupDone": WaitGroupDone, "CondSignal": CondSignal, "CondBroadcast": CondBroadcast,
		"RWLock": RWLock, "RWUnlock": RWUnlock, "RWRLock": RWRLock, "RWRUnlock": RWRUnlock,
		"LockerLock": LockerLock, "LockerUnlock": LockerUnlock, "WaitGroupWait": WaitGroupWait,
		"WaitGroupGo": WaitGroupGo, "CondWait": CondWait, "OnceDo": OnceDo, "Sleep": Sleep, "AfterFunc": AfterFunc,
		"StopTimer": StopTimer, "ResetTimer": ResetTimer, "StopTicker": StopTicker, "ResetTicker": ResetTicker,
		"After": After, "Tick": Tick, "NewTimer": NewTimer, "NewTicker": NewTicker,
		"Now": task.Now, "Since": task.Since, "Until": task.Until, "Gosched": task.Gosched, "Point": Point,
		"ContextWithCancel": task.ContextWithCancel, "ContextWithCancelCause": task.ContextWithCancelCause,
		"ContextWithDeadline": task.ContextWithDeadline, "ContextWithDeadlineCause": task.ContextWithDeadlineCause,
		"ContextWithTimeout": task.ContextWithTimeout, "ContextWithTimeoutCause": task.ContextWithTimeoutCause,
		"ContextCause":     task.ContextCause,
		"ContextAfterFunc": ContextAfterFunc, "Command": Command, "CommandContext": CommandContext,
		"Stdout": Stdout, "Stderr": Stderr, "Stdin": Stdin, "Exit": task.Exit, "Fatal": Fatal, "Fatalln": Fatalln, "Fatalf": Fatalf,
		"Print": Print, "Println": Println, "Printf": Printf, "Sprint": Sprint, "Sprintln": Sprintln, "Sprintf": Sprintf,
		"Fprint": Fprint, "Fprintln": Fprintln, "Fprintf": Fprintf, "Append": Append, "Appendln": Appendln, "Appendf": Appendf,
		"Errorf": Errorf, "LogPrint": LogPrint, "LogPrintln": LogPrintln, "LogPrintf": LogPrintf,
		"LogPanic": LogPanic, "LogPanicln": LogPanicln, "LogPanicf": LogPanicf, "AtomicStore": AtomicStore, "WithValue": WithValue,
		"LoggerPrint": LoggerPrint, "LoggerPrintln": LoggerPrintln, "LoggerPrintf": LoggerPrintf, "Is": Is, "AsError": AsError, "Raw": Raw, "Outside": Outside,
		"Scan": task.Scan, "Scanf": task.Scanf, "Scanln": task.Scanln,
		"BuiltinPrint": task.BuiltinPrint, "BuiltinPrintln": task.BuiltinPrintln,
	} {
		m[name] = reflect.ValueOf(f)
	}
	instances(m)
	channels(m)
	queues(m)
	complexSymbols(m)
	loopSymbols(m)
	return m
}
