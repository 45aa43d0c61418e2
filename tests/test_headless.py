"""gobraid run and gobraid exec: the same session without Jupyter."""

import json
import os
import pty
import signal
import subprocess
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def run(gobraid, *args, **options):
    return subprocess.run([gobraid, *args], capture_output=True, text=True, timeout=240, **options)


def write(path, *cells):
    nb = new_notebook(cells=[new_code_cell(c) if isinstance(c, str) else c for c in cells])
    nbformat.write(nb, path)
    return path


def test_version(gobraid):
    said = run(gobraid, "version")
    assert said.returncode == 0
    for word in ("gobraid", "go1.", "yaegi", "compiled"):
        assert word in said.stdout


def test_run(gobraid, tmp_path):
    source = write(tmp_path / "in.ipynb", new_markdown_cell("# A title"), 'import "fmt"\nfmt.Println("hello")', "6 * 7")
    said = run(gobraid, "run", source, "-o", tmp_path / "out.ipynb")
    assert said.returncode == 0, said.stderr
    assert "hello" in said.stdout and "42" in said.stdout
    nb = nbformat.read(tmp_path / "out.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(nb)
    assert (nb.nbformat, nb.nbformat_minor) == (4, 5)
    hello, answer = nb.cells[1:]
    assert hello.execution_count == 1 and hello.outputs[0].text == "hello\n"
    assert answer.execution_count == 2 and answer.outputs[0].data["text/plain"] == "42"
    assert hello.metadata.execution["shell.execute_reply"] > hello.metadata.execution["iopub.execute_input"]
    # Jupyter writes the file as it is.
    assert nbformat.writes(nb) + "\n" == (tmp_path / "out.ipynb").read_text()


def test_run_fails(gobraid, tmp_path):
    source = write(tmp_path / "in.ipynb", "1", 'panic("boom")', "3")
    said = run(gobraid, "run", source, "-o", tmp_path / "out.ipynb")
    assert said.returncode == 1
    assert "panic: boom" in said.stderr
    nb = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert [c.execution_count for c in nb.cells] == [1, 2, None]
    assert nb.cells[1].outputs[0].ename == "Panic"
    assert run(gobraid, "run", "--allow-errors", source).returncode in (0, 1)
    assert "[3/3]" in run(gobraid, "run", "--allow-errors", source).stdout


def test_run_timeout(gobraid, tmp_path):
    source = write(tmp_path / "in.ipynb", "for {\n}")
    said = run(gobraid, "run", "--timeout", "500ms", source)
    assert said.returncode == 1
    assert "limit of 500ms" in said.stderr


def test_run_memory(gobraid, tmp_path):
    """A cell that wants all memory ends, with an error that says so; the next cell runs."""
    source = write(tmp_path / "in.ipynb", "var hoard [][]byte\nfor {\n\thoard = append(hoard, make([]byte, 1<<20))\n\tclear(hoard[len(hoard)-1])\n}", "40 + 2")
    said = run(gobraid, "run", "--memory", "1G", "--allow-errors", source, "-o", tmp_path / "out.ipynb")
    nb = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert nb.cells[0].outputs[-1].ename == "SessionDied", said
    assert "memory" in nb.cells[0].outputs[-1].evalue
    assert nb.cells[1].outputs[0].data["text/plain"] == "42"


def test_run_interrupted(gobraid, tmp_path):
    """Ctrl-C ends the cell and the run, and what was run is written."""
    source = write(tmp_path / "in.ipynb", 'import "fmt"\nfmt.Println("ready")\nfor {\n}', "2")
    out = tmp_path / "out.ipynb"
    process = subprocess.Popen([gobraid, "run", source, "-o", out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while "ready\n" != process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode not in (0, None)
    assert nbformat.read(out, as_version=4).cells[0].outputs[-1].ename == "Interrupted"


def test_run_on_a_terminal(gobraid, tmp_path):
    source = write(tmp_path / "in.ipynb", 'import "time"\ntime.Sleep(600 * time.Millisecond)')
    lead, follow = pty.openpty()
    process = subprocess.Popen([gobraid, "run", source], stdout=follow, stderr=follow, stdin=follow)
    os.close(follow)
    seen = b""
    while True:
        try:
            piece = os.read(lead, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(lead)
    assert process.wait(60) == 0
    assert b"cell 1 of 1" in seen, seen


@pytest.mark.parametrize("engine", ["auto", "yaegi", "compiled"])
def test_exec(gobraid, tmp_path, engine):
    first, second = tmp_path / "a.go", tmp_path / "b.go"
    first.write_text('import "fmt"\nn := 40\nfmt.Println("first")\n')
    second.write_text('fmt.Println("second", n+2)\n')
    said = run(gobraid, "exec", "--engine", engine, first, second)
    assert (said.stdout, said.returncode) == ("first\nsecond 42\n", 0), said.stderr


def test_exec_program(gobraid, tmp_path):
    """A whole program, its streams and its exit status."""
    program = tmp_path / "program.go"
    program.write_text(
        'package main\n\nimport (\n\t"bufio"\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n'
        "\tlines := bufio.NewScanner(os.Stdin)\n\tfor lines.Scan() {\n\t\tfmt.Println(\"got\", lines.Text())\n\t}\n"
        '\tfmt.Fprintln(os.Stderr, "bye")\n\tos.Exit(7)\n}\n'
    )
    said = run(gobraid, "exec", program, input="one\ntwo\n")
    assert (said.stdout, said.returncode) == ("got one\ngot two\n", 7), said.stderr
    assert "bye" in said.stderr


@pytest.mark.parametrize("code, status", [("x := missing\n", 1), ('panic("no")\n', 1), ("1 + 1\n", 0)])
def test_exec_status(gobraid, tmp_path, code, status):
    file = tmp_path / "cell.go"
    file.write_text(code)
    said = run(gobraid, "exec", file)
    assert said.returncode == status
    if status:
        assert "cell.go" in said.stderr


def test_exec_refuses(gobraid, tmp_path):
    """What an engine cannot do right it refuses, with the construct and its line."""
    file = tmp_path / "unsafe.go"
    file.write_text('import "unsafe"\nx := 1\n*(*int)(unsafe.Pointer(&x)) = 2\nx\n')
    said = run(gobraid, "exec", "--engine", "yaegi", file)
    assert said.returncode == 3, (said.stdout, said.stderr)
    assert "unsafe.go:" in said.stderr


def test_notebook_json_is_stable(gobraid, tmp_path):
    """Running an executed notebook again changes only the times and costs."""
    source = write(tmp_path / "in.ipynb", "1 + 1")
    run(gobraid, "run", source, "-o", tmp_path / "a.ipynb")
    run(gobraid, "run", tmp_path / "a.ipynb", "-o", tmp_path / "b.ipynb")
    a, b = (json.loads((tmp_path / n).read_text()) for n in ("a.ipynb", "b.ipynb"))
    for doc in (a, b):
        doc["cells"][0]["metadata"].pop("execution")
        doc["cells"][0]["metadata"]["gobraid"].pop("run")
        doc["metadata"]["gobraid"].pop("record")
    assert a == b


def test_pack(gobraid, tmp_path):
    """A notebook is packed with what it reads, and runs elsewhere; one that was changed does not."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "data" / "words.txt").write_text("one two three")
    source = write(home / "in.ipynb", 'import (\n\t"fmt"\n\t"os"\n\t"strings"\n)\ntext, err := os.ReadFile("data/words.txt")\nfmt.Println(len(strings.Fields(string(text))), "words", err)')
    for kind in (".tar.gz", ".zip"):
        archive = tmp_path / f"out{kind}"
        packed = run(gobraid, "pack", source, "-o", archive)
        assert packed.returncode == 0, packed.stderr
        assert "data/words.txt (cell" in packed.stdout
        digest = packed.stdout.split()[-1]
        said = run(gobraid, "run", "--digest", digest, archive, "-o", tmp_path / "out.ipynb", cwd=tmp_path)
        assert said.returncode == 0 and "3 words <nil>" in said.stdout, said.stderr
        kept = tmp_path / f"kept{kind}"
        assert run(gobraid, "run", "--into", kept, archive).returncode == 0
        assert (kept / "data" / "words.txt").read_text() == "one two three"
        wrong = run(gobraid, "run", "--digest", digest[:-1] + "x", archive)
        assert wrong.returncode == 2 and "digest" in wrong.stderr
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(tmp_path / "changed.zip", "w") as changed:
        for f in whole.infolist():
            changed.writestr(f, whole.read(f).replace(b"one two three", b"one two threE"))
    refused = run(gobraid, "run", tmp_path / "changed.zip")
    assert refused.returncode == 2 and "data/words.txt is not what the manifest says" in refused.stderr and "words" not in refused.stdout
