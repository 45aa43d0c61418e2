package display

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/display/form"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Handle stands for what a call of [Show] has shown. Its methods may be called from any goroutine, also when
// the cell has ended.
type Handle struct {
	mu  sync.Mutex
	ids []string
}

// Show shows values below what the calling task's cell has given out so far, one below the other, and returns a
// handle with which they can be replaced.
func Show(values ...any) *Handle {
	h := &Handle{}
	for _, v := range values {
		h.add(v)
	}
	return h
}

// Update replaces what is shown, value by value, wherever it is shown; it may be called from another cell. With more
// values than are shown the others are shown below; with fewer the rest stays as it is.
func (h *Handle) Update(values ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, v := range values {
		if i < len(h.ids) {
			give(v, h.ids[i], true)
		} else {
			h.add(v)
		}
	}
}

func (h *Handle) add(v any) {
	id := newID()
	h.ids = append(h.ids, id)
	give(v, id, false)
}

// Clear removes what the calling task's cell has given out so far. With wait it does so only when the next output
// comes, so that the place does not flicker.
func Clear(wait bool) { task.Clear(wait) }

// give shows a value or replaces what has the id.
func give(v any, id string, update bool) {
	bundle, metadata, ok := task.Render(v)
	if !ok {
		bundle, metadata = form.Of(v)
	}
	if _, ok := bundle["text/plain"].(string); !ok {
		bundle["text/plain"] = text(v)
	}
	if !task.Display(bundle, metadata, id, update) {
		task.Println(bundle["text/plain"])
	}
}

// text is the text of a value where nobody knows better.
func text(v any) string { return fmt.Sprintf("%+v", v) }

var (
	// instance tells the ids of this process from those of one before it, which a front end may still know.
	instance = sync.OnceValue(rand.Text)
	count    atomic.Int64
)

func newID() string { return "gobraid-" + instance() + "-" + strconv.FormatInt(count.Add(1), 10) }
