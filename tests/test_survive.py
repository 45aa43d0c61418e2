"""The kernel outlives whatever a cell does to its session, and says what happened."""

import time

import psutil
import pytest

from harness import Kernel, eventually

# What a cell does, and what must be read in its error.
DEATHS = {
    "exit": ("os.Exit(3)", ["3"]),
    "map race": (
        "shared := map[int]int{}\nvar racing sync.WaitGroup\nfor g := range 8 {\n\tracing.Go(func() {\n"
        "\t\tfor i := range 1_000_000 {\n\t\t\tshared[i%16] = g\n\t\t}\n\t})\n}\nracing.Wait()",
        ["concurrent map writes"],
    ),
    "stack overflow": ("func deeper(n int) int { return deeper(n+1) + 1 }\ndeeper(0)", ["stack overflow"]),
    "kill": ("syscall.Kill(os.Getpid(), syscall.SIGKILL)", ["killed"]),
}


@pytest.mark.parametrize("death", DEATHS)
def test_session_dies(kernel, death):
    code, said = DEATHS[death]
    kernel.run('import ("os"; "sync"; "syscall")').ok()
    kernel.run("func double(n int) int { return 2 * n }\ntype pair struct{ a, b int }").ok()
    kernel.run("treasure := 12").ok()
    run = kernel.run(code)
    assert run.status == "error"
    assert run.error["ename"] in ("SessionDied", "Exit"), run.error
    text = "\n".join([run.error["evalue"], *run.error["traceback"]])
    for s in said:
        assert s in text
    # Declarations and imports are back, values are not, and that was said.
    assert kernel.run("double(pair{1, 21}.b)").ok().result == "42"
    assert kernel.run("os.Getpid() > 0").ok().result == "true"
    assert "treasure" in text + run.stderr, "the lost variable is not named"
    kernel.run("treasure := 13").ok()


def test_replay(kernel):
    kernel.run("n := 6").ok()
    kernel.run("n = n * 7").ok()
    kernel.run('import "os"\nos.Exit(1)')
    kernel.run("%replay").ok()
    assert kernel.run("n").ok().result == "42"


def test_output_does_not_fill_the_kernel(kernel):
    """The kernel keeps no more than a bounded part of what a cell prints."""
    kernel.run("1").ok()
    before = psutil.Process(kernel.pid).memory_info().rss
    kernel.run('import "fmt"\nfor i := range 1_000_000 {\n\tfmt.Println(i, `a line of output, and then so many more of them`)\n}').ok()
    grown = psutil.Process(kernel.pid).memory_info().rss - before
    assert grown < 40 << 20, f"{grown >> 20} MiB more after 50 MB of output"


@pytest.mark.parametrize("cell", ["for {\n}", "import `fmt`\nfor {\n\tfmt.Println(`flood flood flood`)\n}"], ids=["loop", "flood"])
def test_kernel_answers(kernel, cell):
    """Control and heartbeat answer while a cell does its worst. 100 ms is the feature; ten times that is allowed."""
    kernel.run("1").ok()
    request = kernel.client.execute(cell)
    while True:
        message = kernel.iopub()
        if message["msg_type"] == "execute_input" and message["parent_header"]["msg_id"] == request:
            break
    for _ in range(10):
        began = time.monotonic()
        assert kernel.control("kernel_info_request")["content"]["status"] == "ok"
        took = time.monotonic() - began
        assert took < 1, f"{took:.3f} s"
    assert kernel.client.is_alive()
    kernel.interrupt()
    assert kernel.finish(request).status == "error"
    assert kernel.run("40 + 2").ok().result == "42"


def test_restart(kernel):
    kernel.run("gone := 1").ok()
    kernel.client.stop_channels()
    kernel.manager.restart_kernel()
    kernel.client = kernel.manager.client()
    kernel.connect()
    assert kernel.run("gone").error["ename"] == "CompileError"
    run = kernel.run("1 + 1").ok()
    assert run.result == "2"


def test_shutdown_ends_everything(jupyter):
    """No process is left: not the kernel, not its session, not what cells started."""
    with Kernel() as k:
        k.run('import "os/exec"\nexec.Command("sleep", "3600").Start()\n1').ok()
        family = [psutil.Process(k.pid), *psutil.Process(k.pid).children(recursive=True)]
        assert len(family) >= 3, family
        assert k.control("shutdown_request", {"restart": False})["content"]["status"] == "ok"
        eventually(lambda: not any(alive(p) for p in family), f"still there: {family}")


def alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
