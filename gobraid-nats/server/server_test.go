package server_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/gobraid-nats/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit is how long a test waits for what has to come.
const limit = 60 * time.Second

func start(t *testing.T, o server.Options) *server.Server {
	t.Helper()
	s, err := server.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// stream connects to a server and returns its stream of tests.
func stream(t *testing.T, url string) (jetstream.Stream, func(text string)) {
	t.Helper()
	nc, err := nats.Connect(url, nats.Timeout(limit))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(limit))
	if err != nil {
		t.Fatal(err)
	}
	st, err := js.CreateOrUpdateStream(context.Background(), jetstream.StreamConfig{Name: "TESTS", Subjects: []string{"tests"}})
	if err != nil {
		t.Fatal(err)
	}
	return st, func(text string) {
		if _, err := js.Publish(context.Background(), "tests", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
}

func last(t *testing.T, st jetstream.Stream) string {
	t.Helper()
	m, err := st.GetLastMsgForSubject(context.Background(), "tests")
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Data)
}

func TestStart(t *testing.T) {
	s := start(t, server.Options{})
	st, publish := stream(t, s.URL())
	publish("here")
	if got := last(t, st); got != "here" {
		t.Errorf("the stream holds %q", got)
	}
	if n := s.Connections(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	s.Close()
	s.Close()
	if _, err := os.Stat(s.Store()); !os.IsNotExist(err) {
		t.Errorf("the temporary store %s is there after Close: %v", s.Store(), err)
	}
}

func TestStoreOutlivesServer(t *testing.T) {
	o := server.Options{Store: filepath.Join(t.TempDir(), "streams")}
	s := start(t, o)
	_, publish := stream(t, s.URL())
	publish("kept")

	_, err := server.Start(o)
	if err == nil || !strings.Contains(err.Error(), "another server has it") {
		t.Errorf("a second server with the store of the first: %v", err)
	}
	s.Close()
	s = start(t, o)
	st, _ := stream(t, s.URL())
	if got := last(t, st); got != "kept" {
		t.Errorf("after a restart the stream holds %q", got)
	}
}

func TestRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("no: {"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		o    server.Options
		want string
	}{
		"open":        {server.Options{Listen: "0.0.0.0:0"}, "can be reached from other machines, and who reaches the server can run functions on its workers: give it credentials (a user and password, a token, client certificates, or a configuration file with nkeys, accounts or an operator) and TLS (a certificate and its key), or listen on 127.0.0.1"},
		"open, v6":    {server.Options{Listen: "[::]:0"}, "[::]:"},
		"named":       {server.Options{Listen: "example.org:4222"}, "example.org:4222 can be reached from other machines"},
		"overheard":   {server.Options{Listen: "0.0.0.0:4222", Token: "t"}, "0.0.0.0:4222 can be reached from other machines, and who reaches the server can run functions on its workers: give it TLS (a certificate and its key), or listen"},
		"no address":  {server.Options{Listen: "4222"}, `"4222" is not an address to listen at, such as 127.0.0.1:4222`},
		"no port":     {server.Options{Listen: "127.0.0.1:nats"}, "the port is a number up to 65535"},
		"taken":       {server.Options{Listen: taken.Addr().String()}, "address already in use"},
		"no password": {server.Options{User: "u"}, "a user and a password belong together"},
		"no key":      {server.Options{Cert: file}, "a certificate and its key belong together"},
		"no cert":     {server.Options{CA: file}, "the server needs its own"},
		"bad cert":    {server.Options{Cert: file, Key: file}, "the certificate " + file},
		"bad config":  {server.Options{Config: file}, "the configuration file of nats-server"},
		"no store":    {server.Options{Store: filepath.Join(file, "below")}, "the store: "},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := server.Start(c.o)
			if err == nil {
				s.Close()
				t.Fatal("it started")
			}
			if !strings.HasPrefix(err.Error(), "nats-server: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant it to say %s", err, c.want)
			}
		})
	}
}

// TestConfig has credentials in a configuration file, and an address beside it.
func TestConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(file, []byte(`
listen: 0.0.0.0:4222
max_payload: 4096
authorization { users: [ { user: one, password: first }, { user: two, password: second } ] }
`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Start(server.Options{Config: file}); err == nil || !strings.Contains(err.Error(), "give it TLS (a certificate and its key), or") {
		t.Errorf("an address of all, with credentials and without TLS: %v", err)
	}
	s := start(t, server.Options{Config: file, Listen: ":0"})
	nc, err := nats.Connect(s.URL(), nats.UserInfo("two", "second"), nats.Timeout(limit))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if n := nc.MaxPayload(); n != 4096 {
		t.Errorf("a message may have %d bytes, want 4096", n)
	}
	if other, err := nats.Connect(s.URL(), nats.UserInfo("two", "first"), nats.Timeout(limit)); err == nil {
		other.Close()
		t.Error("a wrong password lets in")
	}
}

func ExampleStart() {
	s, err := server.Start(server.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	nc, err := nats.Connect(s.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer nc.Close()
	fmt.Println(nc.IsConnected())
	// Output: true
}
