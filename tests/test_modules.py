"""Modules: %get, go.mod beside the notebook, go:embed, from Jupyter and without it. The modules are served from a folder."""

import os
import subprocess
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from harness import Kernel

GREET = """package greet

import "fmt"

// Greeting is what To says before the name.
type Greeting struct{ Word string }

// To greets somebody.
func (g Greeting) To(name string) string { return fmt.Sprintf("%s, %s!", g.Word, name) }

var greeted int

// New makes a greeting.
func New(word string) Greeting { greeted++; return Greeting{word} }

// Count tells how many were made.
func Count() int { return greeted }
"""


@pytest.fixture
def env(tmp_path):
    """The environment in which the go command finds the module example.com/greet, v1.0.0 and v1.1.0."""
    served = tmp_path / "proxy" / "example.com" / "greet" / "@v"
    served.mkdir(parents=True)
    versions = ["v1.0.0", "v1.1.0"]
    (served / "list").write_text("\n".join(versions) + "\n")
    for version in versions:
        mod = "module example.com/greet\n\ngo 1.26\n"
        (served / f"{version}.info").write_text(f'{{"Version":"{version}"}}')
        (served / f"{version}.mod").write_text(mod)
        with zipfile.ZipFile(served / f"{version}.zip", "w") as z:
            z.writestr(f"example.com/greet@{version}/go.mod", mod)
            z.writestr(f"example.com/greet@{version}/greet.go", GREET + f'\nconst Version = "{version}"\n')
    return os.environ | {
        "GOPROXY": (tmp_path / "proxy").as_uri(),
        "GOSUMDB": "off",
        "GOFLAGS": "-modcacherw",
        "GOMODCACHE": str(tmp_path / "modcache"),
        "GOWORK": "off",
    }


@pytest.fixture
def folder(tmp_path):
    """The folder of a notebook."""
    path = tmp_path / "notebooks"
    path.mkdir()
    return path


def test_get(jupyter, gobraid, env, folder):
    with Kernel(cwd=str(folder), env=env) as k:
        missing = k.run('import "example.com/greet"').error
        assert missing["ename"] == "CompileError"
        assert any("%get example.com/greet@latest" in line for line in missing["traceback"])

        run = k.run("%get example.com/greet@v1.0.0").ok()
        assert run.stdout == f"made {folder / 'go.mod'}\nadded example.com/greet@v1.0.0\n"
        assert "require example.com/greet v1.0.0\n" in (folder / "go.mod").read_text()
        assert "example.com/greet v1.0.0 h1:" in (folder / "go.sum").read_text()
        assert "example.com/greet  v1.0.0" in k.run("%get").ok().stdout

        k.run('import "example.com/greet"').ok()
        assert k.run('g := greet.New("Hello")\ng.To("Jupyter")').ok().result == '"Hello, Jupyter!"'
        assert k.run("func hi(name string) string { return greet.New(g.Word).To(name) }").ok()
        assert k.run('hi("Go") + greet.Version').ok().result == '"Hello, Go!v1.0.0"'
        assert k.run("greet.Count()").ok().result == "2"

        code = "greet."
        found = k.reply(k.client.complete(code, len(code)))["content"]
        assert found["matches"] == ["Count", "Greeting", "New", "Version"]
        known = k.reply(k.client.inspect("g.To", 4))["content"]
        assert known["found"] and "To(name string) string" in known["data"]["text/plain"]

        native = k.run('%%native\nimport "fmt"\nfmt.Println(hi("program"))').ok()
        assert native.stdout == "Hello, program!\n"

        # Another version is for another session.
        assert "example.com/greet@v1.1.0, was v1.0.0" in k.run("%get example.com/greet").ok().stdout
        changed = k.run('import "example.com/greet"').error
        assert "the session uses example.com/greet@v1.0.0" in changed["evalue"]
        assert k.run("greet.Version").ok().result == '"v1.0.0"'

    # What is in the module cache needs no network; the notebook's folder counts, not where the command runs.
    env["GOPROXY"] = "off"
    notebook = folder / "n.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell('import "example.com/greet"\ngreet.New("Hi").To(greet.Version)')]), notebook)
    said = subprocess.run([gobraid, "run", notebook], env=env, cwd=folder.parent, capture_output=True, text=True, timeout=240)
    assert said.returncode == 0, said.stderr
    assert '"Hi, v1.1.0!"' in said.stdout


def test_replace(jupyter, folder):
    """A folder of one's own, by a replace line in the notebook's go.mod."""
    own = folder.parent / "own"
    own.mkdir()
    (own / "go.mod").write_text("module example.com/own\n\ngo 1.26\n")
    (own / "own.go").write_text("package own\n\nfunc Answer() int { return 42 }\n")
    (folder / "go.mod").write_text(
        "module notebook\n\ngo 1.26\n\nrequire example.com/own v0.0.0\n\nreplace example.com/own => ../own\n"
    )
    with Kernel(cwd=str(folder)) as k:
        assert k.run('import "example.com/own"\nown.Answer()').ok().result == "42"
        (own / "own.go").write_text("package own\n\nfunc Answer() int { return 43 }\n")
        assert "has changed since" in k.run('import "example.com/own"\nown.Answer()').error["evalue"]
        k.run('import "os"\nos.Exit(1)')
        assert k.run("own.Answer()").ok().result == "43"  # another session process


def test_embed(jupyter, folder):
    (folder / "words.txt").write_text("first")
    with Kernel(cwd=str(folder)) as k:
        cell = 'import _ "embed"\n\n//go:embed words.txt\nvar words string\nwords'
        assert k.run(cell).ok().result == '"first"'
        (folder / "words.txt").write_text("second")
        assert k.run(cell).ok().result == '"second"'
        (folder / "words.txt").unlink()
        error = k.run(cell).error
        assert error["ename"] == "CompileError" and "pattern words.txt: no matching files found" in error["evalue"]
