package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// ErrClosed is the error of reading a body that was closed: by [Response.Close], or at the end of the loop that it was asked for on.
var ErrClosed = errors.New("concurrency/web: the response is closed")

// A StatusError is the error of an answer whose status is not from 200 to 299.
type StatusError struct {
	Method, URL string
	Status      int
	// RetryAfter is how long the server asks to wait before the next request, 0 if it does not say.
	RetryAfter time.Duration
}

// Error says which request was answered how.
func (e *StatusError) Error() string {
	s := fmt.Sprintf("concurrency/web: %s %s: %d", e.Method, e.URL, e.Status)
	if text := http.StatusText(e.Status); text != "" {
		s += " " + text
	}
	if e.RetryAfter > 0 {
		s += fmt.Sprintf(", retry after %v", e.RetryAfter)
	}
	return s
}

// retryAfter returns what the header Retry-After says: seconds, or a date, which is compared with that of the answer.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	at, err := http.ParseTime(value)
	now, err2 := http.ParseTime(h.Get("Date"))
	if err != nil || err2 != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}
