package commands

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/cache"
)

func TestCacheReport(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "cells-a"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "cells-a", "x"), make([]byte, 3<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	hold, err := cache.NewHold(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	for value, want := range map[string]string{
		"":     "3 MB in 1 files, at most 4 GB; running sessions: 1\n",
		"none": "3 MB in 1 files, no limit; running sessions: 1\n",
		"much": "at most 4 GB; running sessions: 1\n          " + cache.Variable + "=much is not a size: set it to one such as 500MB or 4GB, or to none\n",
	} {
		t.Setenv(cache.Variable, value)
		var out strings.Builder
		cacheReport(&out, dir)
		if got := out.String(); !strings.HasPrefix(got, "cache     "+dir) || !strings.HasSuffix(got, want) {
			t.Errorf("%q: got %q, want it to end in %q", value, got, want)
		}
	}
}
