package live

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/timeline"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/threads"
)

// timelineMagic is %%timeline.
func timelineMagic() wrapper {
	return wrapper{
		Magic: magic.Magic{
			Name: "timeline", Cell: true, Usage: "[-threads] [-hover]",
			Help: `Runs the cell and draws what its tasks did over time.
Each task has a lane: when it ran, what it waited for and when it slept, with arrows for values, unlocks, completions and
cancellations; the line of the source is on hover. A text says the same. With -threads a second picture, of Go's own
execution trace, shows which processor and thread ran what.
The picture is an SVG, which all front ends show. JupyterLab shows it as an image, where nothing is said on hover: with
-hover it is put into the page there, but then GitHub, and JupyterLab in a notebook of somebody else, do not show it.
While it records, what tasks do costs more: a channel operation about half a microsecond.`,
			Run: func(context.Context, magic.Call, magic.Env) error {
				return errors.New("%%timeline stands above everything else in a cell")
			},
		},
		apply: func(args string, h *how) error {
			for _, a := range strings.Fields(args) {
				switch a {
				case "-threads":
					h.threads = true
				case "-hover":
					h.hover = true
				default:
					return fmt.Errorf("%%%%timeline takes -threads and -hover, not %q", a)
				}
			}
			h.record = true
			return nil
		},
	}
}

// A recorded is what records a run.
type recorded struct {
	tasks   *task.Recording
	threads *threads.Capture
	hover   bool   // the pictures are to be part of the page
	note    string // why there is no picture of threads
}

// recording begins to record a run that is about to begin.
func (h how) recording(run *task.Run) *recorded {
	if !h.record {
		return nil
	}
	r := &recorded{tasks: run.Record(0), hover: h.hover}
	if h.threads {
		var err error
		if r.threads, err = threads.Start(); err != nil {
			r.note = "no picture of threads: " + err.Error()
		}
	}
	return r
}

// pictures ends the recording and returns its pictures.
func (r *recorded) pictures(s *Session, cell int) []interp.Data {
	if r == nil {
		return nil
	}
	tr := r.tasks.Trace()
	r.tasks.Stop()
	names := map[int64]string{}
	for i := range tr.Tasks {
		t := &tr.Tasks[i]
		t.Name = s.traceName(*t, cell)
		names[t.ID] = t.Name
	}
	place := func(site task.Site) string { return s.position(site, cell) }
	title := s.texts.cell(cell)
	opt := timeline.Options{
		Title: strings.ToUpper(title[:1]) + title[1:], Place: place,
		Source: func(site task.Site) string { return s.texts.line(site.Cell(), site.Line()) },
		Object: func(tr *task.Trace, n int) string { return s.traceObject(tr.Objects[n-1], cell) },
		Note:   r.note,
	}
	all := []interp.Data{picture(timeline.SVG(tr, opt), timeline.Text(tr, opt), "timeline", r.hover)}
	if r.threads == nil {
		return all
	}
	record, err := r.threads.Stop()
	if err != nil {
		return append(all, quiet("no picture of threads: "+err.Error(), map[string]any{"kind": "threads"}))
	}
	topt := threads.Options{Title: opt.Title + ": threads", Name: func(id int64) string { return names[id] }, Place: place}
	return append(all, picture(record.SVG(topt), record.Text(topt), "threads", r.hover))
}

// picture shows an SVG with what it says in words. An HTML form is given only when it is asked for: front ends prefer it, and those
// that do not trust a notebook leave nothing of the picture in it.
func picture(svg []byte, text, kind string, html bool) interp.Data {
	d := interp.Data{
		MIME:     map[string]any{"image/svg+xml": string(svg), "text/plain": text},
		Metadata: map[string]any{"gobraid": map[string]any{"kind": kind}},
	}
	if html {
		d.MIME["text/html"] = "<div>" + string(svg) + "</div>"
	}
	return d
}

// traceName names a task of a trace.
func (s *Session) traceName(t task.TraceTask, cell int) string {
	name := s.taskName(task.Info{ID: t.ID, Name: t.Name, Cell: cell, Parent: t.Parent, Site: t.Site})
	if name == literal(t.Site.Line()) {
		return "func" // the line is said beside it
	}
	return name
}

// traceObject names what tasks of a trace waited for: as the first who used it does, unless that is a name inside a
// function and the session has one.
func (s *Session) traceObject(o task.TraceObject, from int) string {
	at, ok := s.places.find(o.Site, opSend, opReceive, opSelect, opLock, opRLock, opGroup, opCond, opOnce)
	ok = ok && len(at.things) == 1 && int(at.line) == o.Site.Line() && int(at.column) == o.Site.Column()
	if o.Site.Column() == 0 && strings.Contains(o.Type, "concurrency.") {
		at, ok = s.places.find(o.Site, opCall)
		ok = ok && len(at.things) == 1
	}
	if ok && !at.things[0].local {
		return s.thing(at.things[0], from)
	}
	for _, channel := range []bool{true, false} {
		if t, found := s.places.seek(sought{address: o.Address, channel: channel}); found {
			return s.thing(t, from)
		}
	}
	if ok {
		return s.thing(at.things[0], from)
	}
	return ""
}
