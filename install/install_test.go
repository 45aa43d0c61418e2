package install_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/install"
)

// waitVariable makes the test program wait for the end of its standard input instead of testing.
const waitVariable = "INSTALL_TEST_WAIT"

func TestMain(m *testing.M) {
	if os.Getenv(waitVariable) != "" {
		os.Stdout.WriteString("waiting\n")
		io.Copy(io.Discard, os.Stdin)
		return
	}
	goleak.VerifyTestMain(m)
}

// home is a fake home with a program to install.
func home(t *testing.T) install.Options {
	dir := t.TempDir()
	binary := filepath.Join(dir, "built")
	if err := os.WriteFile(binary, []byte("the program"), 0o700); err != nil {
		t.Fatal(err)
	}
	return install.Options{
		Binary: binary,
		Place:  install.Place{Home: dir, OS: "linux", Getenv: func(string) string { return "" }},
	}
}

func TestInstall(t *testing.T) {
	o := home(t)
	var prepared string
	o.Prebuild = func(_ context.Context, binary string) error { prepared = binary; return nil }
	folder, err := install.Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(o.Home, ".local/share/jupyter/kernels/gobraid"); folder != want {
		t.Errorf("installed in %s, want %s", folder, want)
	}
	want := []string{"gobraid", "kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}
	if got := names(t, folder); !slices.Equal(got, want) {
		t.Errorf("wrote %v, want %v", got, want)
	}
	var spec map[string]any
	if err := json.Unmarshal(read(t, folder, "kernel.json"), &spec); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "gobraid")
	if want := (map[string]any{
		"argv":           []any{program, "kernel", "{connection_file}"},
		"display_name":   "Go (gobraid)",
		"language":       "go",
		"interrupt_mode": "message",
		"metadata":       map[string]any{"debugger": false},
	}); !reflect.DeepEqual(spec, want) {
		t.Errorf("kernel.json: got %v, want %v", spec, want)
	}
	if prepared != program {
		t.Errorf("prebuilt for %q", prepared)
	}
	os.Remove(o.Binary) // the clone is gone
	if got := string(read(t, folder, "gobraid")); got != "the program" {
		t.Errorf("the program: %q", got)
	}
	if info, err := os.Stat(program); err != nil || info.Mode() != 0o755 {
		t.Errorf("its mode: %v, %v", info.Mode(), err)
	}
}

// TestCompanions has the programs be installed that lie beside gobraid, as links and all.
func TestCompanions(t *testing.T) {
	o := home(t)
	nats := filepath.Join(o.Home, "gobraid-nats")
	if err := os.WriteFile(nats, []byte("the server"), 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(o.Binary, link); err != nil {
		t.Fatal(err)
	}
	o.Binary = link
	folder, err := install.Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(read(t, folder, "gobraid-nats")); got != "the server" {
		t.Errorf("the server: %q", got)
	}
	if info, err := os.Stat(filepath.Join(folder, "gobraid-nats")); err != nil || info.Mode() != 0o755 {
		t.Errorf("its mode: %v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "gobraid-export")); !os.IsNotExist(err) {
		t.Errorf("a program that is not there: %v", err)
	}
}

func TestLogos(t *testing.T) {
	folder, err := install.Install(t.Context(), home(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		img, err := png.Decode(bytes.NewReader(read(t, folder, name)))
		if err != nil {
			t.Fatal(name, err)
		}
		if b := img.Bounds(); b.Dx() != size || b.Dy() != size {
			t.Errorf("%s is %v", name, b)
		}
		if _, _, _, a := img.At(0, size/2).RGBA(); a != 0 {
			t.Errorf("%s has no transparent ground", name)
		}
		if _, _, _, a := img.At(size/2, size/2).RGBA(); a == 0 {
			t.Errorf("%s is empty in the middle", name)
		}
	}
	var svg struct{ XMLName xml.Name }
	if err := xml.Unmarshal(read(t, folder, "logo-svg.svg"), &svg); err != nil || svg.XMLName.Local != "svg" {
		t.Errorf("logo-svg.svg: %v, %v", svg, err)
	}
}

func TestDryRun(t *testing.T) {
	o := home(t)
	var out bytes.Buffer
	o.DryRun, o.Out = true, &out
	o.Prebuild = func(context.Context, string) error { t.Error("prebuilt in a dry run"); return nil }
	folder, err := install.Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, o.Home); !slices.Equal(got, []string{"built"}) {
		t.Errorf("a dry run wrote %v", got)
	}
	for _, want := range []string{filepath.Join(folder, "kernel.json"), filepath.Join(folder, "gobraid") + " (11 bytes)", `"interrupt_mode": "message"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not tell of %s:\n%s", want, &out)
		}
	}
}

// TestReinstall replaces the program while it runs, as an upgrade under a live kernel does.
func TestReinstall(t *testing.T) {
	o := home(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Binary = self
	folder, err := install.Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	running := exec.CommandContext(t.Context(), filepath.Join(folder, "gobraid"))
	running.Env = append(os.Environ(), waitVariable+"=1")
	stdin, err := running.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := running.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len("waiting\n"))); err != nil {
		t.Fatal(err)
	}
	if _, err := install.Install(t.Context(), o); err != nil {
		t.Errorf("replacing a running program: %v", err)
	}
	stdin.Close()
	if err := running.Wait(); err != nil {
		t.Error(err)
	}
	if got := names(t, folder); len(got) != 5 {
		t.Errorf("left behind: %v", got)
	}
}

func TestPrebuildFails(t *testing.T) {
	o := home(t)
	boom := errors.New("no compiler")
	o.Prebuild = func(context.Context, string) error { return boom }
	folder, err := install.Install(t.Context(), o)
	if !errors.Is(err, boom) {
		t.Errorf("got error %v", err)
	}
	if got := names(t, folder); len(got) != 5 {
		t.Errorf("the kernel is not there: %v", got)
	}
}

func TestInstallErrors(t *testing.T) {
	o := home(t)
	o.Prefix, o.Dir = "a", "b"
	if _, err := install.Install(t.Context(), o); !errors.Is(err, install.ErrPlace) {
		t.Errorf("two places: %v", err)
	}
	o = home(t)
	os.Remove(o.Binary)
	if _, err := install.Install(t.Context(), o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no program: %v", err)
	}
	if got := names(t, o.Home); len(got) != 0 {
		t.Errorf("a failed installation wrote %v", got)
	}
}

func TestUninstall(t *testing.T) {
	o := home(t)
	if _, err := install.Uninstall(o.Place, false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing installed: %v", err)
	}
	folder, err := install.Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := install.Uninstall(o.Place, true); got != folder || err != nil || len(names(t, folder)) != 5 {
		t.Errorf("dry run: %q, %v", got, err)
	}
	if got, err := install.Uninstall(o.Place, false); got != folder || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got := names(t, filepath.Dir(folder)); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestUninstallForeign(t *testing.T) {
	o := home(t)
	folder := filepath.Join(o.Home, ".local/share/jupyter/kernels/gobraid")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, kernel := range []string{`{"argv": ["python", "-m", "ipykernel"]}`, `{}`, `no JSON`} {
		if err := os.WriteFile(filepath.Join(folder, "kernel.json"), []byte(kernel), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := install.Uninstall(o.Place, false); !errors.Is(err, install.ErrForeign) {
			t.Errorf("%s: got error %v", kernel, err)
		}
		if got := names(t, folder); len(got) != 1 {
			t.Errorf("%s: removed", kernel)
		}
	}
}

func names(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func read(t *testing.T, dir, name string) []byte {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
