package task

// A Client is a task that hands functions over for others to run: to a pool of workers, say. What runs for it
// is a child of that task, prints where it prints, and is killed with its run. The zero Client stands for
// code that belongs to no run.
type Client struct {
	run  *Run
	up   *ancestor
	to   *redirection
	site Site
	log  *taskLog // nil unless the task is recorded
}

// ClientAt returns the calling task as a client that hands something over at site. It costs about 10 ns.
func ClientAt(site Site) Client {
	t := here()
	if t == nil {
		return Client{}
	}
	return Client{t.run, t.ancestor(), t.to.Load(), site, t.log}
}

// ClientHere is ClientAt with the site that [Here] returns. It costs what that does, and 1 ns in a program without runs.
func ClientHere() Client {
	if !cells.Load() {
		return Client{}
	}
	t := here()
	if t == nil {
		return Client{}
	}
	return Client{t.run, t.ancestor(), t.to.Load(), siteAbove(t), t.log}
}

// None reports whether c is the zero Client: no run's.
func (c *Client) None() bool { return c.run == nil }

// Go runs f in a new task, a child of the client's, whoever calls Go and when. Without a run it is a plain go statement.
// Unlike a task that the function [Go] starts, one whose run is killed already runs up to its first safepoint or
// wait: a library can so have deferred functions that tell others of its end. It should call [Safepoint] before
// it does anything else.
func (c Client) Go(f func()) {
	if c.run == nil {
		go f()
		return
	}
	t := &Task{run: c.run, site: c.site, f: f, up: c.up, always: true, log: c.log}
	t.inherit(c.to)
	t.start(0)
}

// Shares reports whether a task that was started for c, and is done with that, may go on with what o has handed over, see
// [Client.Assume]. It may if both belong to the same run, or to none, and that is neither recorded nor controlled: there
// each function gets a task of its own, for that is what is looked at.
func (c Client) Shares(o Client) bool {
	return c.run == o.run && (c.run == nil || c.run.ctl == nil && c.run.rec == nil && c.log == nil && o.log == nil && !c.run.killed.Load())
}

// Assume makes the calling task, which was started by [Client.Go] of a client that shares it with c, a child of c's from now
// on: as if it had just been started there, with the same name. It costs about 5 ns if it is that already. It must
// be called between two functions and not within one.
func (c Client) Assume() {
	if c.run == nil {
		return
	}
	t := current()
	if t == nil || t.run != c.run {
		return
	}
	t.calling, t.noted = 0, false
	if t.up != c.up || t.site != c.site {
		t.mu.Lock()
		t.up, t.site, t.self = c.up, c.site, nil
		t.mu.Unlock()
	}
	if t.to.Load() != c.to {
		t.to.Store(c.to)
	}
	t.carry()
}

// Live reports whether the calling code is neither recorded nor under control, nor is anything else in the process, so that
// a library may do as little as plain Go does.
func Live() bool { return watch.Load() == 0 }
