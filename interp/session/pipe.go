package session

import (
	"os"
	"sync"
	"syscall"
)

// A pipe reads one of the real standard streams of a session process. Most output of cells does not
// come this way but as frames; this is what compiled libraries, C code and the runtime itself print.
type pipe struct {
	r    *os.File
	raw  syscall.RawConn
	done chan struct{}

	mu   sync.Mutex // held from a read to the end of its delivery, so that settle means what it says
	buf  []byte
	emit func([]byte)
}

// newPipe makes a pipe that hands what it reads to emit, which must not keep it, and returns the end
// that is the process's.
func newPipe(emit func([]byte)) (*pipe, *os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	raw, err := r.SyscallConn()
	if err != nil {
		r.Close()
		w.Close()
		return nil, nil, err
	}
	return &pipe{r: r, raw: raw, done: make(chan struct{}), buf: make([]byte, 32<<10), emit: emit}, w, nil
}

// pump reads until the end of file or close.
func (p *pipe) pump() {
	defer close(p.done)
	p.raw.Read(func(fd uintptr) bool {
		for {
			n, ok := p.once(fd)
			if !ok {
				return false // wait until there is something
			}
			if n <= 0 {
				return true
			}
		}
	})
}

func (p *pipe) once(fd uintptr) (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, ok := readNow(fd, p.buf)
	if ok && n > 0 {
		p.emit(p.buf[:n])
	}
	return n, ok
}

// settle delivers what the process had written before the call. A process that writes faster than
// settle reads is left to the pump after a pipe's worth.
func (p *pipe) settle() {
	p.raw.Control(func(fd uintptr) {
		for range 4 {
			if n, ok := p.once(fd); !ok || n <= 0 {
				return
			}
		}
	})
}

// close delivers what is left and ends the pump, whoever still holds the other end.
func (p *pipe) close() {
	p.settle()
	p.r.Close()
	<-p.done
}
