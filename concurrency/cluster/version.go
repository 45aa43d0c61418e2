package cluster

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// A Version tells programs apart. A function is sent as its place in the executable, so pools and workers are together only if they are
// the very same build of the same program.
type Version struct {
	Gobraid string // the version of this module in the program
	Go      string // the version of Go it was built with
	Hash    string // of the executable
}

// String returns the three, as messages show them.
func (v Version) String() string {
	return fmt.Sprintf("gobraid %s, %s, build %s", v.Gobraid, v.Go, v.Hash)
}

// protocol is part of the hash: what the messages of this package mean.
const protocol = "1"

// ThisVersion returns the version of the running program. It reads a part of the executable the first time.
func ThisVersion() (Version, error) { return thisVersion() }

var thisVersion = sync.OnceValues(func() (Version, error) {
	v := Version{Gobraid: "(unknown)", Go: runtime.Version()}
	const module = "github.com/gobraid/gobraid"
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Path == module {
			v.Gobraid = info.Main.Version
		}
		for _, d := range info.Deps {
			if d.Path == module {
				v.Gobraid = d.Version
			}
		}
	}
	id, err := buildID()
	if err != nil {
		return v, fmt.Errorf("cluster: which build this program is: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s/%s\x00%s", protocol, v.Go, runtime.GOOS, runtime.GOARCH, id))
	v.Hash = hex.EncodeToString(sum[:8])
	return v, nil
})

// buildID returns what the Go linker has noted of what the executable was made of, and that of all of it if it was told not to.
func buildID() ([]byte, error) {
	const path = "/proc/self/exe"
	if f, err := elf.Open(path); err == nil {
		defer f.Close()
		if s := f.Section(".note.go.buildid"); s != nil {
			if id, err := s.Data(); err == nil && len(bytes.TrimRight(id, "\x00")) > 24 {
				return id, nil
			}
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}
