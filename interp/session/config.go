package session

import (
	"os"
	"time"
)

// A Config says how to start session processes. Its zero value starts this same executable with the
// argument "session".
type Config struct {
	// Path is the executable, and Args its arguments without the name; by default this executable
	// and "session". The process has to call [Child].
	Path string
	Args []string
	// Dir is the working directory, by default the host's.
	Dir string
	// Env is the environment, by default the host's.
	Env []string
	// Stdin becomes the process's standard input; by default it has none. It is for programs run at
	// a terminal; what asks a notebook's reader is [interp.Sink]'s Input.
	Stdin *os.File
	// Engine is the session's engine, handed on in [Setup].
	Engine string
	// Memory limits the process, in bytes. 0 stands for four fifths of what the machine and the
	// control groups allow; a negative value for no limit. Only Linux enforces it, and the
	// processes that cells start are not counted.
	Memory int64
	// Once says that a session that has died is not followed by another: later runs fail.
	Once bool
	// Grace is how long an interrupted cell has to end before the user is told that it does not, by
	// default 2 s. A deadline, after which nobody will insist, leads to a kill after twice that.
	Grace time.Duration
	// StartLimit is how long a process may take to get ready, by default a minute. It may take ten
	// times that for the declarations of its predecessor, which an interrupt cuts short.
	StartLimit time.Duration
}

// withDefaults fills in what is not set.
func (c Config) withDefaults() (Config, error) {
	if c.Path == "" {
		path, err := os.Executable()
		if err != nil {
			return c, err
		}
		c.Path = path
		if c.Args == nil {
			c.Args = []string{"session"}
		}
	}
	if c.Memory == 0 {
		if total, err := machineMemory(); err == nil {
			c.Memory = total / 5 * 4
		}
	}
	if c.Grace <= 0 {
		c.Grace = 2 * time.Second
	}
	if c.StartLimit <= 0 {
		c.StartLimit = time.Minute
	}
	return c, nil
}
