// Command gobraid-nats is the nats-server of `gobraid cluster`, which starts it: a program of its own, so that sessions and workers
// do not carry it. It reads its options, a line of JSON, from standard input, writes a line of JSON with its URL to standard output, or with what
// is wrong, and ends when standard input does: so it ends with the program that started it, however that ends. The signals of a terminal
// are left to that program.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/gobraid/gobraid/gobraid-nats/server"
)

func main() { os.Exit(run(os.Stdin, os.Stdout, os.Stderr)) }

// A reply is what the program says.
type reply struct {
	URL   string `json:",omitempty"`
	Store string `json:",omitempty"`
	Error string `json:",omitempty"`
}

func run(stdin io.Reader, stdout, stderr io.Writer) int {
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	in := bufio.NewReader(stdin)
	line, err := in.ReadBytes('\n')
	var o server.Options
	if err == nil {
		err = json.Unmarshal(line, &o)
	}
	if err != nil {
		fmt.Fprintln(stderr, "gobraid-nats: it is started by `gobraid cluster`, which tells it where to listen")
		return 2
	}
	o.Log = func(line string) { fmt.Fprintln(stderr, "nats-server:", line) }
	s, err := server.Start(o)
	if err != nil {
		_ = json.NewEncoder(stdout).Encode(reply{Error: err.Error()})
		return 1
	}
	defer s.Close()
	if err := json.NewEncoder(stdout).Encode(reply{URL: s.URL(), Store: s.Store()}); err != nil {
		return 1 // nobody listens any more
	}
	_, _ = io.Copy(io.Discard, in)
	return 0
}
