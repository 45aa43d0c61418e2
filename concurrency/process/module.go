package process

import (
	"fmt"
	"runtime"
	"sync/atomic"
)

// A Host is what a program with functions outside of its executable tells this package of them. Gobraid has such: those of cells.
type Host struct {
	// Needed returns the plugins to open for what is in one of them, in order, itself the last.
	Needed func(plugin string) []string
	// Check returns why a function must not run in another process though it has captured nothing, or nil. It gets the function's
	// name, and where it stands.
	Check func(name, file string, line int) error
}

var host atomic.Pointer[Host]

// SetHost sets the host of the program, nil for none.
func SetHost(h *Host) { host.Store(h) }

// vet asks the host about a function.
func vet(f any) error {
	h := host.Load()
	if h == nil || h.Check == nil {
		return nil
	}
	fn := runtime.FuncForPC(entry(f))
	if fn == nil {
		return nil
	}
	file, line := fn.FileLine(fn.Entry())
	return h.Check(fn.Name(), file, line)
}

// modules returns the plugins to open for the given places.
func modules(places ...place) (files []string) {
	h := host.Load()
	seen := map[string]bool{}
	for _, p := range places {
		if p.Module == "" || h == nil || h.Needed == nil {
			continue
		}
		for _, f := range h.Needed(p.Module) {
			if !seen[f] {
				seen[f] = true
				files = append(files, f)
			}
		}
	}
	return files
}

// opener opens plugins in a worker.
var opener func(file string) error

// Opener sets the function that opens a plugin in a worker, once for each. It has to be called before [Main].
func Opener(open func(file string) error) { opener = open }

var opened = map[string]bool{} // by the goroutine that runs tasks

func openAll(files []string) error {
	for _, f := range files {
		if opened[f] {
			continue
		}
		if opener == nil {
			return fmt.Errorf("process: this program's workers do not open plugins, such as %s", f)
		}
		if err := opener(f); err != nil {
			return fmt.Errorf("process: a worker cannot open what has the function: %w", err)
		}
		opened[f] = true
	}
	return nil
}
