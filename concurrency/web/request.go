package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Do makes a request and waits for the head of the answer: on a loop it lets other coroutines run until it is there, elsewhere it blocks. If the
// coroutine is cancelled, or ctx ends, the request is broken off, and Do returns that. The context of req gives values only.
//
// The body of the answer is to be read to its end or closed. The body of req is closed, perhaps after Do has returned.
func (c *Client) Do(ctx context.Context, req *http.Request) (*Response, error) {
	task.Refuse("web.Client")
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	c.begin()
	x := newExchange(ctx, c, req)
	left := true
	defer func() {
		if left { // with an error, a panic, or killed
			x.stop(nil)
		}
	}()
	x.beside(ctx, x.head, x.run)
	if err := x.head.await(ctx); err != nil {
		return nil, err
	}
	if x.failed != nil {
		return nil, x.failed
	}
	r := x.response()
	if c.check {
		if err := r.Check(); err != nil {
			return nil, err
		}
	}
	left = false
	return r, nil
}

// Get makes a GET request. See [Client.Do].
func (c *Client) Get(ctx context.Context, url string) (*Response, error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(ctx, req)
}

// Post makes a POST request with a body of a type such as "text/plain". See [Client.Do].
func (c *Client) Post(ctx context.Context, url, contentType string, body io.Reader) (*Response, error) {
	req, err := http.NewRequest(http.MethodPost, url, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	return c.Do(ctx, req)
}

// PostJSON makes a POST request with v as JSON. See [Client.Do].
func (c *Client) PostJSON(ctx context.Context, url string, v any) (*Response, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("concurrency/web: the body of a request: %w", err)
	}
	return c.Post(ctx, url, "application/json", bytes.NewReader(text))
}

// GetText returns what a GET request gives, as text. A status that is not from 200 to 299 is a *[StatusError]. See [Client.Do].
func (c *Client) GetText(ctx context.Context, url string) (string, error) {
	r, err := c.checked(ctx, url)
	if err != nil {
		return "", err
	}
	return r.Text(ctx)
}

// GetJSON decodes what a GET request gives, JSON, into what v points to. A status that is not from 200 to 299 is a *[StatusError]. See
// [Client.Do].
func (c *Client) GetJSON(ctx context.Context, url string, v any) error {
	r, err := c.checked(ctx, url)
	if err != nil {
		return err
	}
	return r.JSON(ctx, v)
}

// checked is Get with the status checked.
func (c *Client) checked(ctx context.Context, url string) (*Response, error) {
	r, err := c.Get(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := r.Check(); err != nil {
		_ = r.Close()
		return nil, err
	}
	return r, nil
}
