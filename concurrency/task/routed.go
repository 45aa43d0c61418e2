package task

import (
	"reflect"
	"sync"
	"unsafe"
)

// The operations of this file do not block. They go through this package because they let others go on.

// Close is what close(c) is lowered to.
func Close[T any](c chan<- T, site Site) {
	if watch.Load() != 0 {
		v := reflect.ValueOf(c)
		defer steerClose(v.UnsafePointer(), site)()
		closeRecorded(v, site, func() { close(c) })
		return
	}
	close(c)
}

// ChanClose closes the channel c, for an engine that interprets.
func ChanClose(site Site, c any) {
	v := reflect.ValueOf(c)
	if watch.Load() != 0 {
		defer steerClose(v.UnsafePointer(), site)()
		closeRecorded(v, site, v.Close)
		return
	}
	v.Close()
}

// WaitGroupAdd is what wg.Add(n) is lowered to.
func WaitGroupAdd(wg *sync.WaitGroup, n int, site Site) {
	if watch.Load() != 0 {
		steerGroupAdd(wg, site)
		defer steerGroupAdded(wg)
		here().addGroup(wg, n, site)
		return
	}
	wg.Add(n)
}

// WaitGroupDone is what wg.Done() is lowered to.
func WaitGroupDone(wg *sync.WaitGroup, site Site) {
	if watch.Load() != 0 {
		steerGroupAdd(wg, site)
		defer steerGroupAdded(wg)
		here().addGroup(wg, -1, site)
		return
	}
	wg.Done()
}

// TryLock is what m.TryLock() is lowered to.
func TryLock(m *sync.Mutex, site Site) bool {
	if watch.Load() != 0 {
		steerTry(unsafe.Pointer(m), site)
	}
	return tried(m.TryLock(), unsafe.Pointer(m), mutexMode, site)
}

// RWTryLock is what m.TryLock() is lowered to for a sync.RWMutex.
func RWTryLock(m *sync.RWMutex, site Site) bool {
	if watch.Load() != 0 {
		steerTry(unsafe.Pointer(m), site)
	}
	return tried(m.TryLock(), unsafe.Pointer(m), writeMode, site)
}

// RWTryRLock is what m.TryRLock() is lowered to.
func RWTryRLock(m *sync.RWMutex, site Site) bool {
	if watch.Load() != 0 && !steerTry(unsafe.Pointer(m), site) {
		return false
	}
	return tried(m.TryRLock(), unsafe.Pointer(m), readMode, site)
}

// tried notes that an attempt to lock has succeeded, if it has.
func tried(ok bool, lock unsafe.Pointer, mode lockMode, site Site) bool {
	if ok {
		took(lock, mode, site)
		if watch.Load() != 0 {
			lockRecorded(nil, lock, mode == readMode, func() {})
		}
	}
	return ok
}

// CondSignal is what c.Signal() is lowered to.
func CondSignal(c *sync.Cond, site Site) {
	if watch.Load() != 0 {
		if !steerSignal(c, site, false) {
			signalRecorded(c, site, c.Signal)
		}
		return
	}
	c.Signal()
}

// CondBroadcast is what c.Broadcast() is lowered to.
func CondBroadcast(c *sync.Cond, site Site) {
	if watch.Load() != 0 {
		steerSignal(c, site, true)
		signalRecorded(c, site, c.Broadcast)
		return
	}
	c.Broadcast()
}
