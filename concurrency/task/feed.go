package task

import (
	"context"
	"os"
	"reflect"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"
)

// feed asks the user for a line whenever somebody wants to read r and there is nothing left to read, and
// writes it to w. It ends with ctx, or when the user or the reader has closed.
func feed(ctx context.Context, out Output, r, w *os.File, done chan<- struct{}) {
	uncarry()
	defer close(done)
	defer w.Close()
	stop := context.AfterFunc(ctx, func() { w.Close() })
	defer stop()
	for awaitDemand(ctx, r) {
		line, err := out.Input(ctx, "", false)
		if err != nil {
			return
		}
		if !strings.HasSuffix(line, "\n") {
			line += "\n"
		}
		if _, err := w.WriteString(line); err != nil {
			return
		}
	}
}

// demandInterval is how soon the wish to read is noticed.
const demandInterval = 10 * time.Millisecond

// awaitDemand waits until somebody waits to read from r. Asking sooner would show an input field that the
// program never comes to read. No system call tells the writer of a pipe that a reader has come, so
// this looks again and again, but only in a run that has mentioned its standard input.
func awaitDemand(ctx context.Context, r *os.File) bool {
	tick := time.NewTicker(demandInterval)
	defer tick.Stop()
	// A reader that has just got its line may seem to want another for a moment. So that is asked twice.
	for before := false; ; {
		wanted, err := demanded(r)
		if err != nil || wanted && before {
			return err == nil
		}
		before = wanted
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

// demanded reports whether a goroutine is within r.Read and r is empty. Of child processes that have got r
// it is not known whether they read; they are taken to.
func demanded(r *os.File) (bool, error) {
	readable, blocking, err := pipeState(r)
	if err != nil || readable {
		return false, err
	}
	return blocking || stateOffset < 0 || reading(r), nil
}

// readLocked is the bit of an os.File's lock that is set while a Read is in progress.
const readLocked = 1 << 1

func reading(f *os.File) bool {
	inner := *(*unsafe.Pointer)(unsafe.Pointer(f))
	return atomic.LoadUint64((*uint64)(unsafe.Add(inner, stateOffset)))&readLocked != 0
}

// stateOffset is where that lock's state lies in what an os.File points to, -1 when this version of Go has
// it elsewhere. A test fails then.
var stateOffset = func() int {
	file, ok := reflect.TypeFor[os.File]().FieldByName("file")
	if !ok || file.Offset != 0 || file.Type.Kind() != reflect.Pointer {
		return -1
	}
	return offsetOf(file.Type.Elem(), reflect.Uint64, "pfd", "fdmu", "state")
}()

// offsetOf returns the offset of a field of a field of t, or -1 when there is none of that kind.
func offsetOf(t reflect.Type, kind reflect.Kind, path ...string) int {
	offset := 0
	for _, name := range path {
		if t.Kind() != reflect.Struct {
			return -1
		}
		f, ok := t.FieldByName(name)
		if !ok {
			return -1
		}
		offset += int(f.Offset)
		t = f.Type
	}
	if t.Kind() != kind {
		return -1
	}
	return offset
}
