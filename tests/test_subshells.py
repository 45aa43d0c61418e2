"""Subshells (JEP 91), and what may pass the queue of the main shell: looking while a cell runs."""

import time

import pytest

from harness import PATIENCE, Kernel, check, eventually

BLOCK = 'import ("fmt"; "time")\nfmt.Println("running")\ntime.Sleep(time.Hour)'


def subshell(kernel):
    """Creates a subshell and returns its id."""
    reply = kernel.control("create_subshell_request")["content"]
    assert reply["status"] == "ok"
    return reply["subshell_id"]


def send(kernel, shell, code, **options):
    """Sends a cell to a subshell and returns the id of the request."""
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    message = kernel.client.session.msg("execute_request", content | options)
    message["header"]["subshell_id"] = shell
    kernel.client.shell_channel.send(message)
    return message["header"]["msg_id"]


def run(kernel, shell, code, **options):
    return kernel.finish(send(kernel, shell, code, **options))


@pytest.fixture(params=["auto", "compiled", "yaegi"])
def engine(request, kernel):
    kernel.run(f"%engine {request.param}").ok()
    return kernel


def test_feature(shared):
    info = shared.request("kernel_info_request", {})["content"]
    assert "kernel subshells" in info["supported_features"]


def test_create_list_delete(kernel):
    one, two = subshell(kernel), subshell(kernel)
    assert one != two
    assert sorted(kernel.control("list_subshell_request")["content"]["subshell_id"]) == sorted([one, two])
    assert kernel.control("delete_subshell_request", {"subshell_id": one})["content"]["status"] == "ok"
    assert kernel.control("list_subshell_request")["content"]["subshell_id"] == [two]
    assert kernel.control("delete_subshell_request", {"subshell_id": one})["content"]["status"] == "error"
    assert run(kernel, two, "1 + 1").ok().result == "2"
    gone = run(kernel, one, "1 + 1")
    assert gone.status == "error" and gone.reply["content"]["ename"] == "UnknownSubshell"


def test_beside(engine):
    """A subshell runs Go while the main shell does, sees its names, and can end what it waits for."""
    engine.run('import "fmt"\nkept := 41\nletGo := make(chan int)').ok()
    shell = subshell(engine)  # with which the main shell's cell is in no deadlock
    main = engine.start('fmt.Println("running")\ngot := <-letGo\ngot', until="running")
    assert run(engine, shell, "kept++\nkept").ok().result == "42"
    assert run(engine, shell, 'fmt.Println("beside")').ok().stdout == "beside\n"
    assert run(engine, shell, "double := func(n int) int { return 2 * n }\ndouble(kept)").ok().result == "84"
    run(engine, shell, "letGo <- kept").ok()
    assert engine.finish(main).ok().result == "42"
    assert engine.run("double(got)").ok().result == "84"


def test_order_within(kernel):
    """Cells of one subshell wait for each other."""
    shell = subshell(kernel)
    sent = [send(kernel, shell, f"n{i} := {i}\nn{i}") for i in range(5)]
    assert [kernel.finish(s).ok().result for s in sent] == list("01234")


def test_looking(kernel):
    """What only looks is answered while the main shell's cell runs."""
    main = kernel.start(BLOCK, until="running")
    looked = run(kernel, subshell(kernel), "%tasks")
    assert "cell 1, running" in looked.ok().contents("display_data")[0]["data"]["text/plain"]
    kernel.interrupt()
    assert kernel.finish(main).status == "error"


def test_looking_from_another_client(kernel):
    """On the main shell too, if it is another client that looks; one's own requests keep their order."""
    main = kernel.start(BLOCK, until="running")
    own = kernel.client.execute("%tasks")
    other = kernel.manager.client()
    other.session.session = "another client"
    other.start_channels()
    try:
        request = other.execute("%tasks")
        reply = check(other.get_shell_msg(timeout=PATIENCE))
        assert reply["parent_header"]["msg_id"] == request
        assert reply["content"]["status"] == "ok"
        waits = other.execute("1 + 1")
        kernel.interrupt()
        assert kernel.finish(main).status == "error"
        assert kernel.finish(own).status == "aborted"
        reply = check(other.get_shell_msg(timeout=PATIENCE))
        assert reply["parent_header"]["msg_id"] == waits
    finally:
        other.stop_channels()


def test_interrupt(engine):
    """An interrupt is the main shell's; when that is idle it is the subshells'."""
    engine.run('import "fmt"').ok()
    shell = subshell(engine)
    beside = send(engine, shell, 'fmt.Println("beside")\nfor {\n}')
    engine.printed(beside, "beside")
    main = engine.start('fmt.Println("running")\nfor {\n}', until="running")
    engine.interrupt()
    assert engine.finish(main).error["ename"] == "Interrupted"
    assert engine.run("1 + 1").ok().result == "2"
    # The reply to the interrupt of an idle shell is all that ends the other.
    engine.interrupt()
    assert engine.finish(beside).error["ename"] == "Interrupted"
    assert run(engine, shell, "1 + 1").ok().result == "2"


def test_delete_ends(kernel):
    """With a subshell its cell ends."""
    shell = subshell(kernel)
    beside = send(kernel, shell, BLOCK)
    kernel.printed(beside, "running")
    kernel.control("delete_subshell_request", {"subshell_id": shell})
    assert kernel.finish(beside).error["ename"] == "Interrupted"


def test_failure_stays(kernel):
    """A cell that fails stops those behind it in its own shell only."""
    shell = subshell(kernel)
    main = kernel.start(BLOCK, until="running")
    waiting = kernel.client.execute("2 + 2")
    assert run(kernel, shell, 'panic("here")').status == "error"
    assert run(kernel, shell, "1 + 1").ok().result == "2"
    run(kernel, shell, "%kill all").ok()
    kernel.finish(main)
    kernel.finish(waiting)


def test_death(kernel):
    """When the session dies, the cells of all shells say so, and the next one has a session."""
    shell = subshell(kernel)
    main = kernel.start(BLOCK, until="running")
    beside = run(kernel, shell, 'import "os"\nos.Exit(3)')
    assert beside.error["ename"] == "Exit"
    assert kernel.finish(main).status == "error"
    assert kernel.run("1 + 1").ok().result == "2"
    assert run(kernel, shell, "1 + 1").ok().result == "2"


def test_input(kernel):
    """A subshell may ask its user."""
    shell = subshell(kernel)
    main = kernel.start(BLOCK, until="running")
    asking = send(kernel, shell, 'import "fmt"\nvar word string\nfmt.Scanln(&word)\nword', allow_stdin=True)
    asked = kernel.stdin()
    assert asked["parent_header"]["msg_id"] == asking
    kernel.client.input("hello")
    assert kernel.finish(asking).ok().result == '"hello"'
    kernel.interrupt()
    kernel.finish(main)
