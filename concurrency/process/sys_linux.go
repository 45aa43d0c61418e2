package process

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// executable is the program itself, also when its file was replaced or removed since.
const executable = "/proc/self/exe"

// systemError is why there are no workers on this system.
func systemError() error { return nil }

// deathSignal is what a worker gets when the program is gone. It is none that ends it at once: what the worker has started has to
// end too, and nobody else is left to see to that.
const deathSignal = syscall.SIGTERM

// attributes make a process the leader of a group of its own, so that what it starts can be ended with it, and have it told when
// the thread that starts it ends. See keep.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: deathSignal}
}

// commandAttributes make a command the leader of a group of its own.
func commandAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// socketPair returns two ends of a connection. The second is for the child.
func socketPair() (ours, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("process: socketpair: %w", err)
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(fds[0]), "worker"), os.NewFile(uintptr(fds[1]), "pool"), nil
}

// memory returns a file that is nothing but memory.
func memoryFile(name string, size int64) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("process: memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), name)
	if err := f.Truncate(size); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// share maps a file into memory.
func share(f *os.File, size int) (mem []byte, err error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	if e := raw.Control(func(fd uintptr) {
		mem, err = unix.Mmap(int(fd), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	}); e != nil {
		return nil, e
	}
	return mem, err
}

func unshare(mem []byte) { _ = unix.Munmap(mem) }

// await blocks until a process has ended, and leaves it to be waited for: until then its number, and that of its group, is its own.
func await(pid int) {
	for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}

// killGroup ends a process and what it has started.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// leaveGroup moves the process to the group of the one that has started it, and reports whether it could, which it cannot when that has ended.
func leaveGroup() bool {
	group, err := syscall.Getpgid(os.Getppid())
	return err == nil && syscall.Setpgid(0, group) == nil
}

// inherited keeps a descriptor from what the worker starts.
func inherited(fd uintptr) { unix.CloseOnExec(int(fd)) }

// preferAsVictim asks the system to choose a worker rather than the program when memory runs out.
func preferAsVictim(pid int) {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), []byte("700"), 0)
}

// resident returns how much memory a process has that nothing but swap could take from it, in bytes.
func resident(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, rss, shared int64
	if n, _ := fmt.Sscan(string(text), &size, &rss, &shared); n != 3 {
		return 0
	}
	return (rss - shared) * int64(os.Getpagesize())
}

// readNow reads what there is and does not wait. It returns 0 when there is nothing.
func readNow(f *os.File, buf []byte) (n int) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		for {
			var err error
			if n, err = syscall.Read(int(fd), buf); err != syscall.EINTR {
				return
			}
		}
	})
	return max(n, 0)
}

// writePatiently writes all of b. Whoever reads notices an error.
func writePatiently(f *os.File, b []byte) {
	raw, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		for len(b) > 0 {
			n, err := unix.Write(int(fd), b)
			switch err {
			case nil:
				b = b[n:]
			case unix.EINTR:
			case unix.EAGAIN:
				_, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1)
			default:
				return
			}
		}
	})
}
