package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/web"
	"github.com/gobraid/gobraid/concurrency/webtest"
)

func TestGet(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		r, err := c.Get(ctx, s.URL("/bytes/100"))
		if err != nil {
			t.Error(err)
			return
		}
		defer r.Close()
		if r.Status != 200 || !r.OK() || r.Length != 100 || r.URL != s.URL("/bytes/100") || r.Method != "GET" || r.Proto != "HTTP/1.1" ||
			r.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasSuffix(r.String(), "/bytes/100: 200 OK") {
			t.Errorf("%+v", r)
		}
		text, err := r.Text(ctx)
		if err != nil || len(text) != 100 {
			t.Errorf("%d bytes, %v", len(text), err)
		}
	})
}

// echoed is what /echo says was sent.
type echoed struct {
	Method, Path, Query, Body string
	Headers                   map[string]string
}

func TestPost(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, new(web.Client).WithHeader("X-A", "all").WithHeader("X-B", "all"))
		r, err := c.Post(ctx, s.URL("/echo/x?q=1"), "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Error(err)
			return
		}
		var e echoed
		ok(t, r.JSON(ctx, &e))
		if e.Method != "POST" || e.Path != "/echo/x" || e.Query != "q=1" || e.Body != "hello" || e.Headers["Content-Type"] != "text/plain" || e.Headers["X-A"] != "all" {
			t.Errorf("%+v", e)
		}

		r, err = c.PostJSON(ctx, s.URL("/echo"), map[string]int{"n": 7})
		if err != nil {
			t.Error(err)
			return
		}
		ok(t, r.JSON(ctx, &e))
		if e.Body != `{"n":7}` || e.Headers["Content-Type"] != "application/json" {
			t.Errorf("%+v", e)
		}

		req, _ := http.NewRequest("PUT", s.URL("/echo"), nil)
		req.Header.Set("X-A", "one")
		r, err = c.Do(ctx, req)
		if err != nil {
			t.Error(err)
			return
		}
		ok(t, r.JSON(ctx, &e))
		if e.Method != "PUT" || e.Headers["X-A"] != "one" || e.Headers["X-B"] != "all" || req.Header.Get("X-B") != "" {
			t.Errorf("%+v, and the request has %v", e, req.Header)
		}
	})
}

func TestShortForms(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		if text, err := c.GetText(ctx, s.URL("/bytes/27")); err != nil || text != "abcdefghijklmnopqrstuvwxyz." {
			t.Errorf("%q, %v", text, err)
		}
		var v struct{ Server string }
		if err := c.GetJSON(ctx, s.URL("/json"), &v); err != nil || v.Server != "webtest" {
			t.Errorf("%+v, %v", v, err)
		}
		if err := c.GetJSON(ctx, s.URL("/bytes/3"), &v); err == nil || !strings.Contains(err.Error(), "/bytes/3: 200 OK: invalid character") {
			t.Error(err)
		}
		_, err := c.GetText(ctx, s.URL("/status/404"))
		var status *web.StatusError
		if !errors.As(err, &status) || status.Status != 404 || !strings.HasSuffix(err.Error(), "/status/404: 404 Not Found") {
			t.Error(err)
		}
		if err := c.GetJSON(ctx, s.URL("/status/500"), &v); !errors.As(err, &status) || status.Status != 500 {
			t.Error(err)
		}
	})
}

// A status is an error for who asks for that.
func TestCheck(t *testing.T) {
	s := serve(t, webtest.New().WithRate(2, time.Hour))
	plain, checks := closed(t, web.NewClient()), closed(t, web.NewClient().WithCheck())
	r, err := plain.Get(background, s.URL("/status/503"))
	if err != nil {
		t.Fatal(err)
	}
	var status *web.StatusError
	if err := r.Check(); !errors.As(err, &status) || status.Status != 503 || status.Method != "GET" || status.RetryAfter != 0 {
		t.Error(err)
	}
	if text, err := r.Text(background); err != nil || text != "Service Unavailable\n" {
		t.Errorf("%q, %v", text, err)
	}
	r, err = checks.Get(background, s.URL("/json"))
	ok(t, err)
	ok(t, r.Check())
	r.Close()
	if _, err = checks.Get(background, s.URL("/json")); !errors.As(err, &status) || status.Status != 429 || status.RetryAfter < time.Second || status.RetryAfter > time.Hour ||
		!strings.Contains(err.Error(), "429 Too Many Requests, retry after ") {
		t.Error(err)
	}
}

func TestRetryAfterIsADate(t *testing.T) {
	s := serve(t, webtest.New().WithHandler("/at", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", "Sat, 21 Nov 2026 20:00:00 GMT")
		w.Header().Set("Retry-After", "Sat, 21 Nov 2026 20:01:30 GMT")
		w.WriteHeader(503)
	})).WithHandler("/never", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "soon")
		w.WriteHeader(503)
	})))
	c := closed(t, web.NewClient().WithCheck())
	for path, want := range map[string]time.Duration{"/at": 90 * time.Second, "/never": 0} {
		_, err := c.Get(background, s.URL(path))
		var status *web.StatusError
		if !errors.As(err, &status) || status.RetryAfter != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestErrors(t *testing.T) {
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		if _, err := c.Get(ctx, ":"); err == nil {
			t.Error("no error for an address that is none")
		}
		if _, err := c.Post(ctx, ":", "", nil); err == nil {
			t.Error("no error for an address that is none")
		}
		if _, err := c.PostJSON(ctx, "http://127.0.0.1", func() {}); err == nil || !strings.HasPrefix(err.Error(), "concurrency/web: the body of a request: json:") {
			t.Error(err)
		}
		broken := errors.New("broken")
		c = closed(t, web.NewClient().WithTransport(failing{broken}))
		_, err := c.Get(ctx, "http://nowhere.invalid/x")
		is(t, err, broken)
		if err == nil || !strings.HasPrefix(err.Error(), `Get "http://nowhere.invalid/x"`) {
			t.Error(err)
		}
		err = c.GetJSON(ctx, "http://nowhere.invalid/x", nil)
		is(t, err, broken)
	})
}

// failing is a transport that fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// Redirects are followed.
func TestRedirect(t *testing.T) {
	s := serve(t, webtest.New().WithHandler("/from", http.RedirectHandler("/bytes/5", http.StatusFound)))
	c := closed(t, web.NewClient())
	r, err := c.Get(background, s.URL("/from"))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := r.Bytes(background); err != nil || len(text) != 5 || r.URL != s.URL("/bytes/5") {
		t.Errorf("%v: %q, %v", r, text, err)
	}
}

// The body of a request is closed.
func TestBodyIsClosed(t *testing.T) {
	s := serve(t, webtest.New())
	c := closed(t, web.NewClient())
	b := &body{Reader: strings.NewReader("x"), closed: make(chan struct{})}
	r, err := c.Post(background, s.URL("/echo"), "text/plain", b)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	<-b.closed
}

type body struct {
	io.Reader
	closed chan struct{}
}

func (b *body) Close() error {
	close(b.closed)
	return nil
}

func TestOptionsComeFirst(t *testing.T) {
	s := serve(t, webtest.New())
	c := closed(t, web.NewClient().WithLimit(0).WithHostLimit(0).WithTimeout(-1))
	_, err := c.GetText(background, s.URL("/"))
	ok(t, err)
	for want, f := range map[string]func(){
		"concurrency/web: Client: WithLimit after the first request":     func() { c.WithLimit(1) },
		"concurrency/web: Client: WithHostLimit after the first request": func() { c.WithHostLimit(1) },
		"concurrency/web: Client: WithTimeout after the first request":   func() { c.WithTimeout(1) },
		"concurrency/web: Client: WithHeader after the first request":    func() { c.WithHeader("a", "b") },
		"concurrency/web: Client: WithCheck after the first request":     func() { c.WithCheck() },
		"concurrency/web: Client: WithTransport after the first request": func() { c.WithTransport(nil) },
		"concurrency/web: Client: WithLimit of less than 0":              func() { new(web.Client).WithLimit(-1) },
		"concurrency/web: Client: WithHostLimit of less than 0":          func() { new(web.Client).WithHostLimit(-1) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panic = %v, want %s", got, want)
				}
			}()
			f()
		}()
	}
}

func TestRefusedInVirtualTime(t *testing.T) {
	r, _ := tasktest.NewRun(t, 1)
	r.Virtual(1)
	end := r.Do(func() { web.NewClient().Get(background, "http://127.0.0.1/") })
	var refused *task.Refused
	if end.Panic == nil || !errors.As(end.Panic, &refused) {
		t.Errorf("end = %+v", end)
	}
}
