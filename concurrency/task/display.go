package task

// A Displayer is an [Output] that can show more than text. Like Write, its methods are called from several
// goroutines, and may block.
type Displayer interface {
	// Display shows something in one or several MIME types; metadata may be nil. With update it replaces what was
	// shown under the id.
	Display(mime, metadata map[string]any, id string, update bool)
	// Clear removes what the cell has given out, with wait only when the next output comes.
	Clear(wait bool)
}

// A Renderer is an [Output] that knows how a value is best shown where it leads.
type Renderer interface {
	Render(v any) (mime, metadata map[string]any)
}

// Display shows something under the calling task's cell, after what the task has printed. It reports false when there
// is nothing that could show it. See [Displayer].
func Display(mime, metadata map[string]any, id string, update bool) bool {
	return show(func(d Displayer) { d.Display(mime, metadata, id, update) })
}

// Clear removes what the calling task's cell has given out. It reports false when there is nothing that
// could. See [Displayer].
func Clear(wait bool) bool { return show(func(d Displayer) { d.Clear(wait) }) }

// Render returns the forms in which the calling task's cell would show v, or false if it does not say.
func Render(v any) (mime, metadata map[string]any, ok bool) {
	t, r := owner()
	if r == nil {
		return nil, nil, false
	}
	if f, is := outputFor(t, r).(Renderer); is {
		mime, metadata = f.Render(v)
		return mime, metadata, true
	}
	return nil, nil, false
}

// show calls f with what shows the calling task's displays.
func show(f func(Displayer)) bool {
	if Stop.Load() != 0 {
		Safepoint()
	}
	t, r := owner()
	t.abide()
	if r == nil {
		return false
	}
	d, ok := outputFor(t, r).(Displayer)
	if !ok {
		return false
	}
	if t != nil && t.end != nil && r.panicked.Load() || r.stdout.shut.Load() {
		return true
	}
	limit := r.ctx.Done()
	if t != nil {
		limit = t.block(WaitOutput, nil, 0)
		defer t.unblock()
	}
	stdout, stderr := streams(t, r)
	stdout.flush(limit)
	stderr.flush(limit)
	f(d)
	return true
}
