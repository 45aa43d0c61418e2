//go:build unix

package task

import (
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// named returns the open pipe f under another name, in blocking mode, as a process's standard streams are: child
// processes that inherit it expect that. f is closed.
func named(f *os.File, name string) *os.File {
	raw, err := f.SyscallConn()
	if err != nil {
		return f
	}
	fd := -1
	if e := raw.Control(func(old uintptr) { fd, err = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) }); e != nil || err != nil {
		return f
	}
	if err := unix.SetNonblock(fd, false); err != nil {
		unix.Close(fd)
		return f
	}
	f.Close()
	return os.NewFile(uintptr(fd), name)
}

// pipeState reports whether something can be read from r, and whether reading it blocks the thread, as is so
// once it was handed to a child process.
func pipeState(r *os.File) (readable, blocking bool, err error) {
	raw, err := r.SyscallConn()
	if err != nil {
		return false, false, err
	}
	e := raw.Control(func(fd uintptr) {
		var flags int
		if flags, err = unix.FcntlInt(fd, unix.F_GETFL, 0); err != nil {
			return
		}
		poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		var n int
		if n, err = unix.Poll(poll, 0); err == unix.EINTR {
			err = nil
		}
		readable, blocking = n > 0, flags&unix.O_NONBLOCK == 0
	})
	if e != nil {
		err = e
	}
	return readable, blocking, err
}

// readNow reads what a pipe holds and does not wait. It returns an error when there is nothing.
func readNow(f *os.File, buf []byte) (n int, err error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	if e := raw.Control(func(fd uintptr) { n, err = syscall.Read(int(fd), buf) }); e != nil {
		return 0, e
	}
	if n <= 0 && err == nil {
		err = io.EOF
	}
	return n, err
}
