package server_test

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/gobraid/gobraid/gobraid-nats/server"
)

// TestMainServes talks to the program as `gobraid cluster` does.
func TestMainServes(t *testing.T) {
	in, stdin := io.Pipe()
	stdout, out := io.Pipe()
	status := make(chan int, 1)
	go func() { status <- server.Main(in, out, io.Discard) }()
	if err := json.NewEncoder(stdin).Encode(server.Options{Token: "let me in"}); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var reply struct{ URL, Store, Error string }
	if err := json.Unmarshal(line, &reply); err != nil || reply.URL == "" || reply.Store == "" {
		t.Fatalf("it said %s: %v", line, err)
	}
	nc, err := nats.Connect(reply.URL, nats.Token("let me in"), nats.Timeout(limit))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	stdin.Close()
	if got := <-status; got != 0 {
		t.Errorf("exit status %d", got)
	}
}

func TestMainRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"{\"Listen\":\"0.0.0.0:0\"}\n": "can be reached from other machines",
		"{\"Lissen\":\"127.0.0.1\"}\n": "unknown field",
		"":                             "it is started by `gobraid cluster`",
	} {
		var out strings.Builder
		if status := server.Main(strings.NewReader(in), &out, &out); status == 0 || !strings.Contains(out.String(), want) {
			t.Errorf("%q: status %d, %s, want it to say %s", in, status, &out, want)
		}
	}
}
