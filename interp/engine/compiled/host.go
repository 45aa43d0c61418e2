package compiled

import (
	"errors"
	"os"
	"runtime/debug"
	"sync"

	"github.com/gobraid/gobraid/interp/engine/compiled/thin"
)

// HostFlags returns the flags of go build that packages have to be compiled with to fit this process, and the GOEXPERIMENT.
func HostFlags() (flags []string, experiments string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, ""
	}
	set := settings(info)
	return hostToolchain(set).buildFlags(), set["GOEXPERIMENT"]
}

// HostVersion returns the version of a module that this binary was built with, "" for none.
func HostVersion(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path != module {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		return m.Version
	}
	return ""
}

// hostImage is the image of this process's executable, which stays mapped.
var hostImage = sync.OnceValues(func() (*thin.Image, error) {
	if _, err := os.Stat("/proc/self/exe"); err == nil {
		return thin.Open("/proc/self/exe") // also when the file has been replaced meanwhile
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, errors.Join(errors.New("compiled: this process has no executable"), err)
	}
	return thin.Open(exe)
})

// HostPackage tells whether this binary holds a package, and what tells its build from another. Where executables are not
// ELF files it knows none.
func HostPackage(path string) (fingerprint string, ok bool) {
	im, err := hostImage()
	if err != nil {
		return "", false
	}
	return im.Package(path)
}

func settings(info *debug.BuildInfo) map[string]string {
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	return set
}

// hostToolchain returns what is known of the way the host was built.
func hostToolchain(set map[string]string) *toolchain {
	return &toolchain{race: set["-race"] == "true", trimpath: set["-trimpath"] == "true", tags: set["-tags"]}
}
