package commands

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// findBeside returns where another program of gobraid's is: beside this one, or in the path. what says what it is, and instead what
// to do without it.
func findBeside(name, what, instead string) (string, error) {
	self, err := os.Executable()
	if err == nil {
		if real, err := filepath.EvalSymlinks(self); err == nil {
			self = real
		}
		if beside := filepath.Join(filepath.Dir(self), name); isFile(beside) {
			return beside, nil
		}
	}
	if found, err := exec.LookPath(name); err == nil {
		return found, nil
	}
	return "", fmt.Errorf("%s is a program of its own, %[2]s, which is neither beside %[3]s nor in the PATH: `make build` makes it, "+
		"and so does `go install github.com/gobraid/gobraid/%[2]s@latest`; %[4]s", what, name, self, instead)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
