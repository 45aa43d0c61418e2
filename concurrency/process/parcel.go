package process

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"slices"
	"sync"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/task"
)

// What package cluster needs of this one.
func init() {
	parcel.NewPacker = func(rename func(string) (string, error)) parcel.Packer {
		return &packer{rename: rename, known: map[routineKey]*packed{}}
	}
	parcel.Failed, parcel.Localize, parcel.Run, parcel.Kill, parcel.AddCopy = failed, localize, runParcel, killParcels, addCopy
}

// A packer makes bytes of calls.
type packer struct {
	rename func(string) (string, error)

	mu    sync.Mutex
	known map[routineKey]*packed
}

// packed is a routine as it is sent, and the decoders of its results.
type packed struct {
	*routine
	sent parcel.Routine

	mu       sync.Mutex // a decoder is for one goroutine at a time
	decoders map[string]decoder
}

func (p *packer) routine(call Call) (*packed, error) {
	f, shape := call.Function(), call.Shape()
	key := routineKey{parts(f).data, parts(shape).typ}
	text, _ := call.(*TextCall)
	if text != nil {
		key = text.key()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.known[key]; r != nil {
		return r, nil
	}
	r := &packed{decoders: map[string]decoder{}}
	if text != nil {
		r.routine = newTextRoutine(text)
	} else {
		r.routine = newRoutine(f, shape)
	}
	if r.err != nil {
		return nil, r.err
	}
	def, err := r.def.renamed(p.rename)
	if err != nil {
		return nil, err
	}
	r.sent = parcel.Routine{Name: r.name, Def: def.encode(), Inner: r}
	p.known[key] = r
	return r, nil
}

func (p *packer) Pack(call Call, copies []byte) (_ *parcel.Routine, payload, tail []byte, err error) {
	r, err := p.routine(call)
	if err != nil {
		return nil, nil, nil, err
	}
	payload, tail, err = r.arg.append(beforeArgument(copies), call.Argument())
	return &r.sent, payload, tail, err
}

func (p *packer) Unpack(sent *parcel.Routine, call Call, prefix, payload []byte) {
	r := sent.Inner.(*packed)
	result := r.shape.NewResult()
	if err := r.decode(prefix, payload, result); err != nil {
		call.Finish(nil, err)
		return
	}
	call.Finish(result, nil)
}

// maxDecoders is how many processes a routine's results may come from before their ways to encode are forgotten.
const maxDecoders = 1024

func (r *packed) decode(prefix, payload []byte, to any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.decoders[string(prefix)]
	if d == nil {
		var err error
		if d, err = r.res.decoder(prefix); err != nil {
			return err
		}
		if len(r.decoders) >= maxDecoders {
			clear(r.decoders)
		}
		r.decoders[string(prefix)] = d
	}
	return d.decode(payload, true, to)
}

// encode is the definition as bytes.
func (d definition) encode() []byte {
	var b bytes.Buffer
	_ = gob.NewEncoder(&b).Encode(d) // of strings and numbers
	return b.Bytes()
}

// renamed returns the definition with its files called otherwise.
func (d definition) renamed(name func(string) (string, error)) (definition, error) {
	var err error
	d.Modules = slices.Clone(d.Modules)
	for i, f := range d.Modules {
		if d.Modules[i], err = name(f); err != nil {
			return d, err
		}
	}
	for _, p := range []*place{&d.Func, &d.Shape} {
		if p.Module == "" {
			continue
		}
		if p.Module, err = name(p.Module); err != nil {
			return d, err
		}
	}
	return d, nil
}

func localize(def []byte, local func(string) (string, error)) ([]byte, error) {
	var d definition
	err := gob.NewDecoder(bytes.NewReader(def)).Decode(&d)
	if err == nil {
		d, err = d.renamed(local)
	}
	if err != nil {
		return nil, fmt.Errorf("process: what should be a function: %w", err)
	}
	return d.encode(), nil
}

func failed(b []byte, pid int, host string) error {
	var f failure
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&f); err != nil {
		return err
	}
	err := f.err(pid)
	if r, ok := err.(*RemoteError); ok {
		r.Host = host
	}
	return err
}

// A rawCall is a call whose function and types this process has no need to know.
type rawCall struct{ *parcel.Task }

func (c *rawCall) Run()                     {}
func (c *rawCall) Cancel() bool             { return false }
func (c *rawCall) Context() context.Context { return c.Task.Context }
func (c *rawCall) Begin() bool              { return c.Task.Begin() }
func (c *rawCall) Function() any            { return nil }
func (c *rawCall) Argument() any            { return nil }
func (c *rawCall) Each() bool               { return false }
func (c *rawCall) Shape() Shape             { return rawShape{} }

func (c *rawCall) Finish(result any, err error) {
	switch r := result.(type) {
	case *parcel.Outcome:
		c.Done(*r)
	default:
		c.Done(parcel.Outcome{Err: err})
	}
}

// rawShape and rawCodec leave results as they are.
type rawShape struct{}

func (rawShape) NewArgument() any                              { return nil }
func (rawShape) NewResult() any                                { return new(parcel.Outcome) }
func (rawShape) NewFunc() any                                  { return nil }
func (rawShape) Invoke(context.Context, any, any, any) error   { return errGarbage }
func (rawShape) append(b []byte, _ any) (_, _ []byte, _ error) { return b, nil, nil }
func (rawShape) prefix() []byte                                { return nil }
func (rawShape) decoder(prefix []byte) (decoder, error)        { return rawDecoder(bytes.Clone(prefix)), nil }

// A rawDecoder is the prefix of what it decodes.
type rawDecoder []byte

func (d rawDecoder) decode(b []byte, own bool, p any) error {
	if !own {
		b = bytes.Clone(b)
	}
	o := p.(*parcel.Outcome)
	o.Prefix, o.Result = d, b
	return nil
}

// runParcel has a pool run a task.
func runParcel(ex concurrency.Executor, t *parcel.Task) error {
	p := ex.(*Pool)
	if !mainCalled.Load() {
		return ErrNoMain
	}
	if err := systemError(); err != nil {
		return err
	}
	if err := p.prepare(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.shut:
		return concurrency.ErrShutdown
	case p.broken != nil:
		return p.broken
	}
	r, err := p.raw(t.Def)
	if err != nil {
		return err
	}
	it := &item{call: &rawCall{Task: t}, routine: r, owner: parcel.Owner{Out: t.Out}, payload: t.Payload, tail: t.Tail, copies: t.Copies}
	p.enter(it)
	p.queue.Push(it)
	p.pump()
	return nil
}

// raw returns the routine for a definition. c.mu is held.
func (c *core) raw(def []byte) (*routine, error) {
	if r := c.raws[string(def)]; r != nil {
		return r, nil
	}
	r := &routine{id: uint32(len(c.routines)), shape: rawShape{}, res: rawShape{}}
	if err := gob.NewDecoder(bytes.NewReader(def)).Decode(&r.def); err != nil {
		return nil, err
	}
	r.name = r.def.Name
	if c.raws == nil {
		c.raws = map[string]*routine{}
	}
	c.raws[string(def)] = r
	c.routines = append(c.routines, r)
	return r, nil
}

// rawFailure hands over what a worker says of a task without looking into it. It reports false if the call
// is of this process, which wants an error.
func rawFailure(it *item, f frame, pid int) bool {
	_, ok := it.call.(*rawCall)
	if ok {
		it.finish(&parcel.Outcome{Pid: pid, Failure: bytes.Clone(f.payload)}, nil)
	}
	return ok
}

func killParcels(ex concurrency.Executor, out task.Output, cause error) {
	ex.(*Pool).endOwner(func(o parcel.Owner) bool { return o.Out == out }, cause)
}
