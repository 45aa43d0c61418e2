package webtest_test

import (
	"io"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/webtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A user asks a server.
type user struct {
	t *testing.T
	s *webtest.Server
	c *http.Client
}

// newUser returns who asks s. Both end with the test.
func newUser(t *testing.T, s *webtest.Server) *user {
	t.Helper()
	u := &user{t, s, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	t.Cleanup(func() {
		u.c.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return u
}

// get returns the answer to a GET, read to its end.
func (u *user) get(path string) (*http.Response, string) {
	u.t.Helper()
	resp, err := u.c.Get(u.s.URL(path))
	if err != nil {
		u.t.Errorf("GET %s: %v", path, err)
		return &http.Response{Header: http.Header{}}, ""
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		u.t.Errorf("GET %s: %v", path, err)
	}
	return resp, string(text)
}

// statuses returns those of n requests, one after the other.
func (u *user) statuses(path string, n int) []int {
	u.t.Helper()
	all := make([]int, n)
	for i := range all {
		resp, _ := u.get(path)
		all[i] = resp.StatusCode
	}
	return all
}

// panics fails the test unless f panics with a string.
func panics(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != want {
			t.Errorf("panic = %v, want %s", got, want)
		}
	}()
	f()
}
