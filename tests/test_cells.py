"""Cells: what they print, what they are worth, how they fail."""

import re

import pytest


def test_hello(shared):
    run = shared.run('import "fmt"\nfmt.Println("hello, world")').ok()
    assert run.stdout == "hello, world\n"
    assert run.result is None


def test_result(shared):
    run = shared.run("1 + 1").ok()
    assert run.result == "2"
    assert run.contents("execute_result")[0]["execution_count"] == run.reply["content"]["execution_count"]


def test_state_is_kept(shared):
    shared.run("price := 40").ok()
    shared.run("func withTax(n int) int { return n + 2 }").ok()
    assert shared.run("withTax(price)").ok().result == "42"


def test_mixture(shared):
    """Imports, types, methods, generics, statements and a result in one cell."""
    run = shared.run(
        """
        import (
            "cmp"
            "fmt"
            "slices"
        )
        type point struct{ x, y int }
        func (p point) String() string { return fmt.Sprintf("<%d %d>", p.x, p.y) }
        func sorted[K cmp.Ordered, V any](m map[K]V) []K {
            var keys []K
            for k := range m {
                keys = append(keys, k)
            }
            slices.Sort(keys)
            return keys
        }
        fmt.Println(point{1, 2})
        sorted(map[string]int{"b": 1, "a": 2})
        """
    ).ok()
    assert run.stdout == "<1 2>\n"
    assert run.result == '[]string{"a", "b"}'


def test_goroutines(shared):
    run = shared.run(
        """
        import "sync"
        var wg sync.WaitGroup
        sums := make(chan int, 4)
        for i := range 4 {
            wg.Go(func() { sums <- i * i })
        }
        wg.Wait()
        close(sums)
        total := 0
        for s := range sums {
            total += s
        }
        total
        """
    ).ok()
    assert run.result == "14"


def test_streams(shared):
    run = shared.run('import ("fmt"; "os")\nfmt.Println("out")\nfmt.Fprintln(os.Stderr, "err")').ok()
    assert (run.stdout, run.stderr) == ("out\n", "err\n")


def test_shell(shared):
    assert shared.run("!echo from the shell").ok().stdout == "from the shell\n"


def test_compile_errors(shared):
    """All errors of a cell at once, in the compiler's words, at their place."""
    run = shared.run('a := 1\nb := a + missing\nvar c int = "text"')
    assert run.status == "error"
    assert run.error["ename"] == "CompileError"
    text = plain(run.error["traceback"])
    assert "undefined: missing" in text and "2:10" in text
    assert 'cannot use "text"' in text and "3:13" in text
    assert shared.run("b").error["ename"] == "CompileError", "a cell that did not check declared something"


def test_panic(shared):
    number = shared.run("7").reply["content"]["execution_count"] + 1
    run = shared.run("xs := []int{1}\ni := 5\nxs[i]")
    assert run.error["ename"] == "Panic"
    assert run.error["evalue"] == "panic: runtime error: index out of range [5] with length 1"
    text = plain(run.error["traceback"])
    assert f"cell {number}" in text and "xs[i]" in text
    assert "runtime.gopanic" not in text and "gobraid/interp" not in text


def test_panic_in_a_goroutine(shared):
    run = shared.run(
        """var never chan int
go func() {
    panic("boom in a goroutine")
}()
<-never"""
    )
    assert run.error["ename"] == "Panic"
    assert "boom in a goroutine" in run.error["evalue"]
    assert "started" in plain(run.error["traceback"])
    assert shared.run("1 + 2").ok().result == "3"


def test_recover(shared):
    run = shared.run(
        """
        import "runtime"
        func safely(f func()) (err error) {
            defer func() {
                if r, ok := recover().(runtime.Error); ok {
                    err = r
                }
            }()
            f()
            return nil
        }
        var nothing map[string]int
        safely(func() { nothing["x"] = 1 }).Error()
        """
    ).ok()
    assert run.result == '"assignment to entry in nil map"'


@pytest.mark.parametrize(
    "name, code, want",
    [
        ("syntax", "for i := 0; i < 3; i++ {", "CompileError"),
        ("unknown magic", "%nonsense", "MagicError"),
        ("failing shell command", "!exit 3", "MagicError"),
    ],
)
def test_other_errors(shared, name, code, want):
    assert shared.run(code).error["ename"] == want, name


def test_redefinition(shared):
    shared.run('thing := 1').ok()
    shared.run('thing := "text"').ok()
    assert shared.run("thing").ok().result == '"text"'
    shared.run("type shape struct{ a int }\nfunc (shape) sides() int { return 3 }\nold := shape{1}").ok()
    shared.run("type shape struct{ b string }\nfunc (shape) corners() int { return 4 }").ok()
    assert shared.run('shape{b: "x"}.corners()').ok().result == "4"
    assert shared.run("old.sides()").ok().result == "3"


@pytest.mark.parametrize("engine", ["yaegi", "compiled"])
def test_engine(kernel, engine):
    kernel.run(f"%engine {engine}").ok()
    run = kernel.run("n := 20\nn + 22").ok()
    assert run.result == "42"
    assert engine in str(run.reply["metadata"])


def test_whole_program(kernel):
    run = kernel.run('package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("a program")\n}').ok()
    assert run.stdout == "a program\n"
    assert kernel.run("1").ok().stdout == "", "main ran again"


def plain(traceback):
    """A traceback without colours."""
    return re.sub("\x1b\\[[0-9;]*m", "", "\n".join(traceback))


def test_engine_of_a_cell(kernel):
    """A cell's metadata, which JupyterLab sends with it, may ask for an engine."""

    def run(engine):
        message = kernel.client.session.msg("execute_request", {"code": "1 + 1", "silent": False}, metadata={"gobraid": {"engine": engine}})
        kernel.client.shell_channel.send(message)
        return kernel.finish(message["header"]["msg_id"])

    assert run("compiled").ok().reply["metadata"]["engine"] == "compiled"
    assert run("yaegi").ok().reply["metadata"]["engine"] == "yaegi"
    assert 'engine "turbo"' in run("turbo").error["evalue"]
