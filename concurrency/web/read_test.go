package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/web"
	"github.com/gobraid/gobraid/concurrency/webtest"
)

func TestLines(t *testing.T) {
	s := serve(t, webtest.New().WithHandler("/mixed", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "a\r\n\nb\rc\nlast")
	})))
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		for path, want := range map[string]string{
			"/lines/3": `["line 1" "line 2" "line 3"]`,
			"/lines/0": `[]`,
			"/mixed":   `["a" "" "b\rc" "last"]`,
		} {
			r, err := c.Get(ctx, s.URL(path))
			if err != nil {
				t.Error(err)
				return
			}
			var got []string
			for line, err := range r.Lines(ctx) {
				ok(t, err)
				got = append(got, line)
			}
			if fmt.Sprintf("%q", got) != want {
				t.Errorf("%s: %q", path, got)
			}
			if _, err := r.ReadLine(ctx); err != io.EOF {
				t.Errorf("after the last line: %v", err)
			}
		}
	})
}

// A line is there before the next is sent.
func TestLinesAreStreamed(t *testing.T) {
	everywhere(t, func(t *testing.T, ctx context.Context) {
		next := make(chan struct{})
		s := webtest.New().WithHandler("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for i := range 3 {
				fmt.Fprintln(w, i)
				w.(http.Flusher).Flush()
				<-next
			}
		}))
		defer s.Close()
		c := closed(t, web.NewClient())
		r, err := c.Get(ctx, s.URL("/"))
		if err != nil {
			t.Error(err)
			return
		}
		n := 0
		for line, err := range r.Lines(ctx) {
			ok(t, err)
			if line != fmt.Sprint(n) {
				t.Errorf("line %d: %q", n, line)
			}
			n++
			next <- struct{}{} // the server waits for it
		}
		if n != 3 {
			t.Errorf("%d lines", n)
		}
	})
}

func TestRead(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		for _, n := range []int{0, 1, 5, 32 << 10, 32<<10 + 1, 1 << 20} {
			r, err := c.Get(ctx, s.URL(fmt.Sprint("/bytes/", n)))
			if err != nil {
				t.Error(err)
				return
			}
			sum := 0
			for {
				p, err := r.Read(ctx, 10_000)
				sum += len(p)
				if err == io.EOF {
					break
				}
				if err != nil || len(p) == 0 || len(p) > 10_000 {
					t.Errorf("%d bytes, %v", len(p), err)
					break
				}
			}
			if sum != n {
				t.Errorf("%d of %d bytes", sum, n)
			}
			if rest, err := r.Bytes(ctx); err != nil || len(rest) != 0 {
				t.Errorf("after the end: %d bytes, %v", len(rest), err)
			}
		}
	})
}

// What was read is the reader's own.
func TestBytesAreNotShared(t *testing.T) {
	s := serve(t, webtest.New())
	c := closed(t, web.NewClient())
	r, err := c.Get(background, s.URL("/bytes/8"))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := r.Read(background, 3)
	_ = append(a, "XXX"...)
	b, _ := r.Bytes(background)
	if string(a)+string(b) != "abcdefg." {
		t.Errorf("%q, %q", a, b)
	}
}

func TestNoBody(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		req, _ := http.NewRequest("HEAD", s.URL("/bytes/500"), nil)
		r, err := c.Do(ctx, req)
		if err != nil {
			t.Error(err)
			return
		}
		if text, err := r.Text(ctx); err != nil || text != "" || r.Length != 500 {
			t.Errorf("%q, %v, length %d", text, err, r.Length)
		}
	})
}

// A body that is broken off is an error, and not an end.
func TestBrokenOff(t *testing.T) {
	s := serve(t, webtest.New().WithHandler("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})))
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		r, err := c.Get(ctx, s.URL("/"))
		if err != nil {
			return // it was broken off before the head came
		}
		if text, err := r.Text(ctx); err == nil {
			t.Errorf("%q, no error", text)
		}
		if _, err := r.ReadLine(ctx); err == nil || err == io.EOF {
			t.Errorf("then %v", err)
		}
	})
}

// Reading after Close is an error.
func TestClose(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient().WithLimit(1))
		for range 3 { // a body that is closed gives its place back
			r, err := c.Get(ctx, s.URL("/lines/2?every=3600"))
			if err != nil {
				t.Error(err)
				return
			}
			if line, err := r.ReadLine(ctx); err != nil || line != "line 1" {
				t.Errorf("%q, %v", line, err)
			}
			ok(t, r.Close())
			_, err = r.ReadLine(ctx)
			is(t, err, web.ErrClosed)
			ok(t, r.Close())
		}
		r, err := c.Get(ctx, s.URL("/bytes/3"))
		if err != nil {
			t.Error(err)
			return
		}
		text, err := r.Text(ctx)
		if err != nil || len(text) != 3 {
			t.Errorf("%q, %v", text, err)
		}
		ok(t, r.Close())
		if _, err := r.Read(ctx, 1); err != io.EOF {
			t.Errorf("after the end and Close: %v", err)
		}
	})
}

// It may be left early.
func TestLinesLeftEarly(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		r, err := c.Get(ctx, s.URL("/lines/100000"))
		if err != nil {
			t.Error(err)
			return
		}
		defer r.Close()
		for line := range r.Lines(ctx) {
			if strings.HasSuffix(line, "7") {
				break
			}
		}
		if line, err := r.ReadLine(ctx); err != nil || line != "line 8" {
			t.Errorf("%q, %v", line, err)
		}
	})
}
