package cluster_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/gobraid-nats/server"
)

// A login is a way to log in: a server, and what it lets in and what not.
type login struct {
	name    string
	options server.Options
	right   func(*cluster.Server)
	wrong   []wrong
}

type wrong struct {
	name string
	with func(*cluster.Server)
	want string
}

// TestLogin has a pool and a worker meet at a server that asks for something, and be told what is wrong otherwise.
func TestLogin(t *testing.T) {
	dir := t.TempDir()
	for _, l := range []login{userLogin(), tokenLogin(), nkeyLogin(t, dir), credentialsLogin(t, dir), certificateLogin(t, dir)} {
		t.Run(l.name, func(t *testing.T) {
			s, err := server.Start(l.options)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Close)
			at := func() *cluster.Server { return cluster.At(s.URL()).WithLease(lease) }
			runs(t, at, l.right)
			none := wrong{"nothing", func(*cluster.Server) {}, "was shown none"}
			if l.options.CA != "" {
				none.want = "" // it depends on the authority, see certificateLogin
			}
			for _, w := range append(l.wrong, none) {
				t.Run(w.name, func(t *testing.T) { refuses(t, at, w) })
			}
		})
	}
}

// runs has a worker run a function.
func runs(t *testing.T, at func() *cluster.Server, with func(*cluster.Server)) {
	t.Helper()
	mine, theirs := at(), at()
	with(mine)
	with(theirs)
	serve(t, cluster.Worker{Server: theirs, Concurrency: 1})
	pool, err := mine.Connect(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := concurrency.SubmitWith(within(t), pool, square, 7).Result(within(t)); err != nil || got != 49 {
		t.Errorf("square of 7: %v, %v", got, err)
	}
	if got, err := concurrency.SubmitWith(within(t), pool.Idempotent(2), square, 8).Result(within(t)); err != nil || got != 64 {
		t.Errorf("square of 8 through a stream: %v, %v", got, err)
	}
	if err := pool.Shutdown(within(t)); err != nil {
		t.Error(err)
	}
}

// refuses has neither a pool nor a worker get in.
func refuses(t *testing.T, at func() *cluster.Server, w wrong) {
	t.Helper()
	s := at()
	w.with(s)
	pool, err := s.Connect(within(t))
	if err == nil {
		_ = pool.Shutdown(within(t))
		t.Fatal("a pool gets in")
	}
	worker := cluster.Worker{Server: s, Concurrency: 1, Cache: t.TempDir()}
	other := worker.Serve(within(t))
	if other == nil {
		t.Fatal("a worker gets in")
	}
	for _, err := range []error{err, other} {
		if !strings.Contains(err.Error(), w.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v\nwant it to say %s", err, w.want)
		}
	}
}

func userLogin() login {
	return login{"user", server.Options{User: "cells", Password: "secret"},
		func(s *cluster.Server) { s.WithUser("cells", "secret") },
		[]wrong{
			{"password", func(s *cluster.Server) { s.WithUser("cells", "secret2") }, "it was shown the user cells and lets nobody in with that"},
			{"kind", func(s *cluster.Server) { s.WithToken("secret") }, "it was shown a token"},
		}}
}

func tokenLogin() login {
	return login{"token", server.Options{Token: "secret"},
		func(s *cluster.Server) { s.WithToken("secret") },
		[]wrong{{"token", func(s *cluster.Server) { s.WithToken("secret2") }, "it was shown a token and lets nobody in with that"}}}
}

func nkeyLogin(t *testing.T, dir string) login {
	public, seed := newSeed(t, dir, "user.nk", nkeys.CreateUser)
	_, other := newSeed(t, dir, "other.nk", nkeys.CreateUser)
	missing := filepath.Join(dir, "missing.nk")
	empty := write(t, dir, "empty.nk", "nothing\n")
	config := write(t, dir, "nkey.conf", fmt.Sprintf("authorization { users: [ { nkey: %s } ] }\n", public))
	return login{"nkey", server.Options{Config: config},
		func(s *cluster.Server) { s.WithNKey(seed) },
		[]wrong{
			{"seed", func(s *cluster.Server) { s.WithNKey(other) }, "it was shown the nkey in " + other + " and lets nobody in with that"},
			{"no file", func(s *cluster.Server) { s.WithNKey(missing) }, missing},
			{"no seed", func(s *cluster.Server) { s.WithNKey(empty) }, empty},
		}}
}

// credentialsLogin is a server of an operator, with an account, and a user whom that has signed for.
func credentialsLogin(t *testing.T, dir string) login {
	operator, system, account, stranger := newKey(t, nkeys.CreateOperator), newKey(t, nkeys.CreateAccount), newKey(t, nkeys.CreateAccount), newKey(t, nkeys.CreateAccount)
	oc := jwt.NewOperatorClaims(publicOf(t, operator))
	oc.SystemAccount = publicOf(t, system)
	sc := jwt.NewAccountClaims(publicOf(t, system))
	ac := jwt.NewAccountClaims(publicOf(t, account))
	ac.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
	config := write(t, dir, "operator.conf", fmt.Sprintf("operator: %s\nresolver: MEMORY\nresolver_preload: {\n%s: %s\n%s: %s\n}\n", encode(t, oc, operator),
		publicOf(t, system), encode(t, sc, operator), publicOf(t, account), encode(t, ac, operator)))
	right := newCredentials(t, dir, "right.creds", account, 0)
	foreign := newCredentials(t, dir, "foreign.creds", stranger, 0)
	old := newCredentials(t, dir, "old.creds", account, -time.Hour)
	empty := write(t, dir, "empty.creds", "nothing\n")
	missing := filepath.Join(dir, "missing.creds")
	with := func(file string) func(*cluster.Server) { return func(s *cluster.Server) { s.WithCredentials(file) } }
	return login{"credentials", server.Options{Config: config}, with(right),
		[]wrong{
			{"account", with(foreign), "it was shown the credentials in " + foreign + " and lets nobody in with that"},
			{"expired", with(old), old},
			{"no credentials", with(empty), empty},
			{"no file", with(missing), missing},
		}}
}

// certificateLogin is a server that asks for a certificate, and shows one.
func certificateLogin(t *testing.T, dir string) login {
	ca, strange := newAuthority(t, dir, "ca"), newAuthority(t, dir, "strange")
	cert, key := ca.issue(t, "server", "127.0.0.1", time.Hour)
	mine, myKey := ca.issue(t, "client", "", time.Hour)
	old, oldKey := ca.issue(t, "old", "", -time.Hour)
	foreign, foreignKey := strange.issue(t, "foreign", "", time.Hour)
	with := func(ca, cert, key string) func(*cluster.Server) {
		return func(s *cluster.Server) { s.WithCA(ca).WithCertificate(cert, key) }
	}
	return login{"certificate", server.Options{Cert: cert, Key: key, CA: ca.file}, with(ca.file, mine, myKey),
		[]wrong{
			{"none", func(s *cluster.Server) { s.WithCA(ca.file) }, "the server wants to see a certificate"},
			{"foreign", with(ca.file, foreign, foreignKey), "the server does not take the certificate in " + foreign},
			{"expired", with(ca.file, old, oldKey), "the server does not take the certificate in " + old},
			{"authority", with(strange.file, mine, myKey), "none of the authorities in " + strange.file + " has signed the server's certificate"},
			{"no authority", func(s *cluster.Server) { s.WithCertificate(mine, myKey) }, "give the file of that authority"},
			{"mixed up", with(ca.file, mine, oldKey), mine},
			{"no file", with(ca.file, filepath.Join(dir, "missing.pem"), myKey), "missing.pem"},
		}}
}

// TestTLS is about servers whose certificates are not what the client expects, or that have none.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	ca := newAuthority(t, dir, "ca")
	elsewhere, elsewhereKey := ca.issue(t, "elsewhere", "elsewhere.example.org", time.Hour)
	old, oldKey := ca.issue(t, "old", "127.0.0.1", -time.Hour)
	for _, c := range []struct {
		name, cert, key, want string
	}{
		{"another name", elsewhere, elsewhereKey, "the server's certificate is for another name"},
		{"expired", old, oldKey, "the server's certificate is not valid now"},
		{"none", "", "", "the server has no TLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := server.Start(server.Options{Cert: c.cert, Key: c.key})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Close)
			refuses(t, func() *cluster.Server { return cluster.At(s.URL()).WithLease(lease) }, wrong{c.name, func(s *cluster.Server) { s.WithCA(ca.file) }, c.want})
		})
	}
}

// TestNotThere connects where no server of NATS is.
func TestNotThere(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for url, want := range map[string]string{
		"nats://secret@" + closed.Addr().String(): "cluster: nats://" + closed.Addr().String() + ": nats: no servers available for connection: no NATS server answers there: start one",
		"nats://" + silent.Addr().String():        "nothing that speaks NATS answers there in time",
		"nats://no-such-host.invalid:4222":        "is the name no-such-host.invalid right?",
	} {
		refuses(t, func() *cluster.Server { return cluster.At(url).WithLease(lease) }, wrong{url, func(*cluster.Server) {}, want})
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func newKey(t *testing.T, create func() (nkeys.KeyPair, error)) nkeys.KeyPair {
	t.Helper()
	k, err := create()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func publicOf(t *testing.T, k nkeys.KeyPair) string {
	t.Helper()
	p, err := k.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newSeed makes a key, and a file with its seed.
func newSeed(t *testing.T, dir, name string, create func() (nkeys.KeyPair, error)) (public, file string) {
	t.Helper()
	k := newKey(t, create)
	seed, err := k.Seed()
	if err != nil {
		t.Fatal(err)
	}
	return publicOf(t, k), write(t, dir, name, string(seed)+"\n")
}

func encode(t *testing.T, c jwt.Claims, by nkeys.KeyPair) string {
	t.Helper()
	text, err := c.Encode(by)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// newCredentials makes a user of an account, and a file of what that logs in with. It is valid for so long, 0 for ever.
func newCredentials(t *testing.T, dir, name string, account nkeys.KeyPair, valid time.Duration) string {
	t.Helper()
	user := newKey(t, nkeys.CreateUser)
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	c := jwt.NewUserClaims(publicOf(t, user))
	if valid != 0 {
		c.Expires = time.Now().Add(valid).Unix()
	}
	text, err := jwt.FormatUserConfig(encode(t, c, account), seed)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, dir, name, string(text))
}

// An authority signs certificates.
type authority struct {
	dir, file string
	cert      *x509.Certificate
	key       *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, dir, name string) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{dir: dir, key: key, cert: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(2 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}}
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	a.file = write(t, dir, name+".pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	return a
}

// issue makes a certificate for a host, or a client, that ends in so long, and returns its file and that of its key.
func (a *authority) issue(t *testing.T, name, host string, valid time.Duration) (certificate, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(valid),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else if host != "" {
		c.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, k.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, a.dir, name+".pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))),
		write(t, a.dir, name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}
