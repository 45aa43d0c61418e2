"""gobraid install, as Jupyter sees it."""

import json
import subprocess

from jupyter_client.kernelspec import KernelSpecManager


def test_jupyter_finds_it(jupyter):
    spec = KernelSpecManager().get_kernel_spec("gobraid")
    assert spec.display_name == "Go (gobraid)"
    assert spec.language == "go"
    assert spec.interrupt_mode == "message"
    assert spec.resource_dir == str(jupyter / "share/jupyter/kernels/gobraid")
    assert spec.argv[0].startswith(spec.resource_dir), "the kernel depends on where it was built"


def test_dry_run_and_uninstall(gobraid, tmp_path):
    said = subprocess.run([gobraid, "install", "--prefix", tmp_path, "--dry-run"], check=True, capture_output=True, text=True)
    assert "kernel.json" in said.stdout
    assert list(tmp_path.iterdir()) == []
    subprocess.run([gobraid, "install", "--prefix", tmp_path, "--name", "other"], check=True, timeout=240)
    folder = tmp_path / "share/jupyter/kernels/other"
    assert json.loads((folder / "kernel.json").read_text())["argv"][0] == str(folder / "gobraid")
    subprocess.run([gobraid, "uninstall", "--prefix", tmp_path, "--name", "other"], check=True)
    assert not folder.exists()
