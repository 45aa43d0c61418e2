package threads

import (
	"bytes"
	"context"
	"fmt"
	"runtime/trace"
	"time"
)

// maxTrace is about how many bytes of trace are kept; the newest are.
const maxTrace = 8 << 20

// category is that of the log messages which mark where a capture begins and ends.
const category = "gobraid.capture"

// A Capture is a Go execution trace being taken. It is of the whole process: all that runs meanwhile is in it.
type Capture struct {
	recorder *trace.FlightRecorder
}

// Start begins to capture. There can be one capture at a time in a process: while another one, or a flight recorder of
// somebody else, is active it returns an error.
func Start() (*Capture, error) {
	r := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: 24 * time.Hour, MaxBytes: maxTrace})
	if err := r.Start(); err != nil {
		return nil, fmt.Errorf("threads: %w", err)
	}
	trace.Log(context.Background(), category, "begin")
	return &Capture{r}, nil
}

// Stop ends the capture and returns what it has seen. It takes some milliseconds, and about 60 ms for each MB of trace.
// It is to be called once, by any goroutine.
func (c *Capture) Stop() (*Record, error) {
	trace.Log(context.Background(), category, "end")
	var b bytes.Buffer
	_, err := c.recorder.WriteTo(&b)
	c.recorder.Stop()
	if err != nil {
		return nil, fmt.Errorf("threads: %w", err)
	}
	return Read(&b)
}

// Around captures while f runs. When there can be no capture f runs all the same, and the error says why. A panic of f goes on
// after the capture has been stopped.
func Around(f func()) (*Record, error) {
	c, err := Start()
	if err != nil {
		f()
		return nil, err
	}
	done := false
	defer func() {
		if !done {
			c.recorder.Stop()
		}
	}()
	f()
	done = true
	return c.Stop()
}
