//go:build !linux

package concurrency

// nativeID returns 0: the number of the calling thread is not known.
func nativeID() int64 { return 0 }
