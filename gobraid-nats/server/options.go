package server

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	natsd "github.com/nats-io/nats-server/v2/server"
)

// Options say how a server is started. The zero value is a server on loopback without credentials.
type Options struct {
	// Listen is the address, host:port. An empty host is loopback, an empty port or 0 is a free one. It overrides what Config
	// says.
	Listen string

	// Store is the folder for the streams. Empty is a temporary one, which Close removes.
	Store string

	// Config is a configuration file of nats-server, or empty. Accounts, nkeys and operators are given there.
	Config string

	// User and Password, or Token, are what clients have to show.
	User, Password, Token string

	// Cert and Key are the files of the server's certificate, PEM. CA is the file of the authorities of which a client must show a
	// certificate; empty is none asked for.
	Cert, Key, CA string

	// MaxPayload is the largest message, in bytes. 0 is nats-server's own, 1 MiB.
	MaxPayload int32

	// Log is told what the server warns of, a line at a time, from any goroutine. nil drops it.
	Log func(line string) `json:"-"`
}

// native returns nats-server's form of the options.
func (o Options) native() (*natsd.Options, error) {
	n := &natsd.Options{}
	if o.Config != "" {
		if err := n.ProcessConfigFile(o.Config); err != nil {
			return nil, fmt.Errorf("the configuration file of nats-server: %w", err)
		}
	}
	if err := o.address(n); err != nil {
		return nil, err
	}
	if o.User != "" || o.Password != "" {
		if o.User == "" || o.Password == "" {
			return nil, fmt.Errorf("a user and a password belong together: give both")
		}
		n.Username, n.Password = o.User, o.Password
	}
	if o.Token != "" {
		n.Authorization = o.Token
	}
	if err := o.tls(n); err != nil {
		return nil, err
	}
	if o.MaxPayload != 0 {
		n.MaxPayload = o.MaxPayload
	}
	n.NoSigs, n.JetStream = true, true
	return n, guarded(n)
}

// address sets where to listen.
func (o Options) address(n *natsd.Options) error {
	if o.Listen != "" {
		host, port, err := net.SplitHostPort(o.Listen)
		if err != nil {
			return fmt.Errorf("%q is not an address to listen at, such as 127.0.0.1:4222", o.Listen)
		}
		n.Host, n.Port = host, natsd.RANDOM_PORT
		if port != "" && port != "0" {
			if n.Port, err = strconv.Atoi(port); err != nil || n.Port < 1 || n.Port > 65535 {
				return fmt.Errorf("%q is not an address to listen at: the port is a number up to 65535", o.Listen)
			}
		}
	}
	if n.Host == "" {
		n.Host = "127.0.0.1"
	}
	if n.Port == 0 {
		n.Port = natsd.RANDOM_PORT
	}
	return nil
}

// tls sets the certificates.
func (o Options) tls(n *natsd.Options) error {
	if o.Cert == "" && o.Key == "" {
		if o.CA != "" {
			return fmt.Errorf("to ask clients for certificates the server needs its own: give its certificate and key, too")
		}
		return nil
	}
	if o.Cert == "" || o.Key == "" {
		return fmt.Errorf("a certificate and its key belong together: give both files")
	}
	config, err := natsd.GenTLSConfig(&natsd.TLSConfigOpts{CertFile: o.Cert, KeyFile: o.Key, CaFile: o.CA, Verify: o.CA != ""})
	if err != nil {
		return fmt.Errorf("the certificate %s with the key %s: %w", o.Cert, o.Key, err)
	}
	n.TLS, n.TLSVerify, n.TLSConfig = true, o.CA != "", config
	return nil
}

// guarded refuses to let other machines in who show nothing, or could be overheard.
func guarded(n *natsd.Options) error {
	if loopback(n.Host) {
		return nil
	}
	var missing []string
	if !asks(n) {
		missing = append(missing, "credentials (a user and password, a token, client certificates, or a configuration file with nkeys, accounts or an operator)")
	}
	if n.TLSConfig == nil {
		missing = append(missing, "TLS (a certificate and its key)")
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("%s can be reached from other machines, and who reaches the server can run functions on its workers: give it %s, or listen on 127.0.0.1",
		net.JoinHostPort(n.Host, strings.TrimPrefix(strconv.Itoa(max(n.Port, 0)), "-")), strings.Join(missing, " and "))
}

// asks reports whether clients have to show something.
func asks(n *natsd.Options) bool {
	if n.NoAuthUser != "" {
		return false
	}
	return n.Username != "" || n.Authorization != "" || len(n.Users) > 0 || len(n.Nkeys) > 0 || len(n.TrustedOperators) > 0 || len(n.TrustedKeys) > 0 ||
		n.AuthCallout != nil || n.TLSConfig != nil && n.TLSVerify
}

// loopback reports whether only this machine reaches a host.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
