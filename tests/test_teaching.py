"""nbgrader, from its PyPI package and by its own commands, as the README shows them."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "go"
c.ClearSolutions.code_stub = {"go": 'panic("no answer yet")'}
c.ExecutePreprocessor.timeout = 120
"""

DEPOSIT = """type Account struct {
	lock    sync.Mutex
	Balance int
}

func (a *Account) Deposit(n int) {
	// BEGIN SOLUTION
	a.lock.Lock()
	defer a.lock.Unlock()
	balance := a.Balance
	runtime.Gosched()
	a.Balance = balance + n
	// END SOLUTION
}"""

CHECK_DEPOSIT = """exercise.Check("no deposit is lost", func(ctx context.Context) error {
	account := &Account{}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { account.Deposit(1) })
	}
	all.Wait()
	if account.Balance != 4 {
		return fmt.Errorf("4 deposits of 1 make a balance of %d", account.Balance)
	}
	return nil
}).Must()"""

SUM = """func Sum(numbers <-chan int) int {
	// BEGIN SOLUTION
	sum := 0
	for n := range numbers {
		sum += n
	}
	return sum
	// END SOLUTION
}"""

CHECK_SUM = """numbers := make(chan int)
go func() {
	defer close(numbers)
	for n := range 4 {
		numbers <- n
	}
}()
if sum := Sum(numbers); sum != 6 {
	panic(fmt.Sprintf("0+1+2+3 is 6, and not %d", sum))
}
// BEGIN HIDDEN TESTS
empty := make(chan int)
close(empty)
if Sum(empty) != 0 {
	panic("nothing makes 0")
}
// END HIDDEN TESTS"""

# Both are wrong in a way that one look at the result does not show: a lost update, and a sum that is right for the visible test alone.
WRONG = {
    "deposit": DEPOSIT.replace("\ta.lock.Lock()\n\tdefer a.lock.Unlock()\n", ""),
    "sum": "func Sum(numbers <-chan int) int {\n\tfor range numbers {\n\t}\n\treturn 6\n}",
}


def cell(source, name, points=None):
    grader = {"grade_id": name, "schema_version": 3, "task": False, "grade": points is not None, "solution": points is None, "locked": points is not None}
    if points is not None:
        grader["points"] = points
    return new_code_cell(source, id=name, metadata={"nbgrader": grader})


def nbgrader(course, *args):
    done = subprocess.run([sys.executable, "-m", "nbgrader", *args], cwd=course, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def alembic(tmp_path, monkeypatch):
    """nbgrader starts the program alembic, which is then that of this environment."""
    program = tmp_path / "bin" / "alembic"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m alembic "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_nbgrader(jupyter, alembic, tmp_path):
    """An assignment is released without its solutions, answered, and marked: what is right has its points, what is wrong has none."""
    from nbgrader.api import Gradebook

    course = tmp_path / "course"
    (course / "source" / "week1").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG)
    kernel = {"kernelspec": {"name": "gobraid", "display_name": "Go (gobraid)", "language": "go"}}
    cells = [
        new_markdown_cell("# Week 1"),
        new_code_cell('import (\n\t"context"\n\t"fmt"\n\t"runtime"\n\t"sync"\n)', id="imports"),
        cell(DEPOSIT, "deposit"), cell(CHECK_DEPOSIT, "check-deposit", 2), cell(SUM, "sum"), cell(CHECK_SUM, "check-sum", 3),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), course / "source" / "week1" / "week1.ipynb")
    nbgrader(course, "generate_assignment", "week1")

    released = nbformat.read(course / "release" / "week1" / "week1.ipynb", as_version=4)
    text = "\n".join(c.source for c in released.cells)
    assert 'panic("no answer yet")' in text
    assert "sum +=" not in text and "a.lock.Lock" not in text and "HIDDEN" not in text and "nothing makes 0" not in text

    answers = {"right": {"deposit": DEPOSIT, "sum": SUM}, "wrong": WRONG}
    for student, answer in answers.items():
        for c in released.cells:
            c.source = answer.get(c.id, c.source)
        folder = course / "submitted" / student / "week1"
        folder.mkdir(parents=True)
        nbformat.write(released, folder / "week1.ipynb")
    nbgrader(course, "autograde", "week1")

    marks = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions("week1"):
            marks[submission.student.id] = {g.name: g.auto_score for n in submission.notebooks for g in n.grades}
    assert marks == {
        "right": {"check-deposit": 2, "check-sum": 3},
        "wrong": {"check-deposit": 0, "check-sum": 0},
    }
