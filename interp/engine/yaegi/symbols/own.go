package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/display"
	"github.com/gobraid/gobraid/concurrency/task"
)

// own are the names of gobraid's own packages that interpreted cells may import. The generic part of package
// concurrency is emitted from its text.
var own = map[string]map[string]reflect.Value{
	"github.com/gobraid/gobraid/concurrency": {
		"AllCompleted":        reflect.ValueOf(concurrency.AllCompleted),
		"AllOrCancel":         reflect.ValueOf(concurrency.AllOrCancel),
		"Awaitable":           reflect.ValueOf((*concurrency.Awaitable)(nil)),
		"Barrier":             reflect.ValueOf((*concurrency.Barrier)(nil)),
		"BoundedSemaphore":    reflect.ValueOf((*concurrency.BoundedSemaphore)(nil)),
		"BrokenError":         reflect.ValueOf((*concurrency.BrokenError)(nil)),
		"BufferSize":          reflect.ValueOf(concurrency.BufferSize),
		"Call":                reflect.ValueOf((*concurrency.Call)(nil)),
		"ChunkSize":           reflect.ValueOf(concurrency.ChunkSize),
		"CollectAll":          reflect.ValueOf(concurrency.CollectAll),
		"Condition":           reflect.ValueOf((*concurrency.Condition)(nil)),
		"Counter":             reflect.ValueOf((*concurrency.Counter)(nil)),
		"ErrBroken":           reflect.ValueOf(&concurrency.ErrBroken).Elem(),
		"ErrCanceled":         reflect.ValueOf(&concurrency.ErrCanceled).Elem(),
		"ErrExited":           reflect.ValueOf(&concurrency.ErrExited).Elem(),
		"ErrShutdown":         reflect.ValueOf(&concurrency.ErrShutdown).Elem(),
		"Event":               reflect.ValueOf((*concurrency.Event)(nil)),
		"Executor":            reflect.ValueOf((*concurrency.Executor)(nil)),
		"FirstCompleted":      reflect.ValueOf(concurrency.FirstCompleted),
		"FirstException":      reflect.ValueOf(concurrency.FirstException),
		"FirstSuccess":        reflect.ValueOf(concurrency.FirstSuccess),
		"Group":               reflect.ValueOf((*concurrency.Group)(nil)),
		"Holder":              reflect.ValueOf((*concurrency.Holder)(nil)),
		"Lock":                reflect.ValueOf((*concurrency.Lock)(nil)),
		"MapOption":           reflect.ValueOf((*concurrency.MapOption)(nil)),
		"MisuseError":         reflect.ValueOf((*concurrency.MisuseError)(nil)),
		"NewBarrier":          reflect.ValueOf(concurrency.NewBarrier),
		"NewBoundedSemaphore": reflect.ValueOf(concurrency.NewBoundedSemaphore),
		"NewCondition":        reflect.ValueOf(concurrency.NewCondition),
		"NewGroup":            reflect.ValueOf(concurrency.NewGroup),
		"NewSemaphore":        reflect.ValueOf(concurrency.NewSemaphore),
		"NewThread":           reflect.ValueOf(concurrency.NewThread),
		"NewThreadPool":       reflect.ValueOf(concurrency.NewThreadPool),
		"Once":                reflect.ValueOf((*concurrency.Once)(nil)),
		"PanicError":          reflect.ValueOf((*concurrency.PanicError)(nil)),
		"Policy":              reflect.ValueOf((*concurrency.Policy)(nil)),
		"RLock":               reflect.ValueOf((*concurrency.RLock)(nil)),
		"RWLock":              reflect.ValueOf((*concurrency.RWLock)(nil)),
		"ReturnWhen":          reflect.ValueOf((*concurrency.ReturnWhen)(nil)),
		"Scope":               reflect.ValueOf(concurrency.Scope),
		"Semaphore":           reflect.ValueOf((*concurrency.Semaphore)(nil)),
		"Shape":               reflect.ValueOf((*concurrency.Shape)(nil)),
		"Thread":              reflect.ValueOf((*concurrency.Thread)(nil)),
		"ThreadPool":          reflect.ValueOf((*concurrency.ThreadPool)(nil)),
		"Timeout":             reflect.ValueOf(concurrency.Timeout),
	},
	// What the types of package concurrency are made of.
	"github.com/gobraid/gobraid/concurrency/task": {
		"Frame":      reflect.ValueOf((*task.Frame)(nil)),
		"Holder":     reflect.ValueOf((*task.Holder)(nil)),
		"Site":       reflect.ValueOf((*task.Site)(nil)),
		"Origin":     reflect.ValueOf((*task.Origin)(nil)),
		"PanicError": reflect.ValueOf((*task.PanicError)(nil)),
	},
	"github.com/gobraid/gobraid/concurrency/measure": ownMeasure,
	"github.com/gobraid/gobraid/concurrency/display": {
		"Bundle":   reflect.ValueOf((*display.Bundle)(nil)),
		"Capture":  reflect.ValueOf(display.Capture),
		"Clear":    reflect.ValueOf(display.Clear),
		"HTML":     reflect.ValueOf((*display.HTML)(nil)),
		"Handle":   reflect.ValueOf((*display.Handle)(nil)),
		"JSON":     reflect.ValueOf(display.JSON),
		"LaTeX":    reflect.ValueOf((*display.LaTeX)(nil)),
		"Markdown": reflect.ValueOf((*display.Markdown)(nil)),
		"PNG":      reflect.ValueOf((*display.PNG)(nil)),
		"SVG":      reflect.ValueOf((*display.SVG)(nil)),
		"Show":     reflect.ValueOf(display.Show),
		"Tasks":    reflect.ValueOf(display.Tasks),
		"Text":     reflect.ValueOf((*display.Text)(nil)),
	},
}
