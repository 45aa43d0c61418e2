package commands

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// natsOptions are what the program gobraid-nats is told: the options of gobraid-nats/server, which is not linked into gobraid.
type natsOptions struct {
	Listen, Store, Config, User, Password, Token, Cert, Key, CA string
}

// natsProgram is the NATS server, a program of its own so that sessions and workers do not carry it.
const natsProgram = "gobraid-nats"

// findNATS returns where that program is.
func findNATS() (string, error) {
	return findBeside(natsProgram, "the NATS server", "or start any nats-server with JetStream, and no `gobraid cluster`")
}

// A natsServer is that program, running. It ends with this process.
type natsServer struct {
	url, store string
	cmd        *exec.Cmd
	stdin      io.Closer
	ended      chan struct{} // closed when it has ended
}

// natsCommand makes the command that starts the server; tests start themselves.
var natsCommand = func() (*exec.Cmd, error) {
	program, err := findNATS()
	if err != nil {
		return nil, err
	}
	return exec.Command(program), nil
}

// startNATS starts the server and blocks until clients can connect.
func startNATS(o natsOptions, stderr io.Writer) (*natsServer, error) {
	cmd, err := natsCommand()
	if err != nil {
		return nil, err
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = stderr
	cmd.SysProcAttr = ownGroup() // an interrupt from the terminal is not for it: tasks end first
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("the NATS server: %w", err)
	}
	s := &natsServer{cmd: cmd, stdin: stdin, ended: make(chan struct{})}
	var reply struct{ URL, Store, Error string }
	err = json.NewEncoder(stdin).Encode(o)
	if err == nil {
		var line []byte
		if line, err = bufio.NewReader(stdout).ReadBytes('\n'); err == nil {
			err = json.Unmarshal(line, &reply)
		}
	}
	go func() { // ends with the process
		_, _ = io.Copy(io.Discard, stdout)
		_ = cmd.Wait()
		close(s.ended)
	}()
	switch {
	case reply.Error != "":
		err = errors.New(reply.Error)
	case err != nil:
		err = fmt.Errorf("%s said nothing: %w", cmd.Path, err)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	s.url, s.store = reply.URL, reply.Store
	return s, nil
}

// close ends the server, and blocks until it has.
func (s *natsServer) close() {
	s.stdin.Close()
	<-s.ended
}
