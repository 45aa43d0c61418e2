package kernel

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// A record is what a writer has published, with the time of each message.
type record struct {
	mu       sync.Mutex
	messages []recorded
}

type recorded struct {
	at     time.Time
	kind   string
	name   string
	text   string
	parent string
}

func (r *record) publish(_ context.Context, frames [][]byte) error {
	var h, parent Header
	var content map[string]any
	json.Unmarshal(frames[3], &h)
	json.Unmarshal(frames[4], &parent)
	json.Unmarshal(frames[6], &content)
	name, _ := content["name"].(string)
	text, _ := content["text"].(string)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, recorded{time.Now(), h.Type, name, text, parent.ID})
	return nil
}

func (r *record) take() []recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.messages
	r.messages = nil
	return got
}

func (r *record) text(name interp.Stream) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, m := range r.messages {
		if m.name == string(name) {
			b.WriteString(m.text)
		}
	}
	return b.String()
}

// withIOPub runs f in a bubble of its own time with a running writer.
func withIOPub(t *testing.T, limits outputLimits, f func(t *testing.T, o *iopub, r *record)) {
	synctest.Test(t, func(t *testing.T) {
		r := new(record)
		o := newIOPub(newCodec("key"), limits, r.publish)
		done := make(chan struct{})
		go func() {
			defer close(done)
			o.run(context.Background())
		}()
		f(t, o, r)
		o.close()
		<-done
	})
}

func parentOf(id string) json.RawMessage { return mustEncode(Header{ID: id}) }

// The first byte after a silence goes out within 10 ms; from then on a stream has at most one message
// in 50 ms, whatever is written, and nothing is lost.
func TestCoalescing(t *testing.T) {
	withIOPub(t, defaultOutput, func(t *testing.T, o *iopub, r *record) {
		out := newOutlet(o, parentOf("r1"))
		begin := time.Now()
		var want strings.Builder
		for i := range 2000 { // one line a millisecond for two seconds, on both streams
			line := fmt.Sprintf("line %d\n", i)
			want.WriteString(line)
			out.write(interp.Stdout, []byte(line))
			out.write(interp.Stderr, []byte(line))
			time.Sleep(time.Millisecond)
		}
		o.sync(out)
		synctest.Wait()
		for _, name := range []interp.Stream{interp.Stdout, interp.Stderr} {
			if r.text(name) != want.String() {
				t.Errorf("%s is not what was written", name)
			}
		}
		last := map[string]time.Time{}
		n := 0
		for i, m := range r.messages {
			if at, ok := last[m.name]; !ok && m.at.Sub(begin) > 10*time.Millisecond {
				t.Errorf("the first of %s came after %v", m.name, m.at.Sub(begin))
			} else if ok && m.at.Sub(at) < 50*time.Millisecond && i < len(r.messages)-2 {
				t.Errorf("two of %s within %v", m.name, m.at.Sub(at))
			}
			last[m.name] = m.at
			n++
		}
		if n < 70 || n > 2*42 {
			t.Errorf("%d messages in 2 s on two streams, want about 80", n)
		}
	})
}

// After a silence the next byte does not wait for an interval either.
func TestFirstByteAfterSilence(t *testing.T) {
	withIOPub(t, defaultOutput, func(t *testing.T, o *iopub, r *record) {
		out := newOutlet(o, parentOf("r1"))
		for range 3 {
			at := time.Now()
			out.write(interp.Stdout, []byte("x"))
			time.Sleep(100 * time.Millisecond)
			got := r.take()
			if len(got) != 1 || got[0].at.Sub(at) > 10*time.Millisecond {
				t.Fatalf("got %+v", got)
			}
		}
	})
}

// A character that comes in two parts stays whole, unless its rest never comes.
func TestSplitCharacter(t *testing.T) {
	withIOPub(t, defaultOutput, func(t *testing.T, o *iopub, r *record) {
		out := newOutlet(o, parentOf("r1"))
		text := []byte("aé漢😀z")
		for i := range text {
			out.write(interp.Stdout, text[i:i+1])
			time.Sleep(time.Second)
		}
		if got := r.text(interp.Stdout); got != string(text) {
			t.Errorf("got %q, want %q", got, text)
		}
		out.write(interp.Stdout, []byte("b\xe6\xbc"))
		time.Sleep(time.Second)
		o.end(parentOf("r1"), out, true)
		synctest.Wait()
		if got := r.text(interp.Stdout); got != string(text)+"b\ufffd\ufffd" {
			t.Errorf("got %q at the end", got)
		}
	})
}

// What a cell gives out and its idle leave in order, at once, without waiting for an interval.
func TestIdleComesLast(t *testing.T) {
	withIOPub(t, defaultOutput, func(t *testing.T, o *iopub, r *record) {
		parent := parentOf("r1")
		out := newOutlet(o, parent)
		begin := time.Now()
		o.begin(parent, true)
		for i := range 100 {
			out.write(interp.Stderr, []byte{byte('a' + i%26)})
			out.write(interp.Stdout, []byte{byte('a' + i%26)})
			if i%10 == 9 {
				o.give("display_data", out, mustEncode(dataContent{}))
			}
		}
		o.end(parent, out, true)
		synctest.Wait()
		if !time.Now().Equal(begin) {
			t.Errorf("it took %v", time.Since(begin))
		}
		got := r.take()
		if first := got[0]; first.kind != "status" {
			t.Errorf("first came %+v", first)
		}
		if last := got[len(got)-1]; last.kind != "status" {
			t.Errorf("last came %+v", last)
		}
		shown := 0
		for _, m := range got {
			if m.kind == "display_data" {
				shown++
			} else if m.kind == "stream" && len(m.text) != 10 {
				t.Errorf("%+v is not what came between two displays", m)
			}
		}
		if shown != 10 {
			t.Errorf("%d displays, want 10", shown)
		}
	})
}

// While the subscribers take nothing, cells wait, memory stays within the limit, and the kernel's own
// messages do not wait.
func TestBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := outputLimits{gather: 5 * time.Millisecond, interval: 50 * time.Millisecond, stream: 1000, total: 3000}
		gate, r := make(chan struct{}), new(record)
		o := newIOPub(newCodec("key"), limits, func(ctx context.Context, frames [][]byte) error {
			<-gate
			return r.publish(ctx, frames)
		})
		done := make(chan struct{})
		go func() {
			defer close(done)
			o.run(context.Background())
		}()
		text := bytes.Repeat([]byte("0123456789"), 1000)
		var cells sync.WaitGroup
		for i := range 10 {
			out := newOutlet(o, parentOf(fmt.Sprint(i)))
			cells.Go(func() { out.write(interp.Stdout, text) })
			cells.Go(func() {
				for range 10 {
					o.give("display_data", out, text[:100])
				}
			})
		}
		time.Sleep(time.Minute)
		o.mu.Lock()
		if held := o.held; held < limits.total || held > limits.total+10*100 {
			t.Errorf("%d bytes held, want about %d", held, limits.total)
		}
		o.mu.Unlock()
		o.post("status", nil, mustEncode(statusContent{"idle"}), nil)
		close(gate)
		cells.Wait()
		o.close()
		<-done
		total := map[string]string{}
		for _, m := range r.take() {
			total[m.parent] += m.text
		}
		for i := range 10 {
			if total[fmt.Sprint(i)] != string(text) {
				t.Errorf("cell %d: %d bytes arrived, want all %d in order", i, len(total[fmt.Sprint(i)]), len(text))
			}
		}
		if o.held != 0 {
			t.Errorf("%d bytes are held at the end", o.held)
		}
	})
}

// Cells that wait for room are let go when the kernel ends.
func TestCloseFreesCells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newIOPub(newCodec("key"), outputLimits{stream: 10, total: 10}, nil)
		var cells sync.WaitGroup
		out := newOutlet(o, nil)
		cells.Go(func() { out.write(interp.Stdout, make([]byte, 100)) })
		cells.Go(func() { o.give("display_data", out, make([]byte, 100)) })
		synctest.Wait()
		o.close()
		cells.Wait()
	})
}

// A front end takes the last state it hears for the kernel's.
func TestBusyAgain(t *testing.T) {
	withIOPub(t, defaultOutput, func(t *testing.T, o *iopub, r *record) {
		cell, other := parentOf("cell"), parentOf("other")
		said := func() (said string) {
			synctest.Wait()
			for _, m := range r.take() {
				said += m.parent + " "
			}
			return said
		}
		o.begin(cell, true)
		o.beside(other)
		o.unsay(other)
		if got, want := said(), "cell other other cell "; got != want {
			t.Errorf("said %q, want %q", got, want)
		}
		o.end(cell, newOutlet(o, cell), true)
		o.beside(other)
		o.unsay(other)
		if got, want := said(), "cell other other "; got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	})
}
