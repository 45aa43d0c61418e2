package webtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/webtest"
)

func TestPaths(t *testing.T) {
	u := newUser(t, webtest.New())
	tests := []struct {
		path   string
		status int
		text   string // what the body begins with
		length int    // of the body, if it is not 0
	}{
		{"/", 200, "/delay/0.05 ", 0},
		{"", 200, "/delay/0.05 ", 0},
		{"/delay/0.001", 200, "waited 0.001 s\n", 15},
		{"/delay/0", 200, "waited 0 s\n", 11},
		{"/delay/x", 400, "The form is /delay/ and seconds.\n", 0},
		{"/delay/-1", 400, "The form is", 0},
		{"/delay/NaN", 400, "The form is", 0},
		{"/status/503", 503, "Service Unavailable\n", 0},
		{"/status/204", 204, "", 0},
		{"/status/599", 599, "status 599\n", 0},
		{"/status/99", 400, "The form is", 0},
		{"/status/", 400, "The form is", 0},
		{"/bytes/0", 200, "", 0},
		{"/bytes/1", 200, ".", 1},
		{"/bytes/27", 200, "abcdefghijklmnopqrstuvwxyz.", 27},
		{"/bytes/100000", 200, "abc", 100_000},
		{"/bytes/-1", 400, "The form is", 0},
		{"/bytes/2000000000", 400, "The form is", 0},
		{"/lines/3", 200, "line 1\nline 2\nline 3\n", 21},
		{"/lines/2?every=0.001", 200, "line 1\nline 2\n", 14},
		{"/lines/2?every=x", 400, "The form is", 0},
		{"/lines/0", 200, "", 0},
		{"/flaky/x", 400, "The form is", 0},
		{"/nothing", 404, "There is no /nothing. There are:\n/delay", 0},
	}
	for _, test := range tests {
		resp, text := u.get(test.path)
		if resp.StatusCode != test.status || !strings.HasPrefix(text, test.text) || test.length > 0 && len(text) != test.length {
			t.Errorf("%s: %d, %d bytes, %.60q", test.path, resp.StatusCode, len(text), text)
		}
	}
	if n := u.s.Stats().Requests; n != len(tests) {
		t.Errorf("%d requests are counted", n)
	}
}

func TestJSON(t *testing.T) {
	u := newUser(t, webtest.New())
	u.get("/")
	resp, text := u.get("/json")
	var v struct {
		Server  string
		Request int
		OK      bool
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil || v.Server != "webtest" || v.Request != 2 || !v.OK {
		t.Errorf("%s: %+v, %v", text, v, err)
	}
	if got := resp.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("type %s", got)
	}
}

func TestEcho(t *testing.T) {
	u := newUser(t, webtest.New())
	req, _ := http.NewRequest("PUT", u.s.URL("/echo/a?b=c"), strings.NewReader("body"))
	req.Header.Set("X-Test", "yes")
	resp, err := u.c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var v struct {
		Method, Path, Query, Body string
		Headers                   map[string]string
	}
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(v.Method, v.Path, v.Query, v.Body, v.Headers["X-Test"]); got != "PUT/echo/ab=cbodyyes" {
		t.Errorf("%+v", v)
	}
}

// Each URL counts for itself.
func TestFlaky(t *testing.T) {
	u := newUser(t, webtest.New())
	for path, want := range map[string]string{
		"/flaky":       "[503 200 200]",
		"/flaky/2":     "[503 503 200]",
		"/flaky/2?a=b": "[503 503 200]",
		"/flaky/0":     "[200 200 200]",
	} {
		if got := fmt.Sprint(u.statuses(path, 3)); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestHandler(t *testing.T) {
	say := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, text, " ", r.URL.Path) })
	}
	u := newUser(t, webtest.New().WithHandler("/mine", say("mine")).WithHandler("json/", say("json")))
	for path, want := range map[string]string{
		"/mine": "mine /mine", "/mine/a/b": "mine /mine/a/b", "/json": "json /json", "/bytes/1": ".", "/minex": "There",
	} {
		if _, text := u.get(path); !strings.HasPrefix(text, want) {
			t.Errorf("%s: %q", path, text)
		}
	}
	all := newUser(t, webtest.New().WithHandler("/", say("all")))
	if _, text := all.get("/bytes/1"); text != "all /bytes/1" {
		t.Errorf("the handler of / gave %q", text)
	}
}
