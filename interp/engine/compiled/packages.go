package compiled

import (
	"context"
	"os"
	"path/filepath"

	gotool "github.com/gobraid/gobraid/interp/toolchain"
)

// ownPackages are gobraid's packages that cells may import.
const ownPackages = "github.com/gobraid/gobraid/concurrency/..."

// loadPackages returns the compiled standard library and gobraid's own packages. What the go command
// said is kept in a file; it is asked again, which compiles what is missing, when a listed archive
// has gone. progress, which may be nil, gets the go command's messages.
func loadPackages(ctx context.Context, t *toolchain, cache string, progress func(string)) (*gotool.Packages, error) {
	file := filepath.Join(cache, "packages-"+t.id)
	if b, err := os.ReadFile(file); err == nil {
		if p := gotool.ParsePackages(b); p.Complete() {
			return p, nil
		}
	}
	if progress != nil {
		progress("compiling the standard library for plugins (once on a machine)")
	}
	b, err := t.List(ctx, t.module, t.buildFlags(), []string{"std", ownPackages}, progress)
	if err != nil {
		return nil, err
	}
	if err := gotool.WriteFile(file, b); err != nil {
		return nil, err
	}
	return gotool.ParsePackages(b), nil
}

// buildFlags are the flags the host was built with.
func (t *toolchain) buildFlags() []string {
	flags := []string{"-buildmode=plugin", "-buildvcs=false"}
	if t.trimpath {
		flags = append(flags, "-trimpath")
	}
	if t.race {
		flags = append(flags, "-race")
	}
	if t.tags != "" {
		flags = append(flags, "-tags="+t.tags)
	}
	return flags
}
