package rt

import (
	"context"
	"encoding/binary"
	"os"
	"os/exec"
	"sync"
	"time"
	"unsafe"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Stop returns the word that interpreted loops test, which is 0 or 1, as a bool: the interpreter tests that in one
// step. Interpreted code reads it without synchronisation; the interpreter reads it anew each time, so
// the store is seen soon.
func Stop() *bool {
	word := unsafe.Pointer(&task.Stop)
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 { // the byte that holds the 1 is the last
		word = unsafe.Add(word, 3)
	}
	return (*bool)(word)
}

// Safepoint is task.Safepoint. It also tells that a function has been entered that does not recover: see Claim.
func Safepoint() {
	task.Safepoint() // which withdraws an offer
}

// Go is a go statement.
func Go(site uint64, f func()) { task.Go(task.Site(site), guarded(f)) }

// Send sends what p points to on the channel c.
func Send(site uint64, c, p any) {
	defer note(site)()
	task.ChanSend(task.Site(site), c, p)
}

// note returns a function that notes the site if the caller is leaving with a panic.
func note(site uint64) func() {
	return func() {
		if v := recover(); v != nil {
			at(site)
			panic(v)
		}
	}
}

// Recv receives from the channel c through p, and reports whether the value was sent.
func Recv(site uint64, c, p any) bool { return task.ChanRecv(task.Site(site), c, p) }

// Close is close(c).
func Close(site uint64, c any) {
	at(site)
	task.ChanClose(task.Site(site), c)
	take()
}

// choose is a select statement.
func choose(site uint64, hasDefault bool, cases ...task.Case) int {
	if len(cases) == 0 && !hasDefault {
		task.Forever(task.Site(site))
	}
	return task.Select(task.Site(site), hasDefault, cases...)
}

// Lock is m.Lock().
func Lock(site uint64, m *sync.Mutex) { task.Lock(m, task.Site(site)) }

// Unlock is m.Unlock().
func Unlock(_ uint64, m *sync.Mutex) { task.Unlock(m) }

// TryLock is m.TryLock().
func TryLock(site uint64, m *sync.Mutex) bool { return task.TryLock(m, task.Site(site)) }

// RWTryLock is m.TryLock().
func RWTryLock(site uint64, m *sync.RWMutex) bool { return task.RWTryLock(m, task.Site(site)) }

// RWTryRLock is m.TryRLock().
func RWTryRLock(site uint64, m *sync.RWMutex) bool { return task.RWTryRLock(m, task.Site(site)) }

// WaitGroupAdd is wg.Add(n).
func WaitGroupAdd(site uint64, wg *sync.WaitGroup, n int) {
	defer note(site)()
	task.WaitGroupAdd(wg, n, task.Site(site))
}

// WaitGroupDone is wg.Done().
func WaitGroupDone(site uint64, wg *sync.WaitGroup) {
	defer note(site)()
	task.WaitGroupDone(wg, task.Site(site))
}

// CondSignal is c.Signal().
func CondSignal(site uint64, c *sync.Cond) { task.CondSignal(c, task.Site(site)) }

// CondBroadcast is c.Broadcast().
func CondBroadcast(site uint64, c *sync.Cond) { task.CondBroadcast(c, task.Site(site)) }

// RWLock is m.Lock().
func RWLock(site uint64, m *sync.RWMutex) { task.RWLock(m, task.Site(site)) }

// RWUnlock is m.Unlock().
func RWUnlock(_ uint64, m *sync.RWMutex) { task.RWUnlock(m) }

// RWRLock is m.RLock().
func RWRLock(site uint64, m *sync.RWMutex) { task.RWRLock(m, task.Site(site)) }

// RWRUnlock is m.RUnlock().
func RWRUnlock(_ uint64, m *sync.RWMutex) { task.RWRUnlock(m) }

// LockerLock is l.Lock().
func LockerLock(site uint64, l sync.Locker) { task.LockerLock(l, task.Site(site)) }

// LockerUnlock is l.Unlock().
func LockerUnlock(_ uint64, l sync.Locker) { task.LockerUnlock(l) }

// WaitGroupWait is wg.Wait().
func WaitGroupWait(site uint64, wg *sync.WaitGroup) { task.WaitGroupWait(wg, task.Site(site)) }

// WaitGroupGo is wg.Go(f).
func WaitGroupGo(site uint64, wg *sync.WaitGroup, f func()) {
	task.WaitGroupGo(wg, task.Site(site), guarded(f))
}

// CondWait is c.Wait().
func CondWait(site uint64, c *sync.Cond) { task.CondWait(c, task.Site(site)) }

// OnceDo is o.Do(f).
func OnceDo(site uint64, o *sync.Once, f func()) { task.OnceDo(o, task.Site(site), f) }

// Sleep is time.Sleep(d).
func Sleep(site uint64, d time.Duration) { task.Sleep(d, task.Site(site)) }

// AfterFunc is time.AfterFunc(d, f).
func AfterFunc(site uint64, d time.Duration, f func()) *time.Timer {
	return task.AfterFunc(task.Site(site), d, guarded(f))
}

// ContextAfterFunc is context.AfterFunc(ctx, f).
func ContextAfterFunc(site uint64, ctx context.Context, f func()) func() bool {
	return task.ContextAfterFunc(task.Site(site), ctx, guarded(f))
}

// Command is exec.Command.
func Command(name string, arg ...string) *exec.Cmd { return task.Command(name, arg...) }

// CommandContext is exec.CommandContext.
func CommandContext(ctx context.Context, name string, arg ...string) *exec.Cmd {
	return task.CommandContext(ctx, name, arg...)
}

// Stdout is os.Stdout.
func Stdout() *os.File { return task.Stdout() }

// Stderr is os.Stderr.
func Stderr() *os.File { return task.Stderr() }

// Stdin is os.Stdin.
func Stdin() *os.File { return task.Stdin() }
