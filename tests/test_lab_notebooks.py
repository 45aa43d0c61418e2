"""The notebooks of the repository in JupyterLab: a person opens one and runs all of it."""

import json
import re
import shutil
import time

import nbformat
import pytest

from conftest import REPO
from lab import browser, jupyterlab

NOTEBOOKS = sorted(path.name for path in (REPO / "notebooks").glob("*.ipynb"))

# A guard, never a measure.
PATIENCE = 300_000


@pytest.fixture(scope="module")
def lab(jupyter, tmp_path_factory):
    """A JupyterLab on a copy of the notebooks, dark for every second, that has all cells in the page."""
    folder, settings = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("settings")
    for name in NOTEBOOKS:
        nb = nbformat.read(REPO / "notebooks" / name, as_version=4)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(nb, folder / name)
    for other in (REPO / "notebooks").iterdir():
        if other.is_file() and other.suffix not in (".ipynb", ".go", ".json"):
            shutil.copy(other, folder)
    notebook = settings / "@jupyterlab" / "notebook-extension"
    notebook.mkdir(parents=True)
    (notebook / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    with jupyterlab(folder, settings) as address:
        yield address


# The notebook that is open, once JupyterLab is there.
WIDGET = "window.jupyterapp?.shell?.currentWidget"

# What the page knows of each code cell: its count, its kind of outputs, whether it may fail.
CELLS = f"""() => [...{WIDGET}.content.widgets].filter(w => w.model.type === 'code' && w.model.sharedModel.source.trim()).map(w => ({{
    source: w.model.sharedModel.source,
    count: w.model.executionCount,
    tags: w.model.getMetadata('tags') ?? [],
    errors: w.model.outputs.toJSON().filter(o => o.output_type === 'error').map(o => o.ename + ': ' + o.evalue),
    pictures: w.model.outputs.toJSON().filter(o => o.data && (o.data['image/svg+xml'] || [o.data['text/html'] ?? ''].flat().join('').includes('<svg'))).length,
    words: w.model.outputs.toJSON().filter(o => o.data && o.data['text/plain']).length,
    drawn: w.node.querySelectorAll('.jp-OutputArea-output svg, .jp-OutputArea-output img').length,
    wide: [...w.node.querySelectorAll('.jp-OutputArea-output svg, .jp-OutputArea-output img')].filter(
        p => p.getBoundingClientRect().right > w.node.getBoundingClientRect().right + 1).length,
}}))"""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all(chromium, lab, tmp_path, name):
    """All cells run, none fails that may not, and every picture is there, has a text beside it and fits."""
    address = re.sub(r"/lab\?", f"/lab/tree/{name}?", lab) + "&reset"
    with browser(chromium, tmp_path / "profile", address, viewport={"width": 1280, "height": 900}) as page:
        page.wait_for_function(f"{WIDGET}?.sessionContext?.session?.kernel?.connectionStatus === 'connected'")
        page.wait_for_function(f"{WIDGET}?.sessionContext?.session?.kernel?.status === 'idle'")
        if NOTEBOOKS.index(name) % 2:
            page.evaluate("jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
        begin = time.monotonic()
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')", None)
        page.wait_for_function(f"({CELLS})().every(c => c.count)", timeout=PATIENCE)
        page.wait_for_function(f"{WIDGET}.sessionContext.session.kernel.status === 'idle'", timeout=PATIENCE)
        print(f"{name}: {time.monotonic() - begin:.1f} s")
        cells = page.evaluate(CELLS)
        page.screenshot(path=tmp_path / "notebook.png")
        print("screenshot:", tmp_path / "notebook.png")
    stored = [c for c in nbformat.read(REPO / "notebooks" / name, as_version=4).cells if c.cell_type == "code" and c.source.strip()]
    assert len(cells) == len(stored)
    for cell, was in zip(cells, stored, strict=True):
        assert cell["errors"] == [] or "raises-exception" in cell["tags"], cell
        assert cell["drawn"] >= cell["pictures"], cell
        assert cell["words"] >= cell["pictures"], cell
        assert cell["wide"] == 0, cell
        drawn_then = any(drawing(o) for o in was.outputs)
        assert (cell["pictures"] > 0) == drawn_then, cell


def drawing(output):
    data = output.get("data", {})
    return "image/svg+xml" in data or "<svg" in data.get("text/html", "")
