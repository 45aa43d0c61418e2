"""Interrupts: the ways to block, each ended, with everything else as it was: variables, closures, other cells' tasks.

The feature is a limit, 250 ms. The tests allow four times that, for the machines they run on.
"""

import re
import socket
import threading
import time

import psutil
import pytest

from harness import Kernel, eventually

LIMIT = 4 * 0.250

# Each prints that it is ready and then does what the name says.
SHAPES = {
    "empty loop": "fmt.Println(`ready`)\nfor {\n}",
    "empty select": "fmt.Println(`ready`)\nselect {}",
    "channel": "fmt.Println(`ready`)\n<-make(chan int)",
    "sleep": "fmt.Println(`ready`)\ntime.Sleep(time.Hour)",
    "mutex": "var held sync.Mutex\nheld.Lock()\nfmt.Println(`ready`)\nheld.Lock()",
    "wait group": "var waited sync.WaitGroup\nwaited.Add(1)\nfmt.Println(`ready`)\nwaited.Wait()",
    "arithmetic": "sum := 0\nfmt.Println(`ready`)\nfor i := 0; ; i++ {\n\tsum += i * i % 7\n}",
    "child process": "fmt.Println(`ready`)\nexec.Command(`sleep`, `3600`).Run()",
    "select": "fmt.Println(`ready`)\nselect {\ncase <-make(chan int):\ncase make(chan int) <- 1:\n}",
    "send": "fmt.Println(`ready`)\nmake(chan int) <- 1",
    "range over a channel": "fmt.Println(`ready`)\nfor range make(chan int) {\n}",
    "read lock": "var shared sync.RWMutex\nshared.Lock()\nfmt.Println(`ready`)\nshared.RLock()",
    "condition": "var signalled = sync.NewCond(&sync.Mutex{})\nsignalled.L.Lock()\nfmt.Println(`ready`)\nsignalled.Wait()",
    "once": "var twice sync.Once\nentered := make(chan bool)\ngo twice.Do(func() {\n\tclose(entered)\n\tselect {}\n})\n<-entered\nfmt.Println(`ready`)\ntwice.Do(func() {})",
    "timer": "fmt.Println(`ready`)\n<-time.After(time.Hour)",
    "context": "ctx, cancel := context.WithTimeout(context.Background(), time.Hour)\ndefer cancel()\nfmt.Println(`ready`)\n<-ctx.Done()",
    "goroutines": "var busy sync.WaitGroup\nfor range 3 {\n\tbusy.Go(func() {\n\t\tfor {\n\t\t}\n\t})\n}\nfmt.Println(`ready`)\nbusy.Wait()",
}

SETUP = """
import (
    "context"
    "fmt"
    "net/http"
    "os/exec"
    "sync"
    "sync/atomic"
    "time"
)
kept := 41
add := func(n int) int { return kept + n }
var ticks atomic.Int64
go func() {
    for {
        ticks.Add(1)
        time.Sleep(time.Millisecond)
    }
}()
"""

# Ends only if the goroutine of the first cell goes on.
STILL_TICKING = """
for before := ticks.Load(); ticks.Load() < before+2; {
    time.Sleep(time.Millisecond)
}
"""


@pytest.fixture(scope="module", params=["auto", "compiled", "yaegi"])
def engine_kernel(request, jupyter):
    with Kernel() as k:
        k.run(f"%engine {request.param}").ok()
        k.run(SETUP).ok()
        yield k


def living(kernel):
    """The ids of the tasks that live, and the pids of all processes below the kernel's session."""
    run = kernel.run("%tasks").ok()
    shown = run.stdout + "".join(d["data"]["text/plain"] for d in run.contents("display_data"))
    tasks = set(re.findall(r"^ +(\d+)  ", shown, re.MULTILINE))
    session = psutil.Process(kernel.pid).children()
    assert len(session) == 1, session
    processes = {p.pid for p in session[0].children(recursive=True) if p.status() != "zombie"}
    return tasks, processes


def interrupted(kernel, request):
    """Interrupts a cell that has begun to block and checks how it ended."""
    began = time.monotonic()
    assert kernel.interrupt()["content"]["status"] == "ok"
    run = kernel.finish(request)
    took = time.monotonic() - began
    assert run.status == "error"
    assert run.error["ename"] == "Interrupted", run.error
    assert took < LIMIT, f"{took:.3f} s"


def unharmed(kernel):
    """Checks what an interrupt must leave alone, and that it left nothing.

    What was inside a library when the cell ended, or had no processor on a loaded machine, ends when it comes back to the cell's code.
    """

    def only_first_cell_lives():
        tasks, processes = living(kernel)
        return len(tasks) == 1 and not processes

    eventually(only_first_cell_lives, "tasks or processes of the interrupted cell live on")
    assert kernel.run("add(1)").ok().result == "42"
    kernel.run(STILL_TICKING).ok()


@pytest.mark.parametrize("shape", SHAPES)
def test_interrupt(engine_kernel, shape):
    request = engine_kernel.start(SHAPES[shape], until="ready")
    interrupted(engine_kernel, request)
    unharmed(engine_kernel)


def test_interrupt_stdin(engine_kernel):
    request = engine_kernel.start("var answer string\nfmt.Scanln(&answer)", allow_stdin=True)
    assert engine_kernel.stdin()["msg_type"] == "input_request"
    interrupted(engine_kernel, request)
    unharmed(engine_kernel)


def test_interrupt_http(engine_kernel):
    """The server takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        asked = threading.Event()
        connections = []

        def accept():
            connections.append(server.accept()[0])
            asked.set()

        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        request = engine_kernel.start(f'http.Get("http://127.0.0.1:{port}/")')
        assert asked.wait(60), "no request came"
        interrupted(engine_kernel, request)
        acceptor.join()
        connections[0].close()
    unharmed(engine_kernel)


def test_interrupt_idle(engine_kernel):
    """With nothing to interrupt, nothing happens."""
    assert engine_kernel.interrupt()["content"]["status"] == "ok"
    unharmed(engine_kernel)


def test_interrupt_aborts_queue(engine_kernel):
    """Cells that were queued behind the interrupted one are not run."""
    request = engine_kernel.start(SHAPES["empty loop"], until="ready")
    queued = engine_kernel.client.execute("kept = 0")
    interrupted(engine_kernel, request)
    assert engine_kernel.finish(queued).status in ("aborted", "error")
    unharmed(engine_kernel)


def test_child_dies(kernel):
    """The child of an interrupted cell does not outlive it."""
    kernel.run('import ("fmt"; "os/exec")').ok()
    request = kernel.start(
        'sleeper := exec.Command("sh", "-c", "echo $$; exec sleep 3600")\nout, _ := sleeper.StdoutPipe()\n'
        "sleeper.Start()\nvar child int\nfmt.Fscan(out, &child)\nfmt.Println(`child`, child)\nsleeper.Wait()",
        until="child",
    )
    interrupted(kernel, request)
    child = int(kernel.run("child").ok().result)

    eventually(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie", "the child lives on")
