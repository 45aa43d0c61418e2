"""Output belongs to the cell that started whoever prints it: fifty tasks of ten cells at once, each in six ways."""

import collections

import pytest

from harness import Kernel

CELLS, TASKS, LINES = 10, 5, 60

SETUP = """
import (
    "fmt"
    "log"
    "log/slog"
    "os"
    "os/exec"
    "sync"
)
begin := make(chan bool)
var writers sync.WaitGroup
"""

# Each line says its cell, its task, the way it is printed, and its number. Two of a task's ways are quiet about time and
# level, so that a line is what is printed.
CELL = """
log.SetFlags(0)
for task := range TASKS {
    writers.Add(1)
    go func() {
        defer writers.Done()
        <-begin
        for n := range LINES {
            fmt.Printf("cell=CELL task=%d way=fmt n=%d\\n", task, n)
            log.Printf("cell=CELL task=%d way=log n=%d", task, n)
            slog.Info("x", "cell", CELL, "task", task, "way", "slog", "n", n)
            println("cell=CELL", fmt.Sprintf("task=%d way=println n=%d", task, n))
            fmt.Fprintf(os.Stdout, "cell=CELL task=%d way=stdout n=%d\\n", task, n)
            fmt.Fprintf(os.Stderr, "cell=CELL task=%d way=stderr n=%d\\n", task, n)
        }
        child := exec.Command("sh", "-c", fmt.Sprintf("for n in $(seq 0 LAST); do echo cell=CELL task=%d way=child n=$n; done", task))
        child.Stdout = os.Stdout
        if err := child.Run(); err != nil {
            panic(err)
        }
    }()
}
"""

WAYS = ["fmt", "log", "slog", "println", "stdout", "stderr", "child"]


@pytest.mark.parametrize("engine", ["auto", "compiled"])
def test_nothing_misrouted(jupyter, engine, capsys):
    with Kernel() as k:
        k.run(f"%engine {engine}").ok()
        k.run(SETUP).ok()
        cell_of = {}
        for cell in range(CELLS):
            code = CELL.replace("TASKS", str(TASKS)).replace("LINES", str(LINES)).replace("LAST", str(LINES - 1)).replace("CELL", str(cell))
            request = k.client.execute(code)
            k.finish(request).ok()
            cell_of[request] = str(cell)
        last = k.client.execute('close(begin)\nwriters.Wait()\nfmt.Println("all written")')
        streams = collections.defaultdict(str)  # by request and stream
        late, unmarked = 0, 0
        expected = CELLS * TASKS * LINES * len(WAYS)

        def lines():
            return sum(text.count("n=") for text in streams.values())

        while lines() < expected:
            message = k.iopub()
            assert message["msg_type"] != "error", message["content"]
            if message["msg_type"] != "stream":
                continue
            parent = message["parent_header"]["msg_id"]
            streams[parent, message["content"]["name"]] += message["content"]["text"]
            if parent in cell_of:
                late += 1
                unmarked += not message["metadata"].get("gobraid", {}).get("late")
        misrouted, seen = 0, collections.Counter()
        for (parent, _), text in streams.items():
            for line in text.splitlines():
                fields = dict(f.split("=", 1) for f in line.split() if "=" in f)
                if "n" not in fields:
                    assert line in ("[after the cell ended]", "all written", ""), line
                    continue
                misrouted += fields["cell"] != cell_of.get(parent)
                seen[fields["cell"], fields["task"], fields["way"], fields["n"]] += 1
        with capsys.disabled():
            print(f"\n{engine}: {lines()} lines of {CELLS * TASKS} tasks of {CELLS} cells in {late} messages, {misrouted} misrouted")
        assert misrouted == 0
        assert unmarked == 0
        assert len(seen) == expected and set(seen.values()) == {1}
        marks = collections.Counter()
        for (parent, _), text in streams.items():
            marks[parent] += text.count("[after the cell ended]")
        assert all(marks[request] == 1 for request in cell_of)
        assert marks[last] == 0
