package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/task"
)

// An exchange is a request and its answer. At most one task is about it at a time: it makes the request, or reads a part of the body.
type exchange struct {
	c      *Client
	req    *http.Request
	ctx    context.Context // of the request and its body
	cancel context.CancelCauseFunc
	l      *loop.Loop // that closes it at its end, or nil
	head   *arrival
	failed error          // set before head comes
	resp   *http.Response // set before head comes

	mu      sync.Mutex
	part    *part // that is read, or was read and not yet taken, or nil
	busy    bool  // a task is about it
	stopped bool
	over    bool // what it held is given back
	placed  bool // it has a place among the client's
}

// A part is a piece of a body, on its way.
type part struct {
	*arrival
	data []byte // set before it comes, as is err
	err  error
}

// partSize is how much is read of a body at a time.
const partSize = 32 << 10

// newExchange returns one for a request of the caller's. The context of the exchange has the values of the request's.
func newExchange(ctx context.Context, c *Client, req *http.Request) *exchange {
	x := &exchange{c: c, head: newArrival("HTTP " + req.Method + " " + req.URL.Host + req.URL.Path)}
	inner, cancel := task.ContextWithCancelCause(context.WithoutCancel(req.Context()))
	x.cancel = cancel
	if c.timeout > 0 {
		inner, _ = task.ContextWithTimeoutCause(inner, c.timeout, loop.ErrTimeout) // it ends with the outer one
	}
	x.ctx = inner
	x.req = req.WithContext(inner)
	if len(c.header) > 0 {
		x.req.Header = x.req.Header.Clone()
		if x.req.Header == nil {
			x.req.Header = http.Header{}
		}
		for name, values := range c.header {
			if len(x.req.Header.Values(name)) == 0 {
				x.req.Header[name] = values
			}
		}
	}
	if loop.On(ctx) {
		x.l = loop.Of(ctx)
		x.l.Own(x)
	}
	return x
}

// Close ends the exchange. The loop calls it at its end.
func (x *exchange) Close() error {
	x.stop(nil)
	return nil
}

// beside runs f in a task of the caller's, and has what the caller waits for come when f has ended, however it does.
func (x *exchange) beside(ctx context.Context, a *arrival, f func()) {
	x.mu.Lock()
	x.busy = true
	x.mu.Unlock()
	g := func() {
		defer a.come()
		defer x.idle()
		if t := task.Current(); t != nil { // an interrupt ends what is on its way
			defer context.AfterFunc(t.Run().Context(), func() { x.stop(concurrency.ErrExited) })()
		}
		f()
	}
	if loop.On(ctx) {
		loop.Of(ctx).Beside(g)
		return
	}
	task.ClientHere().Go(g)
}

// run makes the request, and reads the begin of the body.
func (x *exchange) run() {
	err := concurrency.ErrExited
	defer func() {
		if x.resp == nil {
			x.failed = x.cause(err)
			x.stop(nil)
		}
	}()
	if p := x.c.places; p != nil {
		if err = p.Acquire(x.ctx, 1); err != nil {
			return
		}
		x.placed = true
	}
	var resp *http.Response
	task.Blocking(0, func() { resp, err = x.c.http.Do(x.req) })
	if err != nil {
		return
	}
	x.part, x.resp = x.newPart(), resp
	first := x.part
	x.head.come()
	x.read(first)
}

func (x *exchange) newPart() *part {
	return &part{arrival: newArrival("the body of " + x.head.name)}
}

// read reads a part.
func (x *exchange) read(p *part) {
	p.err = concurrency.ErrExited
	defer p.come()
	size := int64(partSize)
	if n := x.resp.ContentLength; n >= 0 && n < size {
		size = n + 1
	}
	p.data = make([]byte, size)
	n, err := 0, error(nil)
	task.Blocking(0, func() {
		for n == 0 && err == nil {
			n, err = x.resp.Body.Read(p.data)
		}
	})
	p.data = p.data[:n]
	if p.err = err; err == nil {
		return
	}
	if err != io.EOF {
		p.err = x.cause(err)
	}
	x.stop(nil)
}

// next returns the next part, which may be on its way, and begins to read one if none is.
func (x *exchange) next(ctx context.Context) *part {
	x.mu.Lock()
	p, begin := x.part, false
	if p == nil {
		p = x.newPart()
		x.part = p
		if begin = !x.stopped; !begin {
			p.err = ErrClosed
			p.come()
		}
	}
	x.mu.Unlock()
	if begin {
		x.beside(ctx, p.arrival, func() { x.read(p) })
	}
	return p
}

// took says that p, which has come, was taken. The last one stays.
func (x *exchange) took(p *part) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.part == p && p.err == nil {
		x.part = nil
	}
}

// stop ends the exchange: it breaks off what is on its way. When nothing is any more, it is over. It does not block. More calls
// do nothing.
func (x *exchange) stop(cause error) {
	if cause == nil {
		cause = ErrClosed
	}
	x.cancel(cause)
	x.mu.Lock()
	x.stopped = true
	x.mu.Unlock()
	x.settle()
}

// idle says that no task is about the exchange.
func (x *exchange) idle() {
	x.mu.Lock()
	x.busy = false
	x.mu.Unlock()
	x.settle()
}

// settle gives back what the exchange holds, if it has ended.
func (x *exchange) settle() {
	x.mu.Lock()
	now := x.stopped && !x.busy && !x.over
	x.over = x.over || now
	x.mu.Unlock()
	if !now {
		return
	}
	if x.resp != nil {
		_ = x.resp.Body.Close()
	}
	if x.placed {
		x.c.places.Release(1)
	}
	if x.l != nil {
		x.l.Disown(x)
	}
}

// cause says why the exchange has failed.
func (x *exchange) cause(err error) error {
	if x.ctx.Err() == nil {
		return err
	}
	op := x.req.Method[:1] + strings.ToLower(x.req.Method[1:]) // as net/http has it
	return &url.Error{Op: op, URL: x.req.URL.Redacted(), Err: context.Cause(x.ctx)}
}
