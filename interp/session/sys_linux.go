package session

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// killSession kills every process of session id except the leader itself. It looks again until it
// finds none, because a process may be forking just then; ten looks are the limit against a fork bomb.
func killSession(id int) {
	for range 10 {
		if n := killMembers(id); n == 0 {
			return
		}
	}
}

func killMembers(id int) (found int) {
	dir, err := os.Open("/proc")
	if err != nil {
		return 0
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil || pid == id || !isMember(pid, id) {
			continue
		}
		if syscall.Kill(pid, syscall.SIGKILL) == nil {
			found++
		}
	}
	return found
}

// isMember reports whether pid is alive and of session id.
func isMember(pid, id int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	// The name in brackets may hold anything; what follows the last one is state, parent, group, session.
	i := bytes.LastIndexByte(stat, ')')
	if i < 0 {
		return false
	}
	f := strings.Fields(string(stat[i+1:]))
	return len(f) > 3 && f[0] != "Z" && f[0] != "X" && f[3] == strconv.Itoa(id)
}

// preferAsVictim asks the kernel to choose pid, rather than its host, when memory runs out.
func preferAsVictim(pid int) {
	os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), []byte("500"), 0)
}

// drainEnd lets the reader of conn have what is still in its buffer and then an end of file, even
// if some process kept the other end open.
func drainEnd(conn net.Conn) {
	if c, ok := conn.(*net.UnixConn); ok {
		c.CloseRead()
	}
}

// memoryOf reads what a process uses: bytes that nothing but swap could take from it, and the bytes of
// private memory it has mapped, touched or not.
func memoryOf(pid int) (used, mapped int64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "RssAnon", "RssShmem", "VmSwap":
			used += kibibytes(value)
		case "VmData":
			mapped = kibibytes(value)
		}
	}
	return used, mapped, nil
}

func kibibytes(s string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "kB")), 10, 64)
	return n << 10
}

// machineMemory is the least of the machine's memory and what the control groups allow, in bytes.
func machineMemory() (int64, error) {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	var total int64
	for line := range strings.Lines(string(info)) {
		if value, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			total = kibibytes(value)
		}
	}
	if total == 0 {
		return 0, errors.New("session: /proc/meminfo names no total")
	}
	groups, _ := os.ReadFile("/proc/self/cgroup")
	return leastGroupLimit("/sys/fs/cgroup", string(groups), total), nil
}

// leastGroupLimit walks from the process's memory group to the root, for both versions of control groups.
func leastGroupLimit(root, groups string, total int64) int64 {
	least := total
	for line := range strings.Lines(groups) {
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(f) != 3 {
			continue
		}
		base, file := root, "memory.max"
		if f[0] != "0" {
			if f[1] != "memory" {
				continue
			}
			base, file = root+"/memory", "memory.limit_in_bytes"
		}
		for path := f[2]; ; path = path[:strings.LastIndexByte(path, '/')] {
			path = strings.TrimSuffix(path, "/")
			b, err := os.ReadFile(base + path + "/" + file)
			if n, perr := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && perr == nil && n > 0 {
				least = min(least, n)
			}
			if !strings.Contains(path, "/") {
				break
			}
		}
	}
	return least
}
