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
	url         string
	lease       time.Duration
	credentials string
	nkey        string
	user        string
	password    string
	token       string
	ca          string
	certificate string
	key         string
}

// DefaultLease is how long a worker, or a pool, may give no sign of life before it is taken for dead, if [Server.WithLease] says nothing else.
const DefaultLease = 10 * time.Second

// At returns a server with a URL such as "nats://10.0.0.1:4222" or "tls://nats.example.org", or several of one cluster with commas between them. It
// connects nowhere yet, and files are read when something does.
func At(url string) *Server { return &Server{url: url, lease: DefaultLease} }

// WithCredentials has s log in with a file of credentials, as nsc makes them (a JWT and a seed), and returns s.
func (s *Server) WithCredentials(file string) *Server {
	s.credentials = file
	return s
}

// WithNKey has s log in with the seed of an nkey in a file, and returns s.
func (s *Server) WithNKey(file string) *Server {
	s.nkey = file
	return s
}

// WithUser has s log in with a user's name and password, and returns s.
func (s *Server) WithUser(user, password string) *Server {
	s.user, s.password = user, password
	return s
}

// WithToken has s log in with a token, and returns s.
func (s *Server) WithToken(token string) *Server {
	s.token = token
	return s
}

// WithCA has s trust the certificates in a file, and no others, and use TLS. It returns s.
func (s *Server) WithCA(file string) *Server {
	s.ca = file
	return s
}

// WithCertificate has s show a certificate of its own, in files, and use TLS. It returns s.
func (s *Server) WithCertificate(certificate, key string) *Server {
	s.certificate, s.key = certificate, key
	return s
}

// shown says what s logs in with, for errors.
func shown(s *Server) (all []string) {
	for _, x := range [][2]string{{"the credentials in ", s.credentials}, {"the nkey in ", s.nkey}, {"the user ", s.user}} {
		if x[1] != "" {
			all = append(all, x[0]+x[1])
		}
	}
	if s.token != "" {
		all = append(all, "a token")
	}
	if s.certificate != "" {
		all = append(all, "the certificate in "+s.certificate)
	}
	return all
}

// login returns the options for package nats, or what is wrong with them.
func login(s *Server) ([]nats.Option, error) {
	var all []nats.Option
	var wrong error
	file := func(path string, o nats.Option) {
		if path == "" {
			return
		}
		f, err := os.Open(path) // package nats would say at the first try to connect, without its name at times
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("cluster: %w", err))
			return
		}
		f.Close()
		all = append(all, o)
	}
	file(s.credentials, nats.UserCredentials(s.credentials))
	file(s.ca, nats.RootCAs(s.ca))
	if s.certificate != "" {
		if _, err := tls.LoadX509KeyPair(s.certificate, s.key); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("cluster: the certificate %s with the key %s: %w", s.certificate, s.key, err))
		}
		all = append(all, nats.ClientCert(s.certificate, s.key))
	}
	if s.nkey != "" {
		o, err := nats.NkeyOptionFromSeed(s.nkey)
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("cluster: the nkey in %s: %w", s.nkey, err))
		}
		all = append(all, o)
	}
	if s.user != "" {
		all = append(all, nats.UserInfo(s.user, s.password))
	}
	if s.token != "" {
		all = append(all, nats.Token(s.token))
	}
	return all, wrong
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
func dial(ctx context.Context, s *Server, name string, changed func(connected bool)) (*link, error) {
	logins, err := login(s)
	if err != nil {
		return nil, err
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
	}, logins...)
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
