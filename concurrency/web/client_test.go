package web_test

import (
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/web"
)

func TestClientString(t *testing.T) {
	for want, c := range map[string]*web.Client{
		"HTTP client, at most 100 requests at a time":                        web.NewClient(),
		"HTTP client, any number of requests at a time, 2s for each":         web.NewClient().WithLimit(0).WithTimeout(2 * time.Second),
		"HTTP client, at most 7 requests at a time, 3 connections to a host": web.NewClient().WithLimit(7).WithHostLimit(3),
	} {
		if got := c.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
