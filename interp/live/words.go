package live

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// position returns a site as one reads it in a text with the id from: "line 3", or "cell 2, line 3" when it is in another.
func (s *Session) position(site task.Site, from int) string {
	if site.Cell() == from {
		return fmt.Sprintf("line %d", site.Line())
	}
	return s.texts.place(site.Cell(), site.Line(), 0)
}

// thing returns what is operated on with the place of its declaration: "jobs (line 3)".
func (s *Session) thing(t thing, from int) string {
	if t.at == 0 {
		return t.text
	}
	return fmt.Sprintf("%s (%s)", t.text, s.position(t.at, from))
}

// A view is what is said of tasks at one moment.
type view struct {
	*Session
	now   time.Time
	locks map[any]task.LockInfo // made when first needed
	stuck map[int64]bool        // tasks that are proved to wait for ever
}

func (s *Session) view() *view { return &view{Session: s, now: time.Now()} }

// lock returns what is known of a lock.
func (v *view) lock(object any) task.LockInfo {
	if v.locks == nil {
		v.locks = map[any]task.LockInfo{}
		for _, l := range task.Locks() {
			v.locks[l.Object] = l
		}
	}
	return v.locks[object]
}

// heldBy says who has the lock that a task waits for: ", held by worker since line 9".
func (v *view) heldBy(w task.Wait, from int) string {
	_, library := w.Object.(task.Lockable)
	if w.Kind != task.WaitLock && w.Kind != task.WaitRLock && !library || w.Object == nil || !reflect.TypeOf(w.Object).Comparable() {
		return ""
	}
	holders := v.lock(w.Object).Holders
	if len(holders) == 0 {
		return ""
	}
	text := ", held by " + v.holder(holders[0], from)
	if n := len(holders) - 1; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// holder says who has a lock and since which line: "worker since line 9".
func (v *view) holder(h task.Holder, from int) string {
	text := v.holderName(h)
	if h.Site != 0 {
		text += " since " + v.position(h.Site, from)
	}
	if h.Ended {
		text += ", which has ended without unlocking it"
	}
	return text
}

// holderName returns what who has a lock is called.
func (v *view) holderName(h task.Holder) string {
	if t := task.Find(h.Task); t != nil {
		return v.taskName(t.Info())
	}
	switch {
	case h.Name == "main":
		return v.texts.cell(h.Cell)
	case h.Name != "":
		return h.Name
	case h.Cell == 0:
		return "code outside cells"
	}
	return "a task of " + v.texts.cell(h.Cell)
}

// waitWords says in a clause what a task waits for, without since when: "waits to receive on jobs (line 3)". It is read
// beside the text with the id from.
func (v *view) waitWords(w task.Wait, from int) string {
	switch w.Kind {
	case task.WaitNone:
		return "runs"
	case task.WaitSleep:
		return "sleeps" + v.atLine(w.Site, from)
	case task.WaitForever:
		return "waits for ever in select {}" + v.atLine(w.Site, from)
	case task.WaitOutput:
		return "waits for its output to be taken"
	case task.WaitInput:
		return "waits for input"
	case task.WaitLibrary:
		if at, ok := v.places.wait(w); ok && at.name != "" {
			return "is in a call of " + at.name + v.atLine(w.Site, from) + whichWaits(w)
		}
		return "is inside library code" + v.atLine(w.Site, from) + whichWaits(w)
	}
	return waitVerbs[w.Kind] + v.waited(w, from)
}

// whichWaits says what library code waits for, if that is known.
func whichWaits(w task.Wait) string {
	if w.Detail == "" {
		return ""
	}
	return ", which waits for " + w.Detail
}

// waitVerbs begin what is said of a wait for something.
var waitVerbs = map[task.Kind]string{
	task.WaitSend:    "waits to send on ",
	task.WaitReceive: "waits to receive on ",
	task.WaitSelect:  "waits in a select on ",
	task.WaitLock:    "waits for ",
	task.WaitRLock:   "waits to read under ",
	task.WaitGroup:   "waits for the group ",
	task.WaitCond:    "waits on the condition ",
	task.WaitOnce:    "waits for the first call of ",
	task.WaitResult:  "waits for ",
}

// waited names what a task waits for.
func (s *Session) waited(w task.Wait, from int) string {
	if x, ok := w.Object.(interface{ Awaited() string }); ok { // the answer to a request, say
		return x.Awaited() + s.atLine(w.Site, from)
	}
	at, ok := s.places.wait(w)
	var names []string
	if w.Kind == task.WaitSelect {
		for _, t := range at.things {
			names = append(names, t.text)
		}
	} else {
		for _, t := range at.things {
			names = append(names, s.thing(t, from))
		}
	}
	if w.Kind != task.WaitSelect && (len(names) == 0 || at.things[0].local) {
		if held, ok := s.places.held(w.Object); ok {
			if len(names) > 0 && held.text != at.things[0].text {
				return at.things[0].text + ", which is " + s.thing(held, from)
			}
			return s.thing(held, from)
		}
	}
	switch {
	case len(names) > 0:
		return strings.Join(names, ", ") + isNil(w)
	case ok && at.name != "":
		return at.name + s.atLine(w.Site, from)
	case w.Object == nil:
		return "something" + s.atLine(w.Site, from)
	case w.Kind == task.WaitSelect:
		return fmt.Sprintf("%d channels", len(w.Objects())) + s.atLine(w.Site, from)
	}
	return "a " + typeWords(w.Object) + s.atLine(w.Site, from)
}

// isNil says so when a wait is for a nil channel.
func isNil(w task.Wait) string {
	if w.Kind != task.WaitSend && w.Kind != task.WaitReceive {
		return ""
	}
	if v := reflect.ValueOf(w.Object); v.Kind() == reflect.Chan && v.IsNil() {
		return ", which is nil"
	}
	return ""
}

// typeWords names the type of what is waited for: "chan int", "sync.Mutex".
func typeWords(object any) string {
	t := strings.TrimLeft(reflect.TypeOf(object).String(), "*")
	t = strings.TrimPrefix(strings.TrimPrefix(t, "<-"), "main.")
	name, _, _ := strings.Cut(t, "[")
	return strings.Replace(name, "chan<-", "chan", 1)
}

// atLine returns a site as " at line 3", nothing when it is not known.
func (s *Session) atLine(site task.Site, from int) string {
	if site == 0 {
		return ""
	}
	return " at " + s.position(site, from)
}

// taskName returns what a task is called: the name it was given, the function it was started with, or its cell.
func (s *Session) taskName(i task.Info) string {
	switch {
	case isMain(i):
		return s.texts.cell(i.Cell)
	case i.Name != "":
		return i.Name
	}
	if name := s.places.started(i.Site); name != "" {
		return name
	}
	if i.Site == 0 {
		return "a goroutine of a library"
	}
	return "a task"
}

// literal is the name of a task that was started with a function literal.
func literal(line int) string { return fmt.Sprintf("func at line %d", line) }

// isMain tells whether a task is the main task of a run.
func isMain(i task.Info) bool { return i.Parent == 0 && i.Site == 0 && i.Name == "main" }

// titled returns a task's name with the line it was started at: "worker (line 7)".
func (s *Session) titled(i task.Info, from int) string {
	name := s.taskName(i)
	if i.Site == 0 {
		return name
	}
	at := s.position(i.Site, from)
	if name == literal(i.Site.Line()) {
		return "func at " + at
	}
	return fmt.Sprintf("%s (%s)", name, at)
}

// span writes a duration for people: "300 µs", "1.2 ms", "12 ms", "1.24 s", "3 min 20 s", "2 h 5 min".
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "0 s"
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Round(time.Microsecond)/time.Microsecond)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond)/time.Millisecond)
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", d.Round(time.Second)/time.Second)
	case d < time.Hour:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

// many writes a number of things: "1 task", "3 tasks".
func many(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
