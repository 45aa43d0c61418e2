package cluster

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/nats-io/nats.go"
)

// explain makes an error of package nats one that names the server and says what to do.
func explain(s *Server, err error) error {
	return fmt.Errorf("cluster: %s: %w%s", s, err, remedy(s, err))
}

// remedy says what to do about an error of nats.Connect, "" if nothing is known.
func remedy(s *Server, err error) string {
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &name):
		return ": is the name " + name.Name + " right?"
	case errors.Is(err, nats.ErrNoServers):
		return ": no NATS server answers there: start one, with `gobraid cluster` say, or check the address and what lies between"
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ": nothing that speaks NATS answers there in time: check the address and what lies between"
	}
	if text := secure(s, err); text != "" {
		return text
	}
	return refused(s, err)
}

// refused is about credentials.
func refused(s *Server, err error) string {
	shown := s.shows()
	switch {
	case errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAccountAuthExpired):
		return fmt.Sprintf(": %s has expired: get a new one", or(shown, "what it was shown"))
	case errors.Is(err, nats.ErrAuthRevoked):
		return fmt.Sprintf(": %s was withdrawn: get a new one", or(shown, "what it was shown"))
	case errors.Is(err, nats.ErrNkeysNotSupported):
		return ": the server asks nobody for an nkey: leave it out, or give the server the nkey's public half"
	case !errors.Is(err, nats.ErrAuthorization):
		return ""
	case shown == "":
		return ": it wants credentials, and was shown none: give a user and password, a token, an nkey, a file of credentials or a certificate"
	}
	return ": it was shown " + shown + " and lets nobody in with that: are they right, and of a kind that the server asks for?"
}

// secure is about TLS.
func secure(s *Server, err error) string {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	text := err.Error()
	switch {
	case errors.As(err, &authority):
		if s.ca != "" {
			return fmt.Sprintf(": none of the authorities in %s has signed the server's certificate", s.ca)
		}
		return ": the system does not know who has signed the server's certificate: give the file of that authority (--tls-ca of the worker command, WithCA)"
	case errors.As(err, &host):
		return ": the server's certificate is for another name: use one that it is for in the URL"
	case errors.As(err, &invalid):
		return ": the server's certificate is not valid now, or not for this: it needs another"
	case errors.Is(err, nats.ErrSecureConnWanted):
		return ": the server has no TLS: leave out the certificates and say nats:// instead of tls://"
	case !strings.Contains(text, "remote error: tls:") && !strings.Contains(text, "closed by remote after TLS handshake"): // when it hangs up it may not say why
	case s.certificate == "":
		return ": the server wants to see a certificate: give one with its key (--tls-cert and --tls-key of the worker command, WithCertificate)"
	default:
		return ": the server does not take the certificate in " + s.certificate + ": it must be of an authority that the server trusts, and valid now"
	}
	return ""
}

// shows says what the server is shown, without secrets.
func (s *Server) shows() string {
	out := shown(s)
	for _, one := range strings.Split(s.url, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.User == nil {
			continue
		}
		if _, ok := u.User.Password(); ok {
			out = append(out[:len(out):len(out)], "the user "+u.User.Username())
		} else {
			out = append(out[:len(out):len(out)], "a token")
		}
		break
	}
	return strings.Join(out, " and ")
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
