package process

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
)

// A worker is a process of a pool, as the pool sees it.
type worker struct {
	pool    *core // nil as long as it is spare
	proc    *os.Process
	pid     int
	data    *os.File
	control *os.File
	page    page
	in      *frameReader
	outputs [2]*output
	reading sync.WaitGroup // the goroutines that read output
	ended   chan struct{}  // closed when the process has ended, with state
	state   *os.ProcessState

	// Guarded by the pool's mutex.
	ready    bool
	greeting bool                // it runs the initializer
	flight   parcel.Queue[*item] // sent, or about to be
	bytes    int                 // of flight
	seq      uint32              // of the last task
	heard    uint32              // of the last whose context is listened to at the next tick
	window   int                 // how many it may have at a time
	out      []byte              // to be sent
	tail     []byte              // after out
	flushing bool                // somebody sends
	known    []bool              // the routines it was told
	spent    bool                // it gets no more, and retires when it has done what it has
	retiring bool                // it was told to end
	killed   error               // why the pool killed it
	gone     bool                // it has ended, and what it had was taken from it
	since    time.Time           // its last result, or when it began
	done     int                 // tasks
	busy     time.Duration
	started  time.Time
	owner    parcel.Owner // of its last task
	timer    *time.Timer

	// Of the goroutine that reads.
	last     string     // see output.held
	decoders []decoding // by routine
	landed   []landing  // memory for what is received at a time
}

// A decoding is how the results of a routine are decoded.
type decoding struct {
	decoder decoder
	into    any // see routine.again
}

const (
	maxWindow   = 1024
	maxInFlight = 48 << 10 // bytes at a worker that is busy: they fit into the socket, so nobody blocks
)

// output is a stream of a worker. What it writes is read as it comes; and before a result is given out, what was written before
// it is.
type output struct {
	name string
	r    *os.File
	mu   sync.Mutex
	w    *worker

	// Of standard error: what may be the words with which the Go runtime dies. They are not printed when it does, but part of the
	// [DeathError].
	held []byte
}

// newWorker returns a worker that is to be started.
func newWorker() *worker { return &worker{window: 1, started: time.Now(), ended: make(chan struct{})} }

// spawn starts the process.
func (w *worker) spawn() error {
	data, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	control, theirControl, err := socketPair()
	if err != nil {
		data.Close()
		return err
	}
	defer theirControl.Close()
	shared, err := memoryFile("gobraid worker", pageSize)
	if err != nil {
		data.Close()
		control.Close()
		return err
	}
	defer shared.Close()
	mem, err := share(shared, pageSize)
	if err != nil {
		data.Close()
		control.Close()
		return err
	}
	w.data, w.control, w.page = data, control, page{mem}
	w.in = newFrameReader(data)
	if err := w.launch(theirs, theirControl, shared); err != nil {
		data.Close()
		control.Close()
		unshare(mem)
		return err
	}
	return nil
}

func (w *worker) launch(files ...*os.File) error {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	all := []*os.File{null}
	for i, name := range []string{"stdout", "stderr"} {
		r, wr, err := os.Pipe()
		if err != nil {
			return err
		}
		defer wr.Close()
		w.outputs[i] = &output{name: name, r: r, w: w}
		all = append(all, wr)
	}
	attr := &os.ProcAttr{Files: append(all, files...), Env: append(os.Environ(), environment+"=1"), Sys: attributes()}
	if w.proc, err = os.StartProcess(executable, []string{os.Args[0], "worker"}, attr); err != nil {
		w.outputs[0].r.Close()
		w.outputs[1].r.Close()
		return fmt.Errorf("process: a worker cannot be started: %w", err)
	}
	w.pid = w.proc.Pid
	preferAsVictim(w.pid)
	go w.reap()
	return nil
}

// attend starts the goroutines that see to what the process says.
func (w *worker) attend() {
	for _, o := range w.outputs {
		w.reading.Add(1)
		go o.stream()
	}
	go w.read()
}

// discard ends a worker that no pool has, and waits for its end.
func (w *worker) discard() {
	select {
	case <-w.ended:
	default:
		w.kill()
		<-w.ended
	}
	w.free()
}

// free gives back what a worker that has ended has left.
func (w *worker) free() {
	w.data.Close()
	w.control.Close()
	for _, o := range w.outputs {
		o.r.Close()
	}
	unshare(w.page.mem)
	w.page.mem = nil
}

// reap waits for the end of the process, and ends what that has started.
func (w *worker) reap() {
	await(w.pid)
	killGroup(w.pid)
	w.state, _ = w.proc.Wait()
	close(w.ended)
}

// kill ends the process, which may be on its way out of its group.
func (w *worker) kill() {
	killGroup(w.pid)
	_ = w.proc.Kill()
}

// stream gives out what comes, as it comes.
func (o *output) stream() {
	defer o.w.reading.Done()
	raw, err := o.r.SyscallConn()
	if err != nil {
		return
	}
	buf := make([]byte, 32<<10)
	for {
		end := false
		err := raw.Read(func(fd uintptr) bool {
			o.mu.Lock()
			defer o.mu.Unlock()
			n, err := syscall.Read(int(fd), buf)
			if err == syscall.EAGAIN || err == syscall.EINTR {
				return false
			}
			if n <= 0 {
				end = true
				return true
			}
			o.give(buf[:n])
			return true
		})
		if err != nil || end {
			return
		}
	}
}

// drain gives out what is there now.
func (o *output) drain() {
	var buf [4096]byte
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		n := readNow(o.r, buf[:])
		if n == 0 {
			return
		}
		o.give(buf[:n])
	}
}

// maxHeld is how much of a worker's last words is kept.
const maxHeld = 64 << 10

func (o *output) give(p []byte) {
	if o.name == "stderr" {
		if o.held == nil {
			i := lastWords(p)
			if i < len(p) {
				o.held = append([]byte{}, p[i:]...)
			}
			p = p[:i]
		} else {
			o.held = append(o.held, p[:min(len(p), max(0, maxHeld-len(o.held)))]...)
			return
		}
	}
	if len(p) > 0 {
		o.w.pool.ownerOf(o.w).Write(o.name, bytes.Clone(p))
	}
}

// lastWords returns where in p the Go runtime begins to say what it dies of, len(p) if it does not.
func lastWords(p []byte) int {
	for at := 0; at < len(p); {
		for _, head := range fatalHeads {
			if bytes.HasPrefix(p[at:], []byte(head)) {
				return at
			}
		}
		i := bytes.IndexByte(p[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return len(p)
}

// release prints what was held back, since the worker lives.
func (o *output) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if held := o.held; held != nil {
		o.held = nil
		o.w.pool.ownerOf(o.w).Write(o.name, held)
	}
}

// read takes what the worker sends, until its end.
func (w *worker) read() {
	var frames []frame
	for {
		var err error
		if frames, err = w.batch(frames[:0]); len(frames) > 0 {
			w.pool.received(w, frames)
		}
		if err != nil {
			break
		}
	}
	w.kill() // it may have closed the connection only
	<-w.ended
	w.takeRest()
	w.drain()
	for _, o := range w.outputs {
		// Processes that left the group may still hold the other ends.
		o.r.SetReadDeadline(time.Unix(1, 0))
	}
	w.reading.Wait()
	w.last = w.outputs[1].words(w.state != nil && w.state.ExitCode() == 2 || signalOf(w.state) != 0)
	w.pool.died(w)
	w.free()
}

func (w *worker) drain() {
	for _, o := range w.outputs {
		o.drain()
	}
}

// takeRest takes the results that a dead worker had ready.
func (w *worker) takeRest() {
	arrived := w.in.total
	rest := w.page.rest(arrived)
	if len(rest) == 0 {
		return
	}
	left := append(bytes.Clone(w.in.buf[w.in.at:w.in.n]), rest...)
	w.in = newFrameReader(bytes.NewReader(left))
	for {
		frames, err := w.batch(nil)
		if len(frames) > 0 {
			w.pool.received(w, frames)
		}
		if err != nil {
			return
		}
	}
}

// A frame is what came of a task.
type frame struct {
	header
	payload []byte
	own     bool
}

// batch blocks until there is a frame, and returns all that can be had without blocking again. Their payloads are valid until the
// next call.
func (w *worker) batch(frames []frame) ([]frame, error) {
	for {
		h, payload, err := w.in.next()
		if err != nil {
			return frames, err
		}
		frames = append(frames, frame{h, payload, len(payload) > readSize-headerSize})
		if !w.in.buffered() {
			return frames, nil
		}
	}
}

// decoding returns how the results of a routine are decoded.
func (w *worker) decoding(r *routine) *decoding {
	for len(w.decoders) <= int(r.id) {
		w.decoders = append(w.decoders, decoding{})
	}
	return &w.decoders[r.id]
}

// learn takes what the worker says of how it encodes the results of a routine.
func (w *worker) learn(r *routine, prefix []byte) {
	if d, err := r.res.decoder(prefix); err == nil {
		w.decoding(r).decoder = d
	}
}

// decode decodes a result.
func (w *worker) decode(r *routine, f frame) (result any, err error) {
	d := w.decoding(r)
	if d.decoder == nil {
		if d.decoder, err = r.res.decoder(nil); err != nil {
			return nil, err
		}
	}
	if result = d.into; result == nil {
		result = r.shape.NewResult()
		if r.again {
			d.into = result
		}
	}
	return result, d.decoder.decode(f.payload, f.own, result)
}

// outcome finishes the item that a frame is about.
func (w *worker) outcome(it *item, f frame) {
	if f.kind == kindFailure {
		if rawFailure(it, f, w.pid) {
			return
		}
		var what failure
		if err := gob.NewDecoder(bytes.NewReader(f.payload)).Decode(&what); err != nil {
			it.finish(nil, err)
			return
		}
		err := what.err(w.pid)
		if ctx := it.call.Context(); what.Canceled != "" && ctx.Err() != nil {
			err = context.Cause(ctx) // itself, not its text
		}
		it.finish(nil, err)
		return
	}
	result, err := w.decode(it.routine, f)
	if err != nil {
		result = nil
	}
	it.finish(result, err)
}

// append adds an item to what is to be sent. The pool's mutex is held.
func (w *worker) append(it *item) {
	if len(w.tail) > 0 { // it comes before what is added now
		w.out, w.tail = append(w.out, w.tail...), nil
	}
	r := it.routine
	for len(w.known) <= int(r.id) {
		w.known = append(w.known, false)
	}
	if !w.known[r.id] {
		w.known[r.id] = true
		w.out = appendDefinition(w.out, kindDefine, r.id, r.def)
	}
	if w.flight.Len() == 0 {
		w.since = time.Now()
	}
	w.seq++
	it.w, it.seq, it.progress = w, w.seq, nil
	w.flight.Push(it)
	w.bytes += it.size()
	h := header{length: uint64(len(it.payload) + len(it.tail)), seq: it.seq, routine: r.id, kind: kindTask}
	if it.copies {
		h.kind = kindTaskWith
	}
	w.out = appendHeader(w.out, h)
	w.out = append(w.out, it.payload...)
	w.tail = it.tail
}

// flush sends what is to be sent. The pool's mutex is held, and given up meanwhile. One at a time sends; it sends what others add, too.
func (w *worker) flush() {
	if w.flushing {
		return
	}
	w.flushing = true
	for len(w.out) > 0 {
		out, tail := w.out, w.tail
		w.out, w.tail = nil, nil
		w.pool.mu.Unlock()
		w.write(out)
		w.write(tail)
		w.pool.mu.Lock()
		if w.out == nil {
			w.out = out[:0]
		}
	}
	w.flushing = false
}

// write writes to the worker. Its death is noticed by who reads.
func (w *worker) write(b []byte) {
	switch {
	case len(b) >= patientWrite:
		writePatiently(w.data, b)
	case len(b) > 0:
		_, _ = w.data.Write(b)
	}
}

// patientWrite is from how many bytes on a thread waits for room in the socket, instead of Go's poller: to be woken through that costs a large
// value much of its speed.
const patientWrite = 1 << 20

// cancel has the context of a task end in the worker. It is short, and the other side reads all the time, so it does not block.
func (w *worker) cancel(seq uint32, why string) {
	_, _ = w.control.Write(append(appendHeader(nil, header{length: uint64(len(why)), seq: seq, kind: kindCancel}), why...))
}

// closeWrite tells the worker that nothing more comes: it ends when it has done what it has.
func (w *worker) closeWrite() {
	if raw, err := w.data.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.Shutdown(int(fd), syscall.SHUT_WR) })
	}
}

// words returns what the worker said when it died. If it did not die of that, it is printed.
func (o *output) words(died bool) string {
	if !died {
		o.release()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.held)
}

func signalOf(s *os.ProcessState) syscall.Signal {
	if s == nil {
		return 0
	}
	if ws, ok := s.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return ws.Signal()
	}
	return 0
}
