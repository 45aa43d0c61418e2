package notebooks_test

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/concurrency/experiment"
	"github.com/gobraid/gobraid/interp"
)

// A fake is a runner whose language has one command on a line:
//
//	print TEXT, complain TEXT   a line on standard output or error; in print, \r and \e are what they are in Go
//	write TEXT                  the same without a line end
//	by N TEXT                   a line that task N prints
//	picture SVG TEXT            shows a picture with words
//	display ID TEXT, update ID TEXT
//	clear, clear wait           takes back what was given out
//	cost TEXT                   what the outcome's metadata say under gobraid
//	record NAME VALUE           what experiment.Record shows
//	boom TEXT                   panics if an earlier cell has the text
//	engine                      prints the engine that the cell asks for
//	value TEXT                  the cell's result
//	panic TEXT                  ends the cell
//	hang                        blocks until the cell is interrupted
//	ask PROMPT                  prints what is answered
//	late NAME TEXT              starts a goroutine that prints when it is let go
//	letgo NAME                  lets it go and waits until it has printed
//	cancel                      calls cancel
type fake struct {
	interrupt chan struct{}
	cancel    func()

	mu   sync.Mutex
	late map[string]func() // by name
	seen string            // the cells so far
}

func newFake() *fake {
	return &fake{interrupt: make(chan struct{}, 1), late: map[string]func(){}}
}

func (f *fake) Run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	o := interp.Outcome{Engine: "fake"}
	defer func() { f.seen += req.Source + "\n" }()
	for l := range strings.Lines(req.Source) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(l), " ")
		if e := f.command(ctx, req, out, &o, verb, rest); e != nil {
			o.Error, o.Result = e, nil
			return o
		}
	}
	return o
}

var escapes = strings.NewReplacer(`\r`, "\r", `\e`, "\x1b")

func (f *fake) command(ctx context.Context, req interp.Request, out interp.Sink, o *interp.Outcome, verb, rest string) *interp.Error {
	id, text, _ := strings.Cut(rest, " ")
	plain := func(s string) map[string]any { return map[string]any{"text/plain": s} }
	switch verb {
	case "print":
		out.Output(interp.Stdout, []byte(escapes.Replace(rest)+"\n"))
	case "write":
		out.Output(interp.Stdout, []byte(rest))
	case "complain":
		out.Output(interp.Stderr, []byte(rest+"\n"))
	case "by":
		n, _ := strconv.ParseInt(id, 10, 64)
		out.(interp.TaskSink).OutputOf(n, interp.Stdout, []byte(text+"\n"))
	case "picture":
		out.Display(interp.Data{MIME: map[string]any{"image/svg+xml": id, "text/plain": text}})
	case "display":
		out.Display(interp.Data{MIME: plain(text), ID: id})
	case "update":
		out.Display(interp.Data{MIME: plain(text), ID: id, Update: true})
	case "record":
		v, _ := strconv.ParseFloat(text, 64)
		out.Display(interp.Data{MIME: map[string]any{experiment.MIME: map[string]any{"name": id, "value": v, "unit": "s"}, "text/plain": id + ": " + text + " s"}})
	case "boom":
		if strings.Contains(f.seen, rest) {
			return failure(interp.ErrPanic, "panic: "+rest)
		}
	case "engine":
		out.Output(interp.Stdout, []byte("asked: "+req.Engine+"\n"))
	case "clear":
		out.(interp.Clearer).Clear(rest == "wait")
	case "cost":
		o.Metadata = map[string]any{"other": 1, "gobraid": map[string]any{"cost": rest}}
	case "value":
		o.Result = &interp.Data{MIME: plain(rest)}
	case "note":
		o.Notes = append(o.Notes, interp.Data{MIME: plain(rest)})
	case "panic":
		return failure(interp.ErrPanic, "panic: "+rest)
	case "hang":
		select {
		case <-f.interrupt:
		case <-ctx.Done():
		}
		return failure(interp.ErrInterrupted, "interrupted")
	case "ask":
		if !req.AllowStdin {
			return failure(interp.ErrPanic, "no input")
		}
		answer, err := out.Input(ctx, rest, false)
		if err != nil {
			return failure(interp.ErrPanic, err.Error())
		}
		out.Output(interp.Stdout, []byte(answer+"\n"))
	case "late":
		f.hold(id, func() { out.Output(interp.Stdout, []byte(text+"\n")) })
	case "letgo":
		f.letgo(id)
	case "cancel":
		f.cancel()
	}
	return nil
}

func failure(name, value string) *interp.Error {
	return &interp.Error{Name: name, Value: value, Traceback: []string{name, "\x1b[31m" + value + "\x1b[0m"}}
}

func (f *fake) hold(name string, say func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.late[name] = say
}

// letgo prints from another goroutine than the cell's, as late output is.
func (f *fake) letgo(name string) {
	f.mu.Lock()
	say := f.late[name]
	f.mu.Unlock()
	var wg sync.WaitGroup
	wg.Go(say)
	wg.Wait()
}

func (f *fake) Interrupt() {
	select {
	case f.interrupt <- struct{}{}:
	default:
	}
}

func (f *fake) Names() []interp.Name { return nil }
func (f *fake) Close() error         { return nil }
