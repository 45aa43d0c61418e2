package web

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobraid/gobraid/concurrency"
)

// DefaultLimit is how many requests a client has on their way at a time, unless [Client.WithLimit] says otherwise. It is aiohttp's.
const DefaultLimit = 100

// A Client makes HTTP requests. Its connections are kept for the next ones. The zero Client works; it must not be copied. Its methods may be called from
// several goroutines, but for With….
type Client struct {
	limit     int // 0 is DefaultLimit, -1 none
	hostLimit int
	timeout   time.Duration
	header    http.Header
	transport http.RoundTripper
	check     bool

	used   atomic.Bool
	once   sync.Once
	http   http.Client
	places *concurrency.Semaphore // nil if there is no limit
}

// NewClient returns a client.
func NewClient() *Client { return &Client{} }

// String says what bounds the requests of the client.
func (c *Client) String() string {
	limit := "any number of requests at a time"
	switch {
	case c.limit == 0:
		limit = fmt.Sprintf("at most %d requests at a time", DefaultLimit)
	case c.limit > 0:
		limit = fmt.Sprintf("at most %d requests at a time", c.limit)
	}
	if c.hostLimit > 0 {
		limit += fmt.Sprintf(", %d connections to a host", c.hostLimit)
	}
	if c.timeout > 0 {
		limit += fmt.Sprintf(", %v for each", c.timeout)
	}
	return "HTTP client, " + limit
}

func (c *Client) fresh(option string) {
	if c.used.Load() {
		panic("concurrency/web: Client: " + option + " after the first request")
	}
}

// WithLimit has the client have at most n requests on their way at a time, the others wait, in order; with 0 it has no limit. It returns
// the client. It panics, as all With… do, after the first request.
func (c *Client) WithLimit(n int) *Client {
	c.fresh("WithLimit")
	if n < 0 {
		panic("concurrency/web: Client: WithLimit of less than 0")
	}
	if n == 0 {
		n = -1
	}
	c.limit = n
	return c
}

// WithHostLimit has the client make at most n connections to each host, and returns the client. With 0, which is the default, it has no
// limit of that kind. It has no effect on the transport of [Client.WithTransport].
func (c *Client) WithHostLimit(n int) *Client {
	c.fresh("WithHostLimit")
	if n < 0 {
		panic("concurrency/web: Client: WithHostLimit of less than 0")
	}
	c.hostLimit = n
	return c
}

// WithTimeout bounds each request, from its begin to the end of its body, and returns the client. The error is [loop.ErrTimeout]. 0, the default, is
// no bound.
func (c *Client) WithTimeout(d time.Duration) *Client {
	c.fresh("WithTimeout")
	c.timeout = max(d, 0)
	return c
}

// WithHeader has each request that does not set a header itself carry it, and returns the client.
func (c *Client) WithHeader(name, value string) *Client {
	c.fresh("WithHeader")
	if c.header == nil {
		c.header = http.Header{}
	}
	c.header.Add(name, value)
	return c
}

// WithCheck has a request fail with a *[StatusError] when the answer's status is not from 200 to 299, and returns the client. The answer's body is
// not read.
func (c *Client) WithCheck() *Client {
	c.fresh("WithCheck")
	c.check = true
	return c
}

// WithTransport has t make the requests, and returns the client: for TLS, proxies and tests. The default is a copy of [http.DefaultTransport].
func (c *Client) WithTransport(t http.RoundTripper) *Client {
	c.fresh("WithTransport")
	c.transport = t
	return c
}

// begin makes what requests need.
func (c *Client) begin() {
	c.once.Do(func() {
		c.used.Store(true)
		limit := c.limit
		if limit == 0 {
			limit = DefaultLimit
		}
		if limit > 0 {
			c.places = concurrency.NewSemaphore(limit)
		}
		if c.transport == nil {
			c.transport = transport(limit, c.hostLimit)
		}
		c.http.Transport = c.transport
	})
}

// transport returns one that keeps as many connections as there may be.
func transport(limit, hostLimit int) http.RoundTripper {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: 90 * time.Second}
	if d, ok := http.DefaultTransport.(*http.Transport); ok {
		t = d.Clone()
	}
	t.MaxConnsPerHost = hostLimit
	t.MaxIdleConns = 0 // as many as there are
	t.MaxIdleConnsPerHost = max(hostLimit, limit, http.DefaultMaxIdleConnsPerHost)
	if limit < 0 && hostLimit == 0 {
		t.MaxIdleConnsPerHost = 1 << 30
	}
	return t
}

// Close closes the connections that are not in use. Those in use are closed when their bodies are. The client can be used again. It does not block.
func (c *Client) Close() error {
	c.begin()
	c.http.CloseIdleConnections()
	return nil
}
