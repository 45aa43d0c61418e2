package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/loop"
)

func init() {
	own["github.com/gobraid/gobraid/concurrency/loop"] = map[string]reflect.Value{
		"AllTasks":            reflect.ValueOf(loop.AllTasks),
		"CallbackPanicked":    reflect.ValueOf(loop.CallbackPanicked),
		"CanceledError":       reflect.ValueOf((*loop.CanceledError)(nil)),
		"Condition":           reflect.ValueOf((*loop.Condition)(nil)),
		"Coroutine":           reflect.ValueOf((*loop.Coroutine)(nil)),
		"CurrentTask":         reflect.ValueOf(loop.CurrentTask),
		"DefaultSlow":         reflect.ValueOf(loop.DefaultSlow),
		"Dial":                reflect.ValueOf(loop.Dial),
		"ErrClosed":           reflect.ValueOf(&loop.ErrClosed).Elem(),
		"ErrQueueShutdown":    reflect.ValueOf(&loop.ErrQueueShutdown).Elem(),
		"ErrTimeout":          reflect.ValueOf(&loop.ErrTimeout).Elem(),
		"Event":               reflect.ValueOf((*loop.Event)(nil)),
		"Exec":                reflect.ValueOf(loop.Exec),
		"FailedAtEnd":         reflect.ValueOf(loop.FailedAtEnd),
		"Group":               reflect.ValueOf(loop.Group),
		"Handle":              reflect.ValueOf((*loop.Handle)(nil)),
		"Listen":              reflect.ValueOf(loop.Listen),
		"Listener":            reflect.ValueOf((*loop.Listener)(nil)),
		"Lock":                reflect.ValueOf((*loop.Lock)(nil)),
		"Loop":                reflect.ValueOf((*loop.Loop)(nil)),
		"NeverRetrieved":      reflect.ValueOf(loop.NeverRetrieved),
		"New":                 reflect.ValueOf(loop.New),
		"NewBoundedSemaphore": reflect.ValueOf(loop.NewBoundedSemaphore),
		"NewCondition":        reflect.ValueOf(loop.NewCondition),
		"NewSemaphore":        reflect.ValueOf(loop.NewSemaphore),
		"NewStream":           reflect.ValueOf(loop.NewStream),
		"Of":                  reflect.ValueOf(loop.Of),
		"On":                  reflect.ValueOf(loop.On),
		"Process":             reflect.ValueOf((*loop.Process)(nil)),
		"Report":              reflect.ValueOf((*loop.Report)(nil)),
		"ReportKind":          reflect.ValueOf((*loop.ReportKind)(nil)),
		"Semaphore":           reflect.ValueOf((*loop.Semaphore)(nil)),
		"Sleep":               reflect.ValueOf(loop.Sleep),
		"SlowStep":            reflect.ValueOf(loop.SlowStep),
		"Stream":              reflect.ValueOf((*loop.Stream)(nil)),
		"TaskGroup":           reflect.ValueOf((*loop.TaskGroup)(nil)),
	}
}
