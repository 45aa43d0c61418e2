package cluster

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// A Server is where the NATS server of a cluster is, and how to log in there. It is made by [At]. Its With methods must not be called
// while something else uses it.
type Server struct {
	url     string
	options []nats.Option
	lease   time.Duration
	err     error // what was wrong with an option

	// For errors: what the server is shown, and the files that decide about TLS.
	shown               []string
	trusts, certificate string
}

// DefaultLease is how long a worker, or a pool, may give no sign of life before it is taken for dead, if [Server.WithLease] says nothing else.
const DefaultLease = 10 * time.Second

// At returns a server with a URL such as "nats://10.0.0.1:4222" or "tls://nats.example.org", or several of one cluster with commas between them. It
// connects nowhere yet.
func At(url string) *Server { return &Server{url: url, lease: DefaultLease} }

func (s *Server) with(o nats.Option) *Server {
	s.options = append(s.options, o)
	return s
}

// WithCredentials has s log in with a file of credentials, as nsc makes them (a JWT and a seed), and returns s.
func (s *Server) WithCredentials(file string) *Server {
	s.readable(file)
	s.shown = append(s.shown, "the credentials in "+file)
	return s.with(nats.UserCredentials(file))
}

// WithNKey has s log in with the seed of an nkey in a file, and returns s.
func (s *Server) WithNKey(file string) *Server {
	o, err := nats.NkeyOptionFromSeed(file)
	if err != nil {
		s.err = errors.Join(s.err, fmt.Errorf("cluster: the nkey in %s: %w", file, err))
		return s
	}
	s.shown = append(s.shown, "the nkey in "+file)
	return s.with(o)
}

// WithUser has s log in with a user's name and password, and returns s.
func (s *Server) WithUser(user, password string) *Server {
	s.shown = append(s.shown, "the user "+user)
	return s.with(nats.UserInfo(user, password))
}

// WithToken has s log in with a token, and returns s.
func (s *Server) WithToken(token string) *Server {
	s.shown = append(s.shown, "a token")
	return s.with(nats.Token(token))
}

// WithCA has s trust the certificates in a file, and no others, and use TLS. It returns s.
func (s *Server) WithCA(file string) *Server {
	s.readable(file)
	s.trusts = file
	return s.with(nats.RootCAs(file))
}

// WithCertificate has s show a certificate of its own, in files, and use TLS. It returns s.
func (s *Server) WithCertificate(certificate, key string) *Server {
	if _, err := tls.LoadX509KeyPair(certificate, key); err != nil {
		s.err = errors.Join(s.err, fmt.Errorf("cluster: the certificate %s with the key %s: %w", certificate, key, err))
	}
	s.certificate = "the certificate in " + certificate
	s.shown = append(s.shown, s.certificate)
	return s.with(nats.ClientCert(certificate, key))
}

// WithLease sets how long the worker or pool that uses s may give no sign of life before others take it for dead, and returns s. It gives
// one five times as often. It panics if d is less than 50 ms.
func (s *Server) WithLease(d time.Duration) *Server {
	if d < 50*time.Millisecond {
		panic(fmt.Sprintf("cluster: Server: lease of %v", d))
	}
	s.lease = d
	return s
}

// readable notes if a file cannot be read: package nats would say so at the first try to connect, without its name at times.
func (s *Server) readable(file string) {
	f, err := os.Open(file)
	if err != nil {
		s.err = errors.Join(s.err, fmt.Errorf("cluster: %w", err))
		return
	}
	f.Close()
}

// Connect connects to the server and returns a pool of what workers there are and will be. It blocks until it is connected or has failed, or until
// ctx ends. That there are no workers is no error: see [Pool.Ready].
func (s *Server) Connect(ctx context.Context) (*Pool, error) { return newPool(ctx, s) }

// Connect is At(url).Connect(ctx).
func Connect(ctx context.Context, url string) (*Pool, error) { return At(url).Connect(ctx) }

// A link is a connection to a server. What package nats starts for it belongs to no cell, so that a cell which ends does
// not seem to leave it behind.
type link struct {
	*nats.Conn
	closed chan struct{} // closed when the connection is
}

// dial connects. changed is called, with whether it is connected, after each change but the last.
func (s *Server) dial(ctx context.Context, name string, changed func(connected bool)) (*link, error) {
	if s.err != nil {
		return nil, s.err
	}
	l := &link{closed: make(chan struct{})}
	options := append([]nats.Option{
		nats.Name(name),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(min(s.lease/10, time.Second)),
		nats.ReconnectJitter(s.lease/20, s.lease/20),
		nats.ReconnectBufSize(64 << 20),
		nats.PingInterval(max(s.lease, 2*time.Second)),
		nats.IgnoreAuthErrorAbort(),
		nats.NoCallbacksAfterClientClose(),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { changed(false) }),
		nats.ReconnectHandler(func(*nats.Conn) { changed(true) }),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // what is lost is sent again, or said
	}, s.options...)
	type dialled struct {
		conn *nats.Conn
		err  error
	}
	done := make(chan dialled, 1)
	go func() {
		pprof.SetGoroutineLabels(context.Background())
		conn, err := nats.Connect(s.url, options...)
		done <- dialled{conn, err}
	}()
	select {
	case d := <-done:
		if d.err != nil {
			return nil, explain(s, d.err)
		}
		l.Conn = d.conn
		return l, nil
	case <-ctx.Done():
		go func() {
			if d := <-done; d.conn != nil {
				d.conn.Close()
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// hostName is what the machine calls itself.
func hostName() string {
	h, err := os.Hostname()
	if err != nil {
		return "?"
	}
	return h
}

// cacheDir is where plugins of cells are kept on a worker's machine.
func cacheDir() (string, error) {
	d, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cluster: no directory for plugins: %w", err)
	}
	return filepath.Join(d, "gobraid", "cluster"), nil
}

// String returns the URL, without what it has of a user and a password.
func (s *Server) String() string {
	var all []string
	for one := range strings.SplitSeq(s.url, ",") {
		if u, err := url.Parse(strings.TrimSpace(one)); err == nil && u.User != nil {
			u.User = nil
			one = u.String()
		}
		all = append(all, one)
	}
	return strings.Join(all, ",")
}
