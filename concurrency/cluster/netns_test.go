package cluster_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	natsd "github.com/nats-io/nats-server/v2/server"
)

// TestPartition has a worker in a network namespace, and its cable pulled.
func TestPartition(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("a network namespace needs root; TestStalled does the same with a proxy")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("a network namespace needs the command ip, of iproute2; TestStalled does the same with a proxy")
	}
	id := os.Getpid() % 60000
	space, mine, theirs := fmt.Sprintf("gobraid%d", id), fmt.Sprintf("gbm%d", id), fmt.Sprintf("gbt%d", id)
	net := fmt.Sprintf("10.%d.%d.", 200+id%50, id/50%250)
	if out, err := exec.Command("ip", "netns", "add", space).CombinedOutput(); err != nil {
		t.Skipf("no network namespace can be made here: %s; TestStalled does the same with a proxy", strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() { ip(t, "netns", "del", space) }) // the cable goes with it
	if out, err := exec.Command("ip", "netns", "exec", space, "true").CombinedOutput(); err != nil {
		t.Skipf("no program can be run in a network namespace here: %s; TestStalled does the same with a proxy", strings.TrimSpace(string(out)))
	}
	if out, err := exec.Command("ip", "link", "add", mine, "type", "veth", "peer", "name", theirs).CombinedOutput(); err != nil {
		t.Skipf("no pair of network devices can be made here: %s; TestStalled does the same with a proxy", strings.TrimSpace(string(out)))
	}
	ip(t, "link", "set", theirs, "netns", space)
	ip(t, "addr", "add", net+"1/24", "dev", mine)
	ip(t, "link", "set", mine, "up")
	ip(t, "-n", space, "addr", "add", net+"2/24", "dev", theirs)
	ip(t, "-n", space, "link", "set", theirs, "up")

	partitioned(t, func(t *testing.T) partition {
		s := newServer(t, func(o *natsd.Options) { o.Host = net + "1" })
		cmd := self()
		cmd.Args = append([]string{"ip", "netns", "exec", space}, cmd.Path)
		path, err := exec.LookPath("ip")
		if err != nil {
			t.Fatal(err)
		}
		cmd.Path = path
		w, _ := start(t, cmd, childWorker+"="+s.ClientURL(), workerLease+"="+short.String(), workerCache+"="+t.TempDir())
		return partition{
			server: s.ClientURL(), worker: w,
			cut:  func() { ip(t, "link", "set", mine, "down") },
			join: func() { ip(t, "link", "set", mine, "up") },
		}
	})
}

func ip(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		t.Errorf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}
