"""The notebooks of the repository: what they have to have, and that they do it again.

Each is run twice: as it was stored, by gobraid verify, which compares; and interpreted, without a look at what comes out, since
the two engines name some things differently.
"""

import json
import re
import subprocess

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import REPO

NOTEBOOKS = sorted(p.name for p in (REPO / "notebooks").glob("*.ipynb"))

# The notebook of each part of tests/outline.tsv.
PARTS = {
    "0": "01-threads-vs-asyncio.ipynb",
    "1": "02-async-and-threading.ipynb",
    "2": "03-choosing.ipynb",
    "3": "04-asyncio-and-concurrency.ipynb",
    "4": "05-concurrency-model.ipynb",
}

# A guard, never a measure.
PATIENCE = 550


def read(path):
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def section(cell):
    return cell.metadata.get("gobraid", {}).get("section")


def as_it_should_be(nb):
    """Every code cell has been run, and just those failed that are meant to."""
    nbformat.validate(nb)
    for cell in nb.cells:
        if cell.cell_type == "code":
            failed = any(o.output_type == "error" for o in cell.outputs)
            meant = "raises-exception" in cell.metadata.get("tags", [])
            assert cell.execution_count, cell.source
            assert failed == meant, cell.source


def as_seen(nb):
    """What the notebook about seeing concurrency is to show."""
    as_it_should_be(nb)
    errors, pictures, texts = {}, {}, {}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        page = section(cell)
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


def checked(name, nb):
    (as_seen if name.startswith("06-") else as_it_should_be)(nb)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_stored(repo, name):
    """What is in the repository has been run."""
    checked(name, read(repo / "notebooks" / name))


def outline(part):
    lines = (REPO / "tests" / "outline.tsv").read_text().splitlines()
    return [line.split("\t")[0] for line in lines if line.startswith(part + ".")]


def test_outline():
    assert sum(len(outline(part)) for part in PARTS) == 69


@pytest.mark.parametrize("part", PARTS)
def test_sections(repo, part):
    """A walk-through has all sections of its part of the outline, in order: heading, text, code that ran and gave something out."""
    path = repo / "notebooks" / PARTS[part]
    if not path.exists():
        pytest.skip(f"{path.name} is not written yet")
    nb = read(path)
    cells = [c for c in nb.cells if section(c) is not None]
    order = []
    for c in cells:
        if not order or order[-1] != section(c):
            order.append(section(c))
    assert order == outline(part), "sections are missing, out of order or apart"
    for id in order:
        mine = [c for c in cells if section(c) == id]
        heading = mine[0].source.splitlines()[0]
        assert mine[0].cell_type == "markdown" and re.match(rf"## {re.escape(id)} \S", heading), f"{id} has no heading: {heading}"
        assert any(c.cell_type == "code" and c.outputs for c in mine), f"no code of {id} gives anything out"
    for c in nb.cells:
        own = c.metadata.get("gobraid", {})
        assert not own.get("engine") or own.get("engine_reason"), f"{c.id} needs an engine and does not say why"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_verify(gobraid, repo, tmp_path, name):
    """A notebook gives out again what is stored. What differs has to do so twice: chance is no fault, and a fault no chance."""
    found = None
    for attempt in range(2):
        report = tmp_path / f"{attempt}.xml"
        command = [gobraid, "verify", "--junit", report, repo / "notebooks" / name]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode == 0:
            return
        assert done.returncode == 1, done.stdout + done.stderr
        cells = set(re.findall(r'name="(cell [^"]*)"[^>]*>\s*<failure', report.read_text()))
        found = cells if found is None else found & cells
        if not found:
            return
    pytest.fail(done.stdout)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_interpreted(gobraid, repo, tmp_path, name):
    """A notebook runs on the interpreter, and leaves its record."""
    out = tmp_path / name
    done = subprocess.run([gobraid, "run", "--engine", "yaegi", repo / "notebooks" / name, "-o", out], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    nb = read(out)
    checked(name, nb)
    record = json.loads(out.with_suffix(".run.json").read_text())
    for c in record["cells"]:
        assert c["engine"] in ("", c.get("asked") or "yaegi"), c


def test_nbclient(jupyter, repo, tmp_path):
    """What people run notebooks with runs them."""
    nb = nbformat.read(repo / "notebooks" / NOTEBOOKS[0], as_version=4)
    NotebookClient(nb, kernel_name="gobraid", timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    as_it_should_be(nb)
