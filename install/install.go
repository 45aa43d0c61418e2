package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"github.com/google/renameio/v2"
)

// Options say what [Install] installs.
type Options struct {
	Place
	// DisplayName is what Jupyter shows; "Go (gobraid)" if empty.
	DisplayName string
	// Binary is the program to install; the running one if empty.
	Binary string
	// DryRun only tells what would be written.
	DryRun bool
	// Out is told what is done.
	Out io.Writer
	// Prebuild is called with the path of the installed program when everything is in place, to prepare
	// what its first cell would otherwise wait for. Its failure does not undo the installation.
	Prebuild func(ctx context.Context, binary string) error
}

var validName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// binaryName is the name of the program in the kernelspec.
const binaryName = "gobraid"

// companions are the programs that gobraid looks for beside itself: they are installed beside it if they are.
var companions = []string{"gobraid-nats", "gobraid-export"}

// A spec is the content of kernel.json.
type spec struct {
	Argv          []string       `json:"argv"`
	DisplayName   string         `json:"display_name"`
	Language      string         `json:"language"`
	InterruptMode string         `json:"interrupt_mode"`
	Metadata      map[string]any `json:"metadata"`
}

// A file is one file of the kernelspec.
type file struct {
	name string
	mode os.FileMode
	data []byte
}

// Install writes the kernelspec and returns its folder.
func Install(ctx context.Context, o Options) (folder string, err error) {
	o.Place = o.onThisMachine()
	if o.Out == nil {
		o.Out = io.Discard
	}
	folder, err = o.folder()
	if err != nil {
		return "", err
	}
	files, err := o.files(folder)
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	if o.DryRun {
		show(o.Out, folder, files)
		return folder, nil
	}
	if err := write(folder, files); err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	fmt.Fprintf(o.Out, "installed %s in %s\n", o.name(), folder)
	if o.Prebuild != nil {
		if err := o.Prebuild(ctx, filepath.Join(folder, binaryName)); err != nil {
			return folder, fmt.Errorf("install: the kernel is installed, but: %w", err)
		}
	}
	return folder, nil
}

// onThisMachine fills in what tests set.
func (p Place) onThisMachine() Place {
	if p.Getenv == nil {
		p.Getenv = os.Getenv
	}
	if p.Home == "" {
		p.Home, _ = os.UserHomeDir() // none is an error where it is needed
	}
	if p.OS == "" {
		p.OS = runtime.GOOS
	}
	return p
}

// files returns the content of the kernelspec; kernel.json is the last.
func (o Options) files(folder string) ([]file, error) {
	binary := o.Binary
	if binary == "" {
		var err error
		if binary, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	display := o.DisplayName
	if display == "" {
		display = "Go (gobraid)"
	}
	kernel, err := json.MarshalIndent(spec{
		Argv:          []string{filepath.Join(folder, binaryName), "kernel", "{connection_file}"},
		DisplayName:   display,
		Language:      "go",
		InterruptMode: "message",
		Metadata:      map[string]any{"debugger": false},
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	files, err := beside(binary)
	if err != nil {
		return nil, err
	}
	return append(files, []file{
		{binaryName, 0o755, program},
		{"logo-32x32.png", 0o644, logoPNG(32)},
		{"logo-64x64.png", 0o644, logoPNG(64)},
		{"logo-svg.svg", 0o644, logoSVG()},
		{"kernel.json", 0o644, append(kernel, '\n')},
	}...), nil
}

// beside returns the companions that are beside the program.
func beside(binary string) (files []file, err error) {
	if binary, err = filepath.EvalSymlinks(binary); err != nil {
		return nil, err
	}
	for _, name := range companions {
		program, err := os.ReadFile(filepath.Join(filepath.Dir(binary), name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, 0o755, program})
	}
	return files, nil
}

func show(w io.Writer, folder string, files []file) {
	for _, f := range files {
		fmt.Fprintf(w, "would write %s (%d bytes)\n", filepath.Join(folder, f.name), len(f.data))
		if f.name == "kernel.json" {
			w.Write(f.data)
		}
	}
}

// write writes the files, each in one step: a program that runs can only be replaced so.
func write(folder string, files []file) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := renameio.WriteFile(filepath.Join(folder, f.name), f.data, f.mode); err != nil {
			return err
		}
	}
	return nil
}

// ErrForeign is what [Uninstall] returns for a folder that Install did not write.
var ErrForeign = errors.New("install: not a kernelspec of gobraid")

// Uninstall removes the kernelspec from a place and returns its folder. A folder that is not there is
// an error that wraps [os.ErrNotExist]; one that is not ours is left alone.
func Uninstall(p Place, dryRun bool) (folder string, err error) {
	folder, err = p.onThisMachine().folder()
	if err != nil {
		return "", err
	}
	b, err := os.ReadFile(filepath.Join(folder, "kernel.json"))
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	var s spec
	if json.Unmarshal(b, &s) != nil || len(s.Argv) < 2 || filepath.Base(s.Argv[0]) != binaryName || s.Argv[1] != "kernel" {
		return "", fmt.Errorf("%w: %s", ErrForeign, folder)
	}
	if dryRun {
		return folder, nil
	}
	return folder, os.RemoveAll(folder)
}
