//go:build unix

package session

import (
	"net"
	"os"
	"syscall"
)

// socketPair makes the connection between a host and its session process: the host's end, and the
// file to hand to the process.
func socketPair() (net.Conn, *os.File, error) {
	syscall.ForkLock.RLock()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	child := os.NewFile(uintptr(fds[1]), "session")
	host := os.NewFile(uintptr(fds[0]), "session")
	defer host.Close()
	conn, err := net.FileConn(host)
	if err != nil {
		child.Close()
		return nil, nil, err
	}
	return conn, child, nil
}

// processAttributes puts the session process into a session (setsid) of its own. So a terminal's ^C
// reaches the host alone, which decides what it means; reading the terminal is not stopped as a
// background process's would be; and everything the process starts can be found by its session id.
//
// There is no Pdeathsig: it would kill the process before it could end what it has started, which is
// the more common trouble (JupyterLab kills kernels) than a process that cannot even act on the end of
// file on its socket.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true}
}

// readNow reads from a non-blocking descriptor: what there is, 0 at the end of file.
// ok is false when there is nothing now.
func readNow(fd uintptr, p []byte) (n int, ok bool) {
	for {
		n, err := syscall.Read(int(fd), p)
		switch err {
		case nil:
			return n, true
		case syscall.EINTR:
		case syscall.EAGAIN:
			return 0, false
		default:
			return 0, true
		}
	}
}

// signalOf says which signal ended the process, if one did.
func signalOf(st *os.ProcessState) (name string, kill, ok bool) {
	ws, isStatus := st.Sys().(syscall.WaitStatus)
	if !isStatus || !ws.Signaled() {
		return "", false, false
	}
	return ws.Signal().String(), ws.Signal() == syscall.SIGKILL, true
}
