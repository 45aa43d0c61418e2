package task

import (
	"errors"
	"os"
	"sync"
	"time"
)

// A drain reads a pipe on a goroutine of its own and delivers what it reads. It does not know the
// write end: once nothing holds that any more, neither the run nor a variable of the user's, it is collected and
// closed, and the drain ends.
type drain struct {
	file    *os.File
	deliver func([]byte)
	done    chan struct{} // closed when the drain has ended

	mu      sync.Mutex
	waiting []chan struct{} // flushes not answered
}

// newDrain makes a pipe, and starts to deliver what is written to the returned file.
func newDrain(name string, deliver func([]byte)) (*drain, *os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	d := &drain{file: r, deliver: deliver, done: make(chan struct{})}
	go d.loop()
	return d, named(w, name), nil
}

const drainSize = 32 << 10

func (d *drain) loop() {
	uncarry()
	defer close(d.done)
	defer d.file.Close()
	buf := make([]byte, drainSize)
	for {
		n, err := d.file.Read(buf)
		if n > 0 {
			d.deliver(buf[:n])
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			d.answer(buf)
		case err != nil:
			return
		}
	}
}

// flush waits until all that was written to the pipe before the call has been delivered, or until limit ends.
//
// There is no need to mark the place in the stream, nor to count what was written, which could not be
// known of child processes: flush wakes the reader by a deadline, and the reader then reads until the pipe is
// empty.
func (d *drain) flush(limit <-chan struct{}) {
	answer := make(chan struct{})
	d.mu.Lock()
	d.waiting = append(d.waiting, answer)
	err := d.file.SetReadDeadline(time.Unix(1, 0))
	d.mu.Unlock()
	if err != nil {
		return // closed
	}
	select {
	case <-answer:
	case <-d.done:
	case <-limit:
	}
}

// maxPipe is more than a pipe can hold. What flush waits for is within the next maxPipe bytes, however
// fast somebody goes on writing.
const maxPipe = 1 << 20

// answer empties the pipe for the flushes that wait.
func (d *drain) answer(buf []byte) {
	d.mu.Lock()
	waiting := d.waiting
	d.waiting = nil
	err := d.file.SetReadDeadline(time.Time{})
	d.mu.Unlock()
	for total := 0; err == nil && total < maxPipe; {
		var n int
		n, err = readNow(d.file, buf)
		if n > 0 {
			d.deliver(buf[:n])
			total += n
		}
	}
	for _, c := range waiting {
		close(c)
	}
}

// close closes the read end: who writes to the pipe then gets an error.
func (d *drain) close() { d.file.Close() }
