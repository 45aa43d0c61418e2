package server

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"
)

// patience is how long a server may take to begin. It reads its store first.
const patience = time.Minute

// A Server is a nats-server in this process. It is made by [Start]. Its methods may be called from several goroutines.
type Server struct {
	native *natsd.Server
	url    string
	store  string
	own    bool // the store is ours to remove
	lock   *os.File
	once   sync.Once
}

// Start starts a server, and blocks until clients can connect. The error says what is wrong with the options, or why it does not listen.
func Start(o Options) (*Server, error) {
	n, err := o.native()
	if err != nil {
		return nil, fmt.Errorf("nats-server: %w", err)
	}
	s := &Server{}
	if err := s.prepare(o.Store, n); err != nil {
		return nil, fmt.Errorf("nats-server: %w", err)
	}
	l := &logger{log: o.Log}
	if s.native, err = natsd.NewServer(n); err != nil {
		s.release()
		return nil, fmt.Errorf("nats-server: %w", err)
	}
	s.native.SetLoggerV2(l, false, false, false)
	s.native.Start()
	if err := l.died(); err == nil && s.native.ReadyForConnections(patience) {
		s.url = s.address(n)
		return s, nil
	}
	s.Close()
	if err := l.died(); err != nil {
		return nil, fmt.Errorf("nats-server: %w", err)
	}
	return nil, fmt.Errorf("nats-server: not ready in %v", patience)
}

// prepare makes the store ready, for this server alone.
func (s *Server) prepare(store string, n *natsd.Options) (err error) {
	switch {
	case store != "":
		if s.store, err = filepath.Abs(store); err == nil {
			err = os.MkdirAll(s.store, 0o700)
		}
	case n.StoreDir != "":
		s.store, err = n.StoreDir, os.MkdirAll(n.StoreDir, 0o700)
	default:
		s.own = true
		s.store, err = os.MkdirTemp("", "gobraid-nats-")
	}
	if err != nil {
		return fmt.Errorf("the store: %w", err)
	}
	if s.lock, err = lock(filepath.Join(s.store, "lock")); err != nil {
		s.release()
		return fmt.Errorf("the store %s: %w", s.store, err)
	}
	n.StoreDir = s.store
	return nil
}

// address returns the URL of the server, with the credentials that a URL can hold left out.
func (s *Server) address(n *natsd.Options) string {
	scheme := "nats"
	if n.TLSConfig != nil {
		scheme = "tls"
	}
	host, port := n.Host, "0"
	if a, ok := s.native.Addr().(*net.TCPAddr); ok {
		port = fmt.Sprint(a.Port)
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			host = name
		}
	}
	u := url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port)}
	return u.String()
}

// URL returns where clients connect, without credentials: nats://127.0.0.1:4222.
func (s *Server) URL() string { return s.url }

// Store returns the folder of the streams.
func (s *Server) Store() string { return s.store }

// Connections returns how many clients are connected.
func (s *Server) Connections() int { return s.native.NumClients() }

// Close ends the server: it takes no more clients, ends those there are, writes what its streams hold, and removes a temporary store. It blocks
// until that is done, and may be called more than once.
func (s *Server) Close() {
	s.once.Do(func() {
		s.native.Shutdown()
		s.native.WaitForShutdown()
		s.release()
	})
}

// release lets go of the store.
func (s *Server) release() {
	if s.lock != nil {
		s.lock.Close()
	}
	if s.own {
		_ = os.RemoveAll(s.store)
	}
}
