package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
)

// A Response is the answer to a request: its head, and its body as it comes. The first 32 KB of the body are read ahead, the rest when it is asked for. Its
// methods await on a loop and block elsewhere, as [Client.Do] does; one goroutine at a time may read.
type Response struct {
	Status  int         // such as 200
	Header  http.Header // of the answer
	URL     string      // that was asked in the end, after redirects
	Method  string      // of the request
	Proto   string      // such as "HTTP/1.1"
	Length  int64       // of the body in bytes, -1 if it is not known
	Trailer http.Header // known when the body was read

	x      *exchange
	unread []byte
}

// response returns what the head says.
func (x *exchange) response() *Response {
	r := x.resp
	return &Response{
		Status: r.StatusCode, Header: r.Header, URL: r.Request.URL.String(), Method: r.Request.Method, Proto: r.Proto, Length: r.ContentLength, Trailer: r.Trailer,
		x: x,
	}
}

// String says what was asked for and how it was answered.
func (r *Response) String() string {
	return fmt.Sprintf("%s %s: %d %s", r.Method, r.URL, r.Status, http.StatusText(r.Status))
}

// OK reports whether the status is from 200 to 299.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status <= 299 }

// Check returns nil if the status is from 200 to 299, else a *[StatusError]: raise_for_status. It does not block.
func (r *Response) Check() error {
	if r.OK() {
		return nil
	}
	return &StatusError{Method: r.Method, URL: r.URL, Status: r.Status, RetryAfter: retryAfter(r.Header)}
}

// fill waits for more to read. Its error is io.EOF at the end.
func (r *Response) fill(ctx context.Context) error {
	p := r.x.next(ctx)
	back := false
	defer func() {
		if !back { // killed: nobody is to wait for the server
			r.x.stop(nil)
		}
	}()
	err := p.await(ctx)
	back = true
	if err != nil {
		return err
	}
	r.x.took(p)
	n := len(p.data)
	if len(r.unread) == 0 {
		r.unread = p.data
	} else {
		r.unread = append(r.unread, p.data...)
	}
	p.data = nil
	if n > 0 {
		return nil
	}
	return p.err
}

// take takes n bytes of what was read.
func (r *Response) take(n int) []byte {
	p := r.unread[:n:n]
	r.unread = r.unread[n:]
	return p
}

// Read returns what there is to read of the body, at most n bytes, and waits for some if there are none. At the end it returns io.EOF. When the caller is
// cancelled or ctx ends it returns that, and nothing is lost.
func (r *Response) Read(ctx context.Context, n int) ([]byte, error) {
	for len(r.unread) == 0 {
		if err := r.fill(ctx); err != nil {
			return nil, err
		}
	}
	return r.take(min(n, len(r.unread))), nil
}

// ReadLine returns the next line of the body without its end, "\n" or "\r\n". The last need not have one. At the end it returns io.EOF. See
// [Response.Read].
func (r *Response) ReadLine(ctx context.Context) (string, error) {
	for seen := 0; ; {
		if i := bytes.IndexByte(r.unread[seen:], '\n'); i >= 0 {
			return string(bytes.TrimSuffix(r.take(seen + i + 1)[:seen+i], []byte("\r"))), nil
		}
		seen = len(r.unread)
		switch err := r.fill(ctx); {
		case err == io.EOF && seen > 0:
			return string(r.take(seen)), nil
		case err != nil:
			return "", err
		}
	}
}

// Lines returns the lines of the body as they come. An error other than io.EOF is that of the last round. A loop over them that
// is left early should close the body.
//
//	for line, err := range resp.Lines(ctx) { … }
func (r *Response) Lines(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for {
			line, err := r.ReadLine(ctx)
			if err == io.EOF || !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// Bytes returns the rest of the body. When it returns an error, what has come is kept for the next read.
func (r *Response) Bytes(ctx context.Context) ([]byte, error) {
	for {
		if err := r.fill(ctx); err == io.EOF {
			return r.take(len(r.unread)), nil
		} else if err != nil {
			return nil, err
		}
	}
}

// Text returns the rest of the body as text. See [Response.Bytes].
func (r *Response) Text(ctx context.Context) (string, error) {
	text, err := r.Bytes(ctx)
	return string(text), err
}

// JSON decodes the rest of the body, one JSON value, into what v points to. See [Response.Bytes].
func (r *Response) JSON(ctx context.Context, v any) error {
	text, err := r.Bytes(ctx)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("concurrency/web: the body of %v: %w", r, err)
	}
	return nil
}

// Close ends the answer, and breaks off what is still on its way. After the end of the body there is nothing to close. It does not block, and may be
// called more than once, from any goroutine.
func (r *Response) Close() error { return r.x.Close() }
