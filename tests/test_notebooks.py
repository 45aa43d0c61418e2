"""The notebooks of the repository, by gobraid's own runner and by the tools that people use."""

import subprocess

import nbformat
import papermill
import pytest
from nbclient import NotebookClient

NOTEBOOKS = ["00-start.ipynb", "01-threads-vs-asyncio.ipynb", "06-seeing-concurrency.ipynb"]


def as_it_should_be(nb):
    """Every code cell has been run, and just those failed that are meant to."""
    nbformat.validate(nb)
    for cell in nb.cells:
        if cell.cell_type == "code":
            failed = any(o.output_type == "error" for o in cell.outputs)
            meant = "raises-exception" in cell.metadata.get("tags", [])
            assert cell.execution_count, cell.source
            assert failed == meant, cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_stored(repo, name):
    """What is in the repository has been run."""
    as_it_should_be(nbformat.read(repo / "notebooks" / name, as_version=nbformat.NO_CONVERT))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_gobraid_run(gobraid, repo, tmp_path, name):
    subprocess.run([gobraid, "run", repo / "notebooks" / name, "-o", tmp_path / name], check=True, timeout=240)
    as_it_should_be(nbformat.read(tmp_path / name, as_version=nbformat.NO_CONVERT))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nbclient(jupyter, repo, tmp_path, name):
    nb = nbformat.read(repo / "notebooks" / name, as_version=4)
    NotebookClient(nb, kernel_name="gobraid", timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    as_it_should_be(nb)


@pytest.mark.parametrize("engine", ["compiled", "yaegi"])
def test_seeing(gobraid, repo, tmp_path, engine):
    """What the notebook about seeing concurrency is to show is seen on both engines."""
    out = tmp_path / "out.ipynb"
    command = [gobraid, "run", "--engine", engine, repo / "notebooks" / NOTEBOOKS[2], "-o", out]
    subprocess.run(command, check=True, timeout=240)
    nb = nbformat.read(out, as_version=nbformat.NO_CONVERT)
    as_it_should_be(nb)
    errors, pictures, texts = {}, {}, {}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        page = cell.metadata.gobraid.section
        for o in cell.outputs:
            if o.output_type == "error":
                errors.setdefault(page, set()).add(o.ename)
            elif o.output_type != "stream":
                pictures.setdefault(page, []).append("image/svg+xml" in o.data)
                texts[page] = texts.get(page, "") + o.data.get("text/plain", "") + "\n"
            else:
                texts[page] = texts.get(page, "") + o.text
    assert errors == {"3": {"Panic"}, "5": {"Deadlock"}, "7": {"Deadlock"}, "9": {"DataRace"}}
    assert any(pictures["5"]) and any(pictures["6"])
    assert "waits to receive on orders (line 3)" in texts["1"] and "ended 2 tasks" in texts["1"]
    assert "[after the cell ended]" in texts["2"]
    assert "ended with a panic: 9 has no half" in texts["3"]
    assert "2 tasks of this cell are still running" in texts["4"] and "sleeping" in texts["4"]
    assert "func ×300" in texts["6"] and "and thread" in texts["6"]
    assert "an hour has passed: 1h0m0s" in texts["7"]
    assert "held by clerk since line" in texts["8"]
    assert "data race on counter" in texts["9"] and "no data race seen" in texts["9"] and "Builder" in texts["9"]


def test_papermill(jupyter, repo, tmp_path):
    """Papermill takes every error for a failure, tagged or not, so it gets the cells that do not raise."""
    nb = nbformat.read(repo / "notebooks" / NOTEBOOKS[0], as_version=4)
    nb.cells = [c for c in nb.cells if "raises-exception" not in c.metadata.get("tags", [])]
    source, out = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(nb, source)
    papermill.execute_notebook(source, out, kernel_name="gobraid", progress_bar=False, cwd=tmp_path)
    as_it_should_be(nbformat.read(out, as_version=4))


def test_sections(repo):
    """The walk-through has the sections of its document, each with a code cell."""
    nb = nbformat.read(repo / "notebooks" / NOTEBOOKS[1], as_version=4)
    run = [c.metadata.gobraid.section for c in nb.cells if c.cell_type == "code" and "gobraid" in c.metadata]
    assert {"0.1", "0.3", "0.4", "0.7", "0.9"} <= set(run)
