package commands

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// localWorkers are the workers that `gobraid cluster` has started.
type localWorkers struct {
	stderr io.Writer
	wait   sync.WaitGroup

	mu       sync.Mutex
	draining bool
	stop     []func()
}

// workerProcess makes the command that starts a worker; tests start themselves.
var workerProcess = func(args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return exec.Command(self, append([]string{"worker"}, args...)...), nil
}

// startWorkers starts workers of a server. What it returns is to be drained, also if there is an error.
func (p *clusterPlan) startWorkers(at string, stdout, stderr io.Writer) (*localWorkers, error) {
	l := &localWorkers{stderr: stderr}
	out := &lineWriter{w: stdout}
	env := append(os.Environ(), natsURL+"="+at, "GOBRAID_NATS_USER="+p.server.User, "GOBRAID_NATS_PASSWORD="+p.server.Password)
	if p.server.Token != "" {
		env = append(env, "GOBRAID_NATS_TOKEN="+p.server.Token)
	}
	for i := range p.workers {
		name := fmt.Sprintf("local-%d", i+1)
		args := []string{"--with-parent", "--concurrency", "1", "--name", name}
		if p.ca != "" {
			args = append(args, "--tls-ca", p.ca)
		}
		if err := l.start(name, args, env, out); err != nil {
			return l, err
		}
	}
	return l, nil
}

// start starts a worker, and again when a signal has ended it.
func (l *localWorkers) start(name string, args, env []string, stdout io.Writer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.draining {
		return nil
	}
	cmd, err := workerProcess(args...)
	if err != nil {
		return err
	}
	cmd.Env = append(cmd.Env, env...)
	cmd.Stdout, cmd.Stderr = stdout, l.stderr
	cmd.SysProcAttr = ownGroup()
	stdin, err := cmd.StdinPipe() // its end is the end of this process
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("a worker cannot be started: %w", err)
	}
	at := len(l.stop)
	l.stop = append(l.stop, func() { stdin.Close() })
	l.wait.Go(func() {
		err := cmd.Wait()
		stdin.Close()
		l.mu.Lock()
		l.stop[at] = func() {}
		draining := l.draining
		l.mu.Unlock()
		if err == nil || draining {
			return
		}
		status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
		again := ok && status.Signaled()
		fmt.Fprintf(l.stderr, "the worker %s has ended: %v\n", name, err)
		if again {
			if err := l.start(name, args, env, stdout); err != nil {
				fmt.Fprintln(l.stderr, err)
			}
		}
	})
	return nil
}

// drain has the workers end when what they run has ended, and blocks until they have.
func (l *localWorkers) drain() {
	l.mu.Lock()
	l.draining = true
	for _, stop := range l.stop {
		stop()
	}
	l.mu.Unlock()
	l.wait.Wait()
}

// A lineWriter lets several processes write to one writer.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(p)
}
