package kernel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/gobraid/gobraid/interp"
)

// A bench is a kernel on TCP with a client that is connected to all that a benchmark needs.
type bench struct {
	shell, iopub wire
	n            int
}

func newBench(b *testing.B) *bench {
	info := serve(b, ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: testKey}).Connection()
	iopub := dial(b, info, iopubChannel, zmq4.Sub)
	iopub.send([]byte("\x01"))
	iopub.next()
	shell := dial(b, info, shellChannel, zmq4.Dealer)
	for _, w := range []wire{shell, iopub} {
		w.raw.SetDeadline(time.Time{})
	}
	return &bench{shell: shell, iopub: iopub}
}

// ends waits for the second status of a request: its idle.
func (c *bench) ends(id string) {
	for statuses := 0; statuses < 2; {
		if h, parent, _ := c.iopub.next(); h.Type == "status" && parent.ID == id {
			statuses++
		}
	}
}

// run runs a cell until its reply and its idle are in.
func (c *bench) run(code string) {
	c.n++
	id := fmt.Sprint(c.n)
	c.shell.request(id, "execute_request", string(mustEncode(map[string]string{"code": code})))
	c.shell.want("execute_reply", id)
	c.ends(id)
}

// BenchmarkCell is the time of a cell that costs nothing itself: what the kernel adds to each.
func BenchmarkCell(b *testing.B) {
	c := newBench(b)
	var times []time.Duration
	for b.Loop() {
		begin := time.Now()
		c.run("1+1")
		times = append(times, time.Since(begin))
	}
	report(b, times)
}

// BenchmarkKernelInfo is a request that is not a cell.
func BenchmarkKernelInfo(b *testing.B) {
	c := newBench(b)
	var times []time.Duration
	for b.Loop() {
		begin := time.Now()
		c.n++
		id := fmt.Sprint(c.n)
		c.shell.request(id, "kernel_info_request", `{}`)
		c.shell.want("kernel_info_reply", id)
		times = append(times, time.Since(begin))
		c.ends(id)
	}
	report(b, times)
}

// BenchmarkKernelInfoDuringFlood is the same while a cell prints for ever.
func BenchmarkKernelInfoDuringFlood(b *testing.B) {
	c := newBench(b)
	c.shell.request("flood", "execute_request", `{"code": "flood"}`)
	c.iopub.want("stream", "flood")
	go func() {
		for { // until the connection ends with the benchmark
			if _, err := c.iopub.RecvMsg(); err != nil {
				return
			}
		}
	}()
	var times []time.Duration
	for b.Loop() {
		begin := time.Now()
		c.n++
		id := fmt.Sprint(c.n)
		c.shell.request(id, "kernel_info_request", `{}`)
		c.shell.want("kernel_info_reply", id)
		times = append(times, time.Since(begin))
	}
	report(b, times)
}

func report(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
}

// BenchmarkLines is a cell that prints 100,000 lines of 40 bytes, until its idle has arrived.
func BenchmarkLines(b *testing.B) {
	c := newBench(b)
	b.SetBytes(int64(100_000 * lineSize))
	for b.Loop() {
		c.run("lines 100000")
	}
}

// BenchmarkOutput is what one line costs the cell that prints it, with nobody listening.
func BenchmarkOutput(b *testing.B) {
	r := new(record)
	o := newIOPub(newCodec("key"), defaultOutput, r.publish)
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.run(b.Context())
	}()
	out := newOutlet(o, parentOf("r"))
	line := []byte(strings.Repeat("x", 39) + "\n")
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		out.write(interp.Stdout, line)
	}
	o.close()
	<-done
}
