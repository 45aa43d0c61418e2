package rt

import (
	"context"
	"errors"
	"reflect"
	"sync"

	"github.com/petermattis/goid"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/process"
)

// How interpreted functions get to worker processes. A call that hands one over is preceded by a call of Hand with its number; the engine has made
// a text of the function, and the helper that is called next takes it.

// texts are the functions that calls hand over, by number.
var texts sync.Map // of uint64 to *process.Text

// SetText tells what the call with a number hands over.
func SetText(number uint64, t *process.Text) { texts.Store(number, t) }

// handed are the numbers of calls that are about to be made, by goroutine.
var handed sync.Map // of int64 to uint64

// Hand notes that the next call of this goroutine hands over a function.
func Hand(number uint64) { handed.Store(goid.Get(), number) }

// taken returns what the call of this goroutine hands over, or nil.
func taken() *process.Text {
	number, ok := handed.LoadAndDelete(goid.Get())
	if !ok {
		return nil
	}
	t, _ := texts.Load(number)
	text, _ := t.(*process.Text)
	return text
}

// processes returns an executor if it runs functions in other processes, nil otherwise.
func processes(ex concurrency.Executor) concurrency.Executor {
	switch ex.(type) {
	case *process.Pool, *cluster.Pool:
		return ex
	}
	return nil
}

// errVariable is the error of a pool that gets an interpreted function of which nobody knows the text.
var errVariable = errors.New("process: the function is interpreted, and a worker process gets such a one as its text only: name the function, or write it, " +
	"in the call that has the process.Pool, or use %%engine compiled")

// errNever is the error of a function that is not called in this process.
var errNever = errors.New("process: an interpreted function was called in the wrong process")

// A sender is a pool for one function of which it has the text, or for a part of a map.
type sender struct {
	concurrency.Executor
	text *process.Text
	arg  any // a pointer to it, or nil
	into reflect.Type
}

func (s sender) Execute(ctx context.Context, c concurrency.Call) error {
	if s.text == nil {
		return errVariable
	}
	return s.Executor.Execute(ctx, &process.TextCall{Call: c, Of: s.text, With: s.arg, Into: s.into, Take: func(result any, err error) {
		if err != nil || result == nil {
			c.Finish(nil, err)
			return
		}
		c.Finish(&result, nil)
	}})
}

func never(context.Context) (any, error) { return nil, errNever }

// A mapper is a pool for the parts of a map whose items and results are in slices.
type mapper struct {
	concurrency.Executor
	text           *process.Text
	items, results reflect.Value
}

func (m mapper) Execute(ctx context.Context, c concurrency.Call) error {
	if m.text == nil {
		return errVariable
	}
	part := *c.Argument().(*[]int) // consecutive
	from, to := part[0], part[0]+len(part)
	with := reflect.New(m.items.Type())
	with.Elem().Set(m.items.Slice(from, to))
	return m.Executor.Execute(ctx, &process.TextCall{Call: c, Of: m.text, With: with.Interface(), Into: m.results.Type().Elem(), Many: true, Take: func(result any, err error) {
		if err != nil || result == nil {
			c.Finish(nil, err)
			return
		}
		reflect.Copy(m.results.Slice(from, to), reflect.ValueOf(result).Elem())
		none := make([]struct{}, len(part))
		c.Finish(&none, nil)
	}})
}

// A streamer is a pool for the parts of a sequence, whose items and results are pointers.
type streamer struct {
	concurrency.Executor
	text      *process.Text
	arg, into reflect.Type
}

func (s streamer) Execute(ctx context.Context, c concurrency.Call) error {
	if s.text == nil {
		return errVariable
	}
	part := *c.Argument().(*[]any)
	with := reflect.New(reflect.SliceOf(s.arg))
	for _, p := range part {
		with.Elem().Set(reflect.Append(with.Elem(), reflect.ValueOf(p).Elem()))
	}
	return s.Executor.Execute(ctx, &process.TextCall{Call: c, Of: s.text, With: with.Interface(), Into: s.into, Many: true, Take: func(result any, err error) {
		if err != nil || result == nil {
			c.Finish(nil, err)
			return
		}
		list := reflect.ValueOf(result).Elem()
		pointers := make([]any, list.Len())
		for i := range pointers {
			pointers[i] = list.Index(i).Addr().Interface()
		}
		c.Finish(&pointers, nil)
	}})
}

// through has items and results pass through variables, where nothing says of what type they are.
func through(from, into reflect.Value, items func(func(any) bool), yield func(any, error) bool) (func(func(any) bool), func(any, error) bool) {
	give := func(take func(any) bool) {
		items(func(any) bool {
			p := reflect.New(from.Type())
			p.Elem().Set(from)
			return take(p.Interface())
		})
	}
	return give, func(b any, err error) bool {
		if err == nil {
			into.Set(reflect.ValueOf(b).Elem())
		}
		return yield(nil, err)
	}
}

// ProcessNew is process.New of the function that is handed over, with the argument that arg points to.
func ProcessNew(arg any) *process.Process {
	text := taken()
	if text == nil {
		panic(errVariable.Error())
	}
	return process.NewOfText(text, arg)
}

// ProcessCopying is process.Copying of what v points to.
func ProcessCopying(p *process.Pool, v any) *process.Pool { return p.WithCopy(v) }

// ClusterCopying is cluster.Copying of what v points to.
func ClusterCopying(p *cluster.Pool, v any) *cluster.Pool { return p.WithCopy(v) }

// ProcessCopyingTo is process.CopyingTo of what v points to.
func ProcessCopyingTo(p *process.Process, v any) *process.Process { return p.WithCopy(v) }

// ProcessCopied is process.Copied, stored in what v points to.
func ProcessCopied(ctx context.Context, i int, v any) { process.CopiedTo(ctx, i, v) }

// ProcessNewQueue is process.NewValueQueue.
func ProcessNewQueue(kind, bytes int, zero any) (*process.ValueQueue, error) {
	return process.NewValueQueue(kind, bytes, zero)
}

// ProcessPut is the method PutPriority of a queue between processes, of what v points to.
func ProcessPut(ctx context.Context, q *process.ValueQueue, v any, priority int64) error {
	return q.PutPriority(ctx, v, priority)
}

// ProcessGet is the method Get, with the value stored in what v points to.
func ProcessGet(ctx context.Context, q *process.ValueQueue, v any) error { return q.Get(ctx, v) }

// ProcessNewMemory is process.NewValueMemory.
func ProcessNewMemory(n int, zero any) (*process.ValueMemory, error) {
	return process.NewValueMemory(n, zero)
}

// ProcessSlice stores the slice of memory in what to points to.
func ProcessSlice(m *process.ValueMemory, to any) { m.Slice(to) }

// ProcessWithInitializer is p.WithInitializer(f).
func ProcessWithInitializer(site uint64, p *process.Pool, _ func(context.Context) error) *process.Pool {
	Calling(site)
	text := taken()
	if text == nil {
		panic(errVariable.Error())
	}
	return p.WithInitializerText(text)
}
