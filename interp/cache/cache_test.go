package cache

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// put makes files in a cache, of the given sizes and ages.
func put(t *testing.T, dir string, now time.Time, files map[string]time.Duration, size int) {
	t.Helper()
	for name, age := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, make([]byte, size), 0o644),
			os.Chtimes(path, now.Add(-age), now.Add(-age)),
			os.Chtimes(filepath.Dir(path), now.Add(-age), now.Add(-age)),
		); err != nil {
			t.Fatal(err)
		}
	}
}

// left returns the names of the built files.
func left(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "cells-*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, x := range all {
		names = append(names, filepath.Base(x))
	}
	slices.Sort(names)
	return names
}

var limitTests = []struct {
	text string
	want int64
	ok   bool
}{
	{"", defaultLimit, true},
	{"none", 0, true},
	{"500MB", 500 << 20, true},
	{"1.5g", 3 << 29, true},
	{"2 GiB", 2 << 30, true},
	{"4096", 4096, true},
	{"0", defaultLimit, false},
	{"-1GB", defaultLimit, false},
	{"lots", defaultLimit, false},
	{"9TT", defaultLimit, false},
}

func TestLimit(t *testing.T) {
	for _, test := range limitTests {
		t.Setenv(Variable, test.text)
		if got, err := Limit(); got != test.want || err == nil != test.ok {
			t.Errorf("%q: got %d, %v", test.text, got, err)
		}
	}
}

func TestPrune(t *testing.T) {
	hour := time.Hour
	files := map[string]time.Duration{"cells-a/1": hour, "cells-a/2": 2 * hour, "cells-b/3": 3 * hour, "cells-b/4": 2 * unused, "cells-c/now": 0}
	for _, test := range []struct {
		limit   int64
		want    []string
		removed int64
	}{
		{0, []string{"1", "2", "3", "now"}, 100},
		{1000, []string{"1", "2", "3", "now"}, 100},
		{400, []string{"1", "2", "3", "now"}, 100},
		{300, []string{"1", "now"}, 300},
		{50, []string{"now"}, 400}, // somebody may be about to use it
		{-1, nil, 500},
	} {
		dir, now := t.TempDir(), time.Now()
		put(t, dir, now, files, 100)
		removed := Prune(dir, test.limit, now)
		if got := left(t, dir); !slices.Equal(got, test.want) || removed != test.removed {
			t.Errorf("limit %d: removed %d, left %v, want %d and %v", test.limit, removed, got, test.removed, test.want)
		}
		if _, err := os.Stat(filepath.Join(dir, "cells-b")); test.limit == 300 && err == nil {
			t.Error("the empty folder is still there")
		}
		if Due(dir, now) || !Due(dir, now.Add(hour)) {
			t.Error("it is due after a while, not at once")
		}
	}
}

// TestHold asserts that what a session holds stays, until the session has closed or its process has ended.
func TestHold(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	put(t, dir, now, map[string]time.Duration{"cells-a/x.a": time.Hour}, 10)
	h, err := NewHold(dir)
	if err != nil {
		t.Fatal(err)
	}
	name, err := h.Keep(filepath.Join(dir, "cells-a", "x.a"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Keep(filepath.Join(dir, "cells-a", "x.a")); err != nil {
		t.Errorf("kept twice: %v", err)
	}
	if _, err := h.Keep(filepath.Join(dir, "cells-a", "y.a")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("kept what is not there: %v", err)
	}
	if u := Look(dir); u.Sessions != 1 || u.Files != 1 || u.Bytes != 10 {
		t.Errorf("looks like %+v", u)
	}
	Prune(dir, -1, now)
	if got := left(t, dir); got != nil {
		t.Errorf("left %v", got)
	}
	if b, err := os.ReadFile(name); err != nil || len(b) != 10 {
		t.Errorf("what is held: %d bytes, %v", len(b), err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(h.Dir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// TestDead asserts that the folder of a session whose process was killed goes.
func TestDead(t *testing.T) {
	if dir := os.Getenv("GOBRAID_TEST_HOLD"); dir != "" {
		if _, err := NewHold(dir); err != nil {
			os.Exit(3)
		}
		os.Exit(0) // without Close
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestDead$")
	cmd.Env = append(os.Environ(), "GOBRAID_TEST_HOLD="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if n := len(holds(dir)); n != 1 {
		t.Fatalf("%d folders, want 1", n)
	}
	if u := Look(dir); u.Sessions != 0 {
		t.Errorf("looks like %+v", u)
	}
	Prune(dir, 0, time.Now())
	if n := len(holds(dir)); n != 0 {
		t.Errorf("%d folders are left", n)
	}
}
