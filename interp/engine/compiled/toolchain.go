package compiled

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	gotool "github.com/gobraid/gobraid/interp/toolchain"
)

// A toolchain is the Go toolchain and the way the host was built.
type toolchain struct {
	*gotool.Go
	race     bool
	trimpath bool
	tags     string
	module   string // the folder of gobraid's module
	id       string // a hash of all that decides what a build gives
}

// findToolchain finds the toolchain that can build plugins for this process. sources are gobraid's
// own sources, used when the binary was built with -trimpath; cache is where they are unpacked.
func findToolchain(ctx context.Context, sources fs.FS, cache string) (*toolchain, error) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return nil, fmt.Errorf("there are no Go plugins on %s", runtime.GOOS)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errors.New("this binary does not say how it was built")
	}
	set := settings(info)
	if set["CGO_ENABLED"] == "0" {
		return nil, errors.New("this binary was built without cgo (CGO_ENABLED=0)")
	}
	t := hostToolchain(set)
	if err := t.findGo(ctx); err != nil {
		return nil, err
	}
	t.Experiments = set["GOEXPERIMENT"]
	var err error
	if t.module, err = gotool.Module(t.trimpath, sources, cache); err != nil {
		return nil, err
	}
	return t, t.hash(set)
}

// findGo finds the toolchain and tells whether it can build plugins for this process.
func (t *toolchain) findGo(ctx context.Context) error {
	var err error
	if t.Go, err = gotool.FindGo(ctx, ""); err != nil {
		return err
	}
	built, _, _ := strings.Cut(runtime.Version(), "-X:") // what follows are experiments
	if t.Version != built {
		return fmt.Errorf("the go command is %s, but gobraid was built with %s: rebuild gobraid", t.Version, built)
	}
	if !t.Cgo {
		return fmt.Errorf("plugins need cgo and a C compiler, and %s was not found", t.CC)
	}
	return nil
}

// hash makes the id.
func (t *toolchain) hash(set map[string]string) error {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOARCH, t.CC, t.module)
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range set {
			if strings.HasPrefix(k, "-") || strings.HasPrefix(k, "GO") || strings.HasPrefix(k, "CGO") {
				if !yield(k) {
					return
				}
			}
		}
	}) {
		fmt.Fprintln(h, k, set[k])
	}
	sum, err := gotool.HashFS(os.DirFS(filepath.Join(t.module, "concurrency")))
	if err != nil {
		return err
	}
	fmt.Fprintln(h, sum)
	t.id = hex.EncodeToString(h.Sum(nil))[:16]
	return nil
}
