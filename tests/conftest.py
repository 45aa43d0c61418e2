"""What the tests stand on: the program, installed for a Jupyter of their own, and kernels run from it.

The program is $GOBRAID, which make test builds, or is built here. Nothing of the user's own Jupyter
is read or written; the home directory stays, because Go's caches are there.
"""

import os
import pathlib
import subprocess

import pytest

from harness import Kernel

REPO = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repo():
    return REPO


@pytest.fixture(scope="session")
def gobraid(tmp_path_factory):
    """The path of the program."""
    given = os.environ.get("GOBRAID")
    if given:
        return pathlib.Path(given)
    built = tmp_path_factory.mktemp("build") / "gobraid"
    subprocess.run(["go", "build", "-trimpath", "-buildvcs=false", "-o", built, "."], cwd=REPO, check=True)
    subprocess.run(["go", "build", "-trimpath", "-buildvcs=false", "-o", built.parent, "./gobraid-nats", "./gobraid-export"], cwd=REPO, check=True)
    return built


@pytest.fixture(scope="session")
def jupyter(gobraid, tmp_path_factory):
    """A Jupyter of the tests' own with the kernel installed; the value is the prefix."""
    home = tmp_path_factory.mktemp("jupyter")
    prefix = home / "prefix"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("config", "data", "runtime"):
            (home / name).mkdir()
            patch.setenv(f"JUPYTER_{name.upper()}_DIR", str(home / name))
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("JUPYTER_PATH", str(prefix / "share" / "jupyter"))
        subprocess.run([gobraid, "install", "--prefix", prefix], check=True, timeout=240)
        yield prefix


@pytest.fixture
def kernel(jupyter):
    """A fresh kernel."""
    with Kernel() as k:
        yield k


@pytest.fixture(scope="module")
def shared(jupyter):
    """A kernel for the tests of a module that leave nothing behind that another would mind."""
    with Kernel() as k:
        yield k


@pytest.fixture(scope="session")
def chromium(repo):
    """The path of a browser."""
    if os.environ.get("GOBRAID_NO_BROWSER"):
        pytest.skip("GOBRAID_NO_BROWSER is set")
    return subprocess.run([repo / "tests" / "browser"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
