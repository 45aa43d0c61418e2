package concurrency

import "syscall"

// nativeID returns the number of the calling thread of the operating system.
func nativeID() int64 { return int64(syscall.Gettid()) }
