package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// A reply is what [Main] writes: where the server is, or why it is not.
type reply struct {
	URL   string `json:",omitempty"`
	Store string `json:",omitempty"`
	Error string `json:",omitempty"`
}

// Main is the program gobraid-nats. It reads a line from stdin, [Options] in JSON, starts the server, writes a line to stdout, an object with the URL and
// the Store or with an Error, and serves until stdin ends. What the server warns of goes to stderr. It returns the exit status.
func Main(stdin io.Reader, stdout, stderr io.Writer) int {
	in := bufio.NewReader(stdin)
	line, _ := in.ReadBytes('\n')
	var o Options
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		fmt.Fprintln(stderr, "gobraid-nats: it is started by `gobraid cluster`, which tells it where to listen:", err)
		return 2
	}
	o.Log = func(line string) { fmt.Fprintln(stderr, "nats-server:", line) }
	s, err := Start(o)
	if err != nil {
		_ = json.NewEncoder(stdout).Encode(reply{Error: err.Error()})
		return 1
	}
	defer s.Close()
	if err := json.NewEncoder(stdout).Encode(reply{URL: s.URL(), Store: s.Store()}); err != nil {
		return 1 // who started it is gone
	}
	_, _ = io.Copy(io.Discard, in)
	return 0
}
