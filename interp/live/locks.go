package live

import (
	"context"
	"fmt"
	"html"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// locksMagic is %locks.
func (s *Session) locksMagic(_ context.Context, call magic.Call, env magic.Env) error {
	if call.Args != "" {
		return fmt.Errorf("%%locks takes nothing, not %q", call.Args)
	}
	v := s.view()
	var all []lockWords
	for _, l := range task.Locks() {
		all = append(all, v.lockWords(l))
	}
	env.Out.Display(interp.Data{MIME: map[string]any{"text/plain": locksText(all), "text/html": locksHTML(all)}})
	return nil
}

// lockWords is what is said of a lock.
type lockWords struct {
	name    string
	holders []string
	queue   []string // who came first is in front
}

// queued is how many who wait for a lock are listed.
const queued = 20

func (v *view) lockWords(l task.LockInfo) lockWords {
	w := lockWords{name: v.lockName(l) + ", " + l.Kind}
	for _, h := range l.Holders {
		text := fmt.Sprintf("%d %s, locked at %s", h.Task, v.holderName(h), v.position(h.Site, 0))
		if h.Read {
			text = strings.Replace(text, ", locked", ", locked for reading", 1)
		}
		if h.Ended {
			text += "; it has ended without unlocking"
		}
		w.holders = append(w.holders, text)
	}
	for n, i := range l.Waiters {
		if n == queued && len(l.Waiters) > queued+1 {
			w.queue = append(w.queue, fmt.Sprintf("and %d more", len(l.Waiters)-n))
			break
		}
		verb := "waits"
		if i.Wait.Kind == task.WaitRLock {
			verb = "waits to read"
		}
		w.queue = append(w.queue, fmt.Sprintf("%d %s %s at %s since %s",
			i.ID, v.titled(i, 0), verb, v.position(i.Wait.Site, 0), span(v.now.Sub(i.Wait.Since))))
	}
	return w
}

// lockName names a lock: by the variable of the session that it is in, or by what those call it who use it.
func (v *view) lockName(l task.LockInfo) string {
	if t, ok := v.places.held(l.Object); ok {
		return v.thing(t, 0)
	}
	for _, i := range l.Waiters {
		if at, ok := v.places.wait(i.Wait); ok && len(at.things) > 0 {
			return v.thing(at.things[0], 0)
		}
	}
	for _, h := range l.Holders {
		if at, ok := v.places.find(h.Site, opLock, opRLock, opCall); ok && len(at.things) > 0 {
			return v.thing(at.things[0], 0)
		}
	}
	return "a lock"
}

// noLocks is said when there is nothing else to say.
const noLocks = "no lock is held or waited for"

func locksText(all []lockWords) string {
	if len(all) == 0 {
		return noLocks
	}
	var b strings.Builder
	for _, l := range all {
		b.WriteString(l.name + "\n")
		for _, h := range l.holders {
			b.WriteString("  held by " + h + "\n")
		}
		if len(l.holders) == 0 {
			b.WriteString("  held by nobody known\n")
		}
		for i, q := range l.queue {
			fmt.Fprintf(&b, "  %d. %s\n", i+1, q)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func locksHTML(all []lockWords) string {
	if len(all) == 0 {
		return noLocks
	}
	const left = `style="text-align:left;vertical-align:top"`
	lines := func(list []string) string {
		var escaped []string
		for _, l := range list {
			escaped = append(escaped, html.EscapeString(l))
		}
		return strings.Join(escaped, "<br>")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<table><thead><tr><th %[1]s>lock</th><th %[1]s>held by</th><th %[1]s>queue</th></tr></thead><tbody>\n", left)
	for _, l := range all {
		fmt.Fprintf(&b, "<tr><td %[1]s>%[2]s</td><td %[1]s>%[3]s</td><td %[1]s>%[4]s</td></tr>\n",
			left, html.EscapeString(l.name), lines(l.holders), lines(l.queue))
	}
	b.WriteString("</tbody></table>")
	return b.String()
}
