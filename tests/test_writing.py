"""What writers use, from its PyPI packages and by its own commands, as the README shows them; and gobraid's own pages."""

import datetime
import os
import pathlib
import subprocess
import sys

import jupytext
import nbconvert
import nbformat
import pytest
from jupytext.cli import jupytext as jupytext_command
from playwright.sync_api import sync_playwright

BOOKED = "00-start.ipynb"  # what is executed here; the other notebooks are run by test_notebooks
NOTEBOOKS = sorted(p.name for p in (pathlib.Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def run(*args, **options):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True, timeout=280, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def module(name, *args, **options):
    """A Python tool, started as a module because its script holds the place of its environment."""
    return run(sys.executable, "-m", name, *args, **options)


def without_outputs(path, to):
    nb = nbformat.read(path, as_version=4)
    for c in nb.cells:
        if c.cell_type == "code":
            c.outputs, c.execution_count = [], None
            c.metadata.pop("execution", None)
    nbformat.write(nb, to)
    return nb


# --- jupytext


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_jupytext_round_trip(repo, name):
    """A notebook becomes a Go file and that the same notebook; the magics are comments in it."""
    nb = nbformat.read(repo / "notebooks" / name, as_version=4)
    text = jupytext.writes(nb, "go:percent")
    assert "\n%" not in text
    back = jupytext.reads(text, "go:percent")
    what = lambda cells: [(c.cell_type, c.source, {k: v for k, v in c.metadata.items() if k not in ("execution", "collapsed", "scrolled")}) for c in cells]
    assert what(back.cells) == what(nb.cells)


def test_jupytext_pair(gobraid, repo, tmp_path):
    """The Go file of a pair is run by gobraid exec, with the magics and with the cells that may fail; editing it changes the notebook."""
    without_outputs(repo / "notebooks" / BOOKED, tmp_path / "start.ipynb")
    jupytext_command(["--quiet", "--set-formats", "ipynb,go:percent", str(tmp_path / "start.ipynb")])
    file = tmp_path / "start.go"
    said = run(gobraid, "exec", "start.go", cwd=tmp_path)
    cells = [c for c in nbformat.read(repo / "notebooks" / BOOKED, as_version=4).cells if c.cell_type == "code"]
    results = [o.data["text/plain"] for c in cells for o in c.outputs if o.output_type == "execute_result"]
    assert results
    for result in results:
        assert result in said.stdout
    assert any(o.output_type == "error" for c in cells for o in c.outputs) and "start.go:" in said.stderr
    file.write_text(file.read_text() + '\n// %%\nimport "fmt"\nfmt.Println("a cell more")\n')
    jupytext_command(["--quiet", "--sync", str(file)])
    assert "a cell more" in nbformat.read(tmp_path / "start.ipynb", as_version=4).cells[-1].source


def test_exec_place(gobraid, tmp_path):
    """An error of a cell has its place in the file."""
    (tmp_path / "a.go").write_text("// %% [markdown]\n// words\n\n// %%\nx := 1\n\n// %%\n// %%virtual\n\ny := x + z\n")
    done = subprocess.run([gobraid, "exec", "a.go"], cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 1 and "a.go:10:10: undefined: z" in done.stderr


# --- Jupyter Book

BOOK = {
    "_config.yml": "title: Concurrency in Go\nauthor: ''\nexecute:\n  execute_notebooks: force\n  timeout: 120\n",
    "_toc.yml": "format: jb-book\nroot: intro\nchapters:\n- file: start\n",
    "intro.md": "# Concurrency in Go\n\nSee [the tour](start.ipynb).\n",
}


def test_jupyter_book(jupyter, repo, tmp_path):
    """A book is built from a notebook without outputs: they come from the kernel."""
    for name, text in BOOK.items():
        (tmp_path / name).write_text(text)
    without_outputs(repo / "notebooks" / BOOKED, tmp_path / "start.ipynb")
    said = run(sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", tmp_path)
    assert "Executed notebook" in said.stdout + said.stderr
    assert not list(tmp_path.glob("_build/html/reports/*.err.log")), said.stderr
    page = (tmp_path / "_build" / "html" / "start.html").read_text()
    stored = nbformat.read(repo / "notebooks" / BOOKED, as_version=4)
    results = [o.data["text/plain"] for c in stored.cells if c.cell_type == "code" for o in c.outputs if o.output_type == "execute_result"]
    assert any(r.splitlines()[0] in page for r in results)
    assert 'class="highlight-go' in page  # in Go's colours


# --- nbconvert


@pytest.mark.parametrize("to, want", [("html", "data:image/svg+xml"), ("markdown", "```go"), ("script", "for range 4 {")])
def test_nbconvert(repo, to, want):
    """What is stored converts, and the script is Go."""
    text, resources = nbconvert.get_exporter(to)().from_filename(repo / "notebooks" / "06-seeing-concurrency.ipynb")
    assert want in text
    if to == "script":
        assert resources["output_extension"] == ".go"


def test_nbconvert_execute(jupyter, tmp_path):
    """The kernel runs what nbconvert executes, and nbconvert notes when, as JupyterLab does."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("6 * 7")], metadata={"kernelspec": {"name": "gobraid", "display_name": "Go (gobraid)", "language": "go"}})
    nbformat.write(nb, tmp_path / "a.ipynb")
    module("jupyter", "nbconvert", "--to", "notebook", "--execute", "--output", "b.ipynb", "a.ipynb", cwd=tmp_path)
    cell = nbformat.read(tmp_path / "b.ipynb", as_version=4).cells[0]
    assert cell.outputs[0].data["text/plain"] == "42"
    timed(cell)


# --- jupyterlab-execute-time, whose line under a cell test_jupyterlab looks at


def timed(cell):
    """The cell's metadata have the times that jupyterlab-execute-time reads, in their order."""
    times = [cell.metadata.execution[k] for k in ("iopub.status.busy", "iopub.execute_input", "shell.execute_reply")]
    assert times == sorted(times)
    for t in times:
        assert datetime.datetime.fromisoformat(t).tzinfo


def test_execute_time(gobraid, tmp_path):
    """gobraid run notes them too."""
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("6 * 7")]), tmp_path / "a.ipynb")
    run(gobraid, "run", tmp_path / "a.ipynb", "-o", tmp_path / "b.ipynb")
    timed(nbformat.read(tmp_path / "b.ipynb", as_version=4).cells[0])


# --- gobraid export


def test_export(gobraid, repo, tmp_path):
    source = repo / "notebooks" / "06-seeing-concurrency.ipynb"
    page, text = tmp_path / "a.html", tmp_path / "a.md"
    run(gobraid, "export", source, "-o", page)
    html = page.read_text()
    pictures = [o for c in nbformat.read(source, as_version=4).cells if c.cell_type == "code" for o in c.outputs if "image/svg+xml" in o.get("data", {})]
    assert html.count('<img src="data:image/svg+xml;base64,') == len(pictures) > 0
    assert "<script" not in html and "src=\"http" not in html
    run(gobraid, "export", "--md", source, "-o", text)
    assert text.read_text().count("](data:image/svg+xml;base64,") == len(pictures)
    assert run(gobraid, "export", source, "-o", "-").stdout == html
    gone = subprocess.run([gobraid, "export", "--pdf", source], capture_output=True, text=True, timeout=60, env={**os.environ, "PATH": str(tmp_path), "GOBRAID_CHROMIUM": ""})
    assert gone.returncode == 2 and "install it" in gone.stderr


def test_export_phone(gobraid, repo, tmp_path):
    """On a phone no page scrolls sideways, in light or dark, and every picture shows and has words."""
    if os.environ.get("GOBRAID_NO_BROWSER"):
        pytest.skip("GOBRAID_NO_BROWSER is set")
    chromium = run(repo / "tests" / "browser").stdout.strip()
    for name in NOTEBOOKS:
        run(gobraid, "export", repo / "notebooks" / name, "-o", tmp_path / f"{name}.html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme).new_page()
            page.set_default_timeout(120_000)
            asked = []
            page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
            for name in NOTEBOOKS:
                page.goto(f"file://{tmp_path / name}.html")
                assert page.evaluate("document.documentElement.scrollWidth") == 390, name
                assert page.evaluate("[...document.images].filter(i => !i.complete || !i.naturalWidth || !i.alt).length") == 0, name
            assert not asked
        browser.close()
