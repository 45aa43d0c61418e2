package process

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A segment is memory that processes share, with a lock in front. Another process finds it by the process that has made it, and the
// number of the file there: so it can be handed over as a value, as long as that process lives.
type segment struct {
	file  *os.File
	mem   []byte
	maker uint32 // the process
	fd    uint32 // there
}

// The head of a segment: words that processes wait on.
const (
	wordLock    = 0   // the process that holds the lock, 0 if none
	wordWaiters = 64  // how many wait for it
	wordChanged = 128 // changes when there is something to look at again
	wordUser    = 192 // of who uses the segment
	segmentHead = 4096
)

func newSegment(name string, size int) (*segment, error) {
	f, err := memoryFile("gobraid "+name, int64(segmentHead+size))
	if err != nil {
		return nil, err
	}
	mem, err := share(f, segmentHead+size)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &segment{file: f, mem: mem, maker: uint32(os.Getpid()), fd: uint32(f.Fd())}, nil
}

func (s *segment) word(at int) *atomic.Uint32 { return (*atomic.Uint32)(unsafe.Pointer(&s.mem[at])) }

func (s *segment) data() []byte { return s.mem[segmentHead:] }

// encode returns what another process finds the segment by.
func (s *segment) encode() ([]byte, error) {
	if s == nil || s.mem == nil {
		return nil, errors.New("process: shared memory that was closed, or never made, cannot be sent")
	}
	b := binary.LittleEndian.AppendUint32(nil, s.maker)
	b = binary.LittleEndian.AppendUint32(b, s.fd)
	return binary.LittleEndian.AppendUint64(b, uint64(len(s.mem))), nil
}

func decodeSegment(b []byte) (*segment, error) {
	if len(b) != 16 {
		return nil, errGarbage
	}
	s := &segment{maker: binary.LittleEndian.Uint32(b), fd: binary.LittleEndian.Uint32(b[4:])}
	size := int64(binary.LittleEndian.Uint64(b[8:]))
	f, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/%d", s.maker, s.fd), os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("process: the shared memory of process %d is gone: %w", s.maker, err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != size {
		f.Close()
		return nil, fmt.Errorf("process: the shared memory of process %d was closed", s.maker)
	}
	if s.mem, err = share(f, int(size)); err != nil {
		f.Close()
		return nil, err
	}
	s.file = f
	return s, nil
}

func (s *segment) close() error {
	if s.mem == nil {
		return nil
	}
	unshare(s.mem)
	s.mem = nil
	return s.file.Close()
}

// lock takes the lock. It returns [ErrHolderDied], with the lock taken, if the process that had it has died, and the cause of ctx, without,
// if that ends before. object is what is waited for.
func (s *segment) lock(ctx context.Context, object any) error {
	me, w := uint32(os.Getpid()), s.word(wordLock)
	for {
		if w.CompareAndSwap(0, me) {
			return nil
		}
		holder := w.Load()
		if holder == 0 {
			continue
		}
		if syscall.Kill(int(holder), 0) == syscall.ESRCH && w.CompareAndSwap(holder, me) {
			return ErrHolderDied
		}
		s.word(wordWaiters).Add(1)
		err := s.wait(ctx, wordLock, holder, object)
		s.word(wordWaiters).Add(^uint32(0))
		if err != nil {
			return err
		}
	}
}

// unlock gives the lock back, and reports whether this process had it.
func (s *segment) unlock() bool {
	if !s.word(wordLock).CompareAndSwap(uint32(os.Getpid()), 0) {
		return false
	}
	if s.word(wordWaiters).Load() > 0 {
		s.wake(wordLock, 1)
	}
	return true
}

// changed tells all who wait for a change to look again.
func (s *segment) changed() {
	s.word(wordChanged).Add(1)
	s.wake(wordChanged, 1<<30)
}

const (
	futexWait = 0
	futexWake = 1
)

func (s *segment) wake(at, n int) {
	_, _, _ = unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(s.word(at))), futexWake, uintptr(n), 0, 0, 0)
}

// patience is how long one wait in the kernel takes at most. Then the waiter looks whether it is still wanted, and who it waits for
// still lives.
const patience = 20 * time.Millisecond

// wait blocks while a word has a value, for a moment, or until ctx ends; the caller looks again.
func (s *segment) wait(ctx context.Context, at int, value uint32, object any) error {
	task.Outside(1)
	defer task.Outside(-1)
	done := make(chan struct{})
	go sleep(s.word(at), value, done)
	return task.Await(ctx, done, object, task.Here())
}

// sleep waits in the kernel. If the segment is closed meanwhile it ends with an error, or when its time is over.
func sleep(word *atomic.Uint32, value uint32, done chan struct{}) {
	defer close(done)
	ts := unix.NsecToTimespec(patience.Nanoseconds())
	_, _, _ = unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWait, uintptr(value), uintptr(unsafe.Pointer(&ts)), 0, 0)
}
