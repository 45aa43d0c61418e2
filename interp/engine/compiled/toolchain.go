package compiled

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// A toolchain is the Go toolchain and the way the host was built.
type toolchain struct {
	goCommand string
	toolDir   string
	cc        string
	race      bool
	trimpath  bool
	tags      string
	module    string // the folder of gobraid's module
	id        string // a hash of all that decides what a build gives
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
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if set["CGO_ENABLED"] == "0" {
		return nil, errors.New("this binary was built without cgo (CGO_ENABLED=0)")
	}
	t := &toolchain{race: set["-race"] == "true", trimpath: set["-trimpath"] == "true", tags: set["-tags"]}
	if err := t.askGo(ctx); err != nil {
		return nil, err
	}
	if err := t.findModule(sources, cache); err != nil {
		return nil, err
	}
	return t, t.hash(set)
}

// askGo finds the go command and asks it about itself.
func (t *toolchain) askGo(ctx context.Context) error {
	var err error
	if t.goCommand, err = exec.LookPath("go"); err != nil {
		return errors.New("no go command is in PATH")
	}
	out, err := exec.CommandContext(ctx, t.goCommand, "env", "-json", "GOVERSION", "GOTOOLDIR", "CC", "CGO_ENABLED").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	var env struct{ GOVERSION, GOTOOLDIR, CC, CGO_ENABLED string }
	if err := json.Unmarshal(out, &env); err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	if env.GOVERSION != runtime.Version() {
		return fmt.Errorf("the go command is %s, but gobraid was built with %s: rebuild gobraid", env.GOVERSION, runtime.Version())
	}
	cc, _, _ := strings.Cut(env.CC, " ")
	if _, err := exec.LookPath(cc); err != nil || env.CGO_ENABLED != "1" {
		return fmt.Errorf("plugins need cgo and a C compiler, and %s was not found", cc)
	}
	t.toolDir, t.cc = env.GOTOOLDIR, cc
	return nil
}

// findModule finds or makes the folder of gobraid's module.
func (t *toolchain) findModule(sources fs.FS, cache string) error {
	if !t.trimpath {
		_, file, _, _ := runtime.Caller(0)
		t.module = filepath.Join(filepath.Dir(file), "..", "..", "..")
		if _, err := os.Stat(filepath.Join(t.module, "go.mod")); err != nil {
			return fmt.Errorf("the folder gobraid was built in is gone (%w): build it with -trimpath", err)
		}
		return nil
	}
	if sources == nil {
		return errors.New("this binary was built with -trimpath and holds no sources")
	}
	sum, err := hashFS(sources)
	if err != nil {
		return err
	}
	t.module = filepath.Join(cache, "module-"+sum)
	return unpack(sources, t.module)
}

// hash makes the id.
func (t *toolchain) hash(set map[string]string) error {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOARCH, t.cc, t.module)
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
	sum, err := hashFS(os.DirFS(filepath.Join(t.module, "concurrency")))
	if err != nil {
		return err
	}
	fmt.Fprintln(h, sum)
	t.id = hex.EncodeToString(h.Sum(nil))[:16]
	return nil
}

// hashFS returns a hash of the Go sources and module files in fsys.
func hashFS(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := fs.ReadFile(fsys, path)
		fmt.Fprintf(h, "%s %d\n", path, len(b))
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil))[:16], err
}

// unpack writes fsys into dir, unless that has been done.
func unpack(fsys fs.FS, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "unpack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := os.CopyFS(filepath.Join(tmp, "m"), fsys); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(tmp, "m"), dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, stat := os.Stat(dir); stat != nil {
			return err
		}
	}
	return nil
}
