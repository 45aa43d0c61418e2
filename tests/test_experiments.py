"""Experiments: parameters, matrices, run records and verify, by gobraid and by papermill."""

import csv
import json
import os
import subprocess
import sys
import xml.etree.ElementTree

import nbformat
import pytest

MIME = "application/vnd.gobraid.record+json"

CELLS = [
    ("parameters", 'workers := 2\nn := 1000\nmode := "mutex"\nratio := 1.5\nsizes := []int{1}\nseed := uint64(7) // for rand'),
    (None, 'import "math/rand/v2"\nfirst := rand.New(rand.NewPCG(seed, 0)).IntN(1000)\nif workers == 3 {\n\tpanic("three is a crowd")\n}'),
    (None, 'experiment.Record("per worker", float64(n)/float64(workers), "items")\nexperiment.Record("first", first, "")\n'
           'experiment.Record("mode", mode, "")'),
]


@pytest.fixture
def notebook(tmp_path):
    """A small experiment."""
    nb = nbformat.v4.new_notebook()
    for tag, source in CELLS:
        cell = nbformat.v4.new_code_cell(source)
        if tag:
            cell.metadata["tags"] = [tag]
        nb.cells.append(cell)
    nb.metadata["kernelspec"] = {"name": "gobraid", "display_name": "Go (gobraid)", "language": "go"}
    path = tmp_path / "experiment.ipynb"
    nbformat.write(nb, path)
    return path


def call(*command, status=0, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, **options)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def recorded(path):
    """What the cells of an executed notebook recorded."""
    nb = nbformat.read(path, as_version=4)
    nbformat.validate(nb)
    found = [o.data[MIME] for c in nb.cells for o in c.get("outputs", []) if MIME in o.get("data", {})]
    return {r["name"]: r["value"] for r in found}


def test_parameters(gobraid, notebook, tmp_path):
    out = tmp_path / "out.ipynb"
    call(gobraid, "run", "-p", "workers=8", "-p", "n=1e6", "-p", "mode=a lock", notebook, "-o", out)
    got = recorded(out)
    assert got["per worker"] == 125000 and got["mode"] == "a lock"
    nb = nbformat.read(out, as_version=4)
    assert nb.cells[1].metadata.tags == ["injected-parameters"]
    record = nb.metadata.gobraid.record
    assert json.loads((tmp_path / "out.run.json").read_text()) == json.loads(json.dumps(record))
    assert {p["name"]: p["value"] for p in record.parameters if p["set"]} == {"workers": "8", "n": "1e6", "mode": '"a lock"'}
    assert [s["name"] for s in record.seeds] == ["seed"]
    assert record.exit == 0 and record.machine.cores > 0 and len(record.cells) == 4 and all(c.engine for c in record.cells)


@pytest.mark.parametrize("given, said", [("worker=8", "the parameters are: workers int = 2"), ("n=1.5", "n is of type int"), ("n", "NAME=VALUE")])
def test_wrong_parameters(gobraid, notebook, given, said):
    assert said in call(gobraid, "run", "-p", given, notebook, status=2).stderr


def test_matrix(gobraid, notebook, tmp_path):
    done = call(gobraid, "run", "--matrix", "workers=1,3,4", "--matrix", "mode=a,b", "--jobs", "2", "-o", tmp_path / "out", notebook, status=1)
    assert "2 of 6 runs failed" in done.stderr and done.stdout.count("three is a crowd") == 2
    with open(tmp_path / "out" / "results.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    assert list(rows[0]) == ["run", "workers", "mode", "name", "value", "unit", "cell"]
    assert [(r["workers"], r["mode"], r["value"]) for r in rows if r["name"] == "per worker"] == [("1", "a", "1000"), ("1", "b", "1000"), ("4", "a", "250"), ("4", "b", "250")]
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert len(results["rows"]) == len(rows) == 12 and [bool(r.get("error")) for r in results["runs"]] == [False, False, True, True, False, False]
    assert "<svg" in (tmp_path / "out" / "results.svg").read_text()


def test_verify(gobraid, notebook, tmp_path):
    """A notebook is the same when it is run again; each output that was changed is found, and only that."""
    call(gobraid, "run", notebook, "-o", notebook)
    call(gobraid, "verify", "--gomaxprocs", "1", notebook)
    nb = nbformat.read(notebook, as_version=4)
    record = nb.cells[2].outputs[1].data
    record[MIME]["value"] += 1
    nbformat.write(nb, tmp_path / "tampered.ipynb")
    report = tmp_path / "report.xml"
    done = call(gobraid, "verify", notebook, tmp_path / "tampered.ipynb", "--junit", report, status=1)
    assert "experiment.ipynb: the same" in done.stdout and "tampered.ipynb: 1 of 3 cells differ" in done.stdout
    assert '-  "value": %d' % record[MIME]["value"] in done.stdout
    suites = xml.etree.ElementTree.parse(report).getroot()
    assert [s.get("failures") for s in suites] == ["0", "1"]
    call(gobraid, "verify", tmp_path / "none.ipynb", status=2)


def test_cell_engine(gobraid, tmp_path):
    """A cell that needs an engine has it, whatever the others run on."""
    nb = nbformat.v4.new_notebook()
    nb.cells = [nbformat.v4.new_code_cell("1 + 1") for _ in range(2)]
    nb.cells[1].metadata["gobraid"] = {"engine": "compiled", "engine_reason": "to be tested"}
    nbformat.write(nb, tmp_path / "in.ipynb")
    call(gobraid, "run", "--engine", "yaegi", tmp_path / "in.ipynb", "-o", tmp_path / "out.ipynb")
    record = nbformat.read(tmp_path / "out.ipynb", as_version=4).metadata.gobraid.record
    assert [c.engine for c in record.cells] == ["yaegi", "compiled"]


@pytest.fixture(scope="module")
def translator(repo, tmp_path_factory):
    """The environment in which papermill finds our translator."""
    site = tmp_path_factory.mktemp("site")
    call(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--target", site, repo / "install" / "papermill")
    return os.environ | {"PYTHONPATH": str(site)}


def test_papermill(jupyter, notebook, tmp_path, translator):
    out = tmp_path / "out.ipynb"
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    text = "tab\t \"quoted\" \\ ü 😀"
    call(*papermill, notebook, out, "-p", "workers", "8", "-p", "n", "1e6", "-r", "mode", text, "-y", "{sizes: [1, 2], ratio: 2}", env=translator)
    got = recorded(out)
    assert got["per worker"] == 125000 and got["mode"] == text
    failed = call(*papermill, notebook, out, "-p", "worker", "8", status=1, env=translator)
    assert "undefined: worker" in failed.stderr
    said = call(*papermill, "--help-notebook", notebook, env=translator).stdout
    assert "seed" in said and "for rand" in said
