package threads_test

import (
	"bytes"
	"runtime/trace"
	"testing"
)

// raw returns the trace of f.
func raw(b *testing.B, f func()) []byte {
	b.Helper()
	var data bytes.Buffer
	if err := trace.Start(&data); err != nil {
		b.Fatal(err)
	}
	f()
	trace.Stop()
	return data.Bytes()
}
