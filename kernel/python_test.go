package kernel

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// pythonEnv names a Python that has jupyter_client, jupyter_kernel_test and pytest.
const pythonEnv = "GOBRAID_PYTHON"

// TestPython lets the real client talk to this kernel, with a toy session: the tests are in
// testdata/python. The kernel is this test binary, installed in a temporary directory.
func TestPython(t *testing.T) {
	python := os.Getenv(pythonEnv)
	if python == "" {
		t.Skipf("%s does not name a Python with jupyter_client, jupyter_kernel_test and pytest", pythonEnv)
	}
	dir := t.TempDir()
	installToy(t, filepath.Join(dir, "kernels", toyKernel))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "testdata/python")
	cmd.Env = append(os.Environ(),
		"JUPYTER_PATH="+dir,
		"JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"),
		"JUPYTER_PLATFORM_DIRS=1",
		"PYTHONDONTWRITEBYTECODE=1",
	)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

func installToy(t *testing.T, dir string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := json.Marshal(map[string]any{
		"argv":           []string{self, toyKernel, "{connection_file}"},
		"display_name":   "Toy",
		"language":       "go",
		"interrupt_mode": "message",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), spec, 0o644); err != nil {
		t.Fatal(err)
	}
}
