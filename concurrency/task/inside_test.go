package task_test

import (
	"net"
	"os"
	"os/exec"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// What a task waits for inside a library is told by its stack.
func TestLookInside(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	free := make(chan int)
	want := map[string]string{"process": "a process", "socket": "a socket", "file": "a file", "receiver": ""}
	r, _ := newRun(t, 1)
	r.Do(func() {
		named := func(name string, f func()) {
			task.Go(0, func() {
				task.Current().SetName(name)
				f()
			})
		}
		named("process", func() { child.Wait() })
		named("socket", func() { listener.Accept() })
		named("file", func() { read.Read(make([]byte, 1)) })
		named("receiver", func() { task.Recv(free, 0) })
	})
	for name, what := range want {
		until(t, name, func() bool {
			tasks := r.Tasks()
			task.LookInside(tasks)
			for _, i := range tasks {
				if i.Name == name {
					return i.Wait.Detail == what && i.Wait.Kind == task.WaitLibrary || name == "receiver" && i.Wait.Kind == task.WaitReceive
				}
			}
			return false
		})
	}
	close(free)
	in.Close()
	write.Close()
	listener.Close()
	closeRun(t, r)
	read.Close()
}
