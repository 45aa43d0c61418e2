package session

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

var dumpTests = []struct {
	name, text string
	title      string
	stacks     []string
}{
	{
		"deadlock",
		"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\ncells/k2.main()\n\t/gobraid.cell/2.go:5 +0x2b\n" +
			"\ngoroutine 2 [select (no cases), 3 minutes]:\nruntime.gopark()\n\t/usr/lib/go/src/runtime/proc.go:435 +0xce\n" +
			"\ngoroutine 6 [sync.Mutex.Lock]:\ncells/k2.(*T[...]).lock(0xc000012345, {0x1, 0x2})\n\t/gobraid.cell/2.go:9 +0x10\n" +
			"created by cells/k2.main in goroutine 1\n\t/gobraid.cell/2.go:4 +0x1a\n",
		"fatal error: all goroutines are asleep - deadlock!",
		[]string{"chan receive: main 2:5", "sync.Mutex.Lock: (*T[...]).lock 2:9 from main 2:4"},
	},
	{
		"the failing goroutine is not the user's",
		"SIGSEGV: segmentation violation\nPC=0x1 m=0 sigcode=0\n\ngoroutine 0 gp=0x7d6ba0 m=0 mp=0x7d7ba0 [idle]:\nruntime.futex()\n\t/x/y.s:5 +0x21 fp=0x7ff sp=0x7ff pc=0x491\n" +
			"\ngoroutine 9 gp=0xc0 m=nil [select]:\na.b/c/d.f[go.shape.int](...)\n\t/gobraid.cell/12.go:1\na/b.init.0()\n\t/gobraid.cell/12.go:44 +0x5 fp=0xc sp=0xd pc=0x1\n",
		"SIGSEGV: segmentation violation",
		[]string{"select: f[go.shape.int] 12:1 init.0 12:44"},
	},
	{
		"a library alone",
		"panic: boom\n\ngoroutine 9 [running]:\npanic({0x1})\n\t/go/panic.go:1\nexample.org/lib.(*T).run(0x1)\n\t/lib/t.go:5 +0x2\n" +
			"created by example.org/lib.New in goroutine 5\n\t/lib/t.go:2 +0x1\n",
		"panic: boom",
		[]string{"running: /lib/t.go:5, in example.org/lib.(*T).run"},
	},
	{
		"nested panic",
		"panic: first [recovered]\n\tpanic: second\n[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 5 [running]:\nmain.f({0x1, 0x2}, (0x3))\n\t/home/me/f.go:3 +0x1\n",
		"panic: first [recovered]",
		[]string{"running: /home/me/f.go:3, in main.f"},
	},
	{
		"compiled cell",
		"fatal error: x\n\ngoroutine 5 [running]:\ngobraid.cell/91a5.(*ꞰT[...]).Ʞwork(0x1)\n\t/gobraid.cell/3.go:1\n" +
			"gobraid.cell/91a5.Ʞf.func1()\n\t/gobraid.cell/3.go:2\ngobraid.cell/91a5.øcell.func1({0x1, 0x2}, 0x0?)\n\t/gobraid.cell/3.go:3\n" +
			"gobraid.cell/91a5.øcell()\n\t/gobraid.cell/3.go:4\ngobraid.cell/91a5.øcell()\n\t/gobraid.cell/3.go:4\n",
		"fatal error: x",
		[]string{"running: (*T[...]).work 3:1 f.func1 3:2 func1 3:3  3:4 and so on"},
	},
	{"stack overflow", "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\nruntime stack:\nruntime.throw()\n\nx", "fatal error: stack overflow", nil},
	{"fault", "unexpected fault address 0x0\n", "unexpected fault address 0x0", nil},
}

func TestParseLastText(t *testing.T) {
	for _, test := range dumpTests {
		got := parseLastText(test.text, task.ParseCellFile)
		if got.title != test.title {
			t.Errorf("%s: title %q, want %q", test.name, got.title, test.title)
		}
		var stacks []string
		for _, s := range got.telling() {
			text := s.state + ":"
			for _, f := range s.frames {
				text += fmt.Sprintf(" %s %d:%d", f.function, f.cell, f.line)
			}
			if len(s.frames) == 0 && s.library != nil {
				text += " " + strings.Join(s.library, " ")
			}
			if s.elided {
				text += " and so on"
			}
			if s.started != nil {
				text += fmt.Sprintf(" from %s %d:%d", s.started.function, s.started.cell, s.started.line)
			}
			stacks = append(stacks, text)
		}
		if a, b := strings.Join(stacks, "\n"), strings.Join(test.stacks, "\n"); a != b {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, a, b)
		}
	}
}
