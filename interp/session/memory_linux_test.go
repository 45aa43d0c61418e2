package session

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestMemoryOf(t *testing.T) {
	before, _, err := memoryOf(os.Getpid())
	if err != nil || before <= 0 {
		t.Fatal(before, err)
	}
	b, err := syscall.Mmap(-1, 0, 256<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(b)
	for i := range b {
		b[i] = 1
	}
	after, mapped, err := memoryOf(os.Getpid())
	if err != nil || after-before < 128<<20 || mapped < after {
		t.Errorf("%d, then %d of %d mapped, %v", before, after, mapped, err)
	}
	if _, _, err := memoryOf(0); err == nil {
		t.Error("process 0 has memory")
	}
}

func TestGroupLimit(t *testing.T) {
	const total = 100 << 30
	for _, test := range []struct {
		name, groups string
		files        map[string]string
		want         int64
	}{
		{"none", "0::/\n", nil, total},
		{"version 2, parent is tighter", "0::/a/b\n", map[string]string{"a/memory.max": "1000\n", "a/b/memory.max": "max\n"}, 1000},
		{"version 2 in a container", "0::/\n", map[string]string{"memory.max": "2000\n"}, 2000},
		{"version 1", "4:cpu:/x\n3:memory:/x\n0::/\n", map[string]string{"memory/x/memory.limit_in_bytes": "3000\n", "x/memory.max": "1\n"}, 3000},
		{"version 1, unlimited", "3:memory:/\n", map[string]string{"memory/memory.limit_in_bytes": "9223372036854771712\n"}, total},
	} {
		root := t.TempDir()
		for name, text := range test.files {
			path := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := leastGroupLimit(root, test.groups, total); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	if n, err := machineMemory(); err != nil || n < 64<<20 {
		t.Error(n, err)
	}
}

func TestNextLook(t *testing.T) {
	last := nextLook(-1)
	if last != shortLook {
		t.Error(last)
	}
	for room := int64(1 << 20); room < 1<<40; room *= 2 {
		d := nextLook(room)
		if d < last || d > longLook || d > shortLook && d.Seconds()*growthRate > float64(room) {
			t.Errorf("%d bytes of room: next look in %v", room, d)
		}
		last = d
	}
	for n, want := range map[int64]string{512 << 20: "512 MiB", 16 << 30: "16 GiB", 3 << 29: "1.5 GiB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
