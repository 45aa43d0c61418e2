"""The protocol as a client sees it: order, counts, queues, input."""


def test_kernel_info(shared):
    info = shared.request("kernel_info_request", {})["content"]
    assert info["status"] == "ok"
    assert info["implementation"] == "gobraid"
    assert info["protocol_version"].startswith("5.")
    assert info["language_info"]["name"] == "go"
    assert info["language_info"]["file_extension"] == ".go"


def test_order(shared):
    """Busy, the input, output, the result, idle: in this order."""
    run = shared.run('import "fmt"\nfmt.Println("x")\n1')
    kinds = [m["msg_type"] for m in run.messages]
    assert kinds == ["status", "execute_input", "stream", "execute_result", "status"]


def test_many_lines(shared):
    """100,000 lines arrive complete and in order, in far fewer messages."""
    run = shared.run('import "fmt"\nfor i := range 100_000 {\n\tfmt.Printf("line %06d\\n", i)\n}').ok()
    assert run.stdout == "".join(f"line {i:06d}\n" for i in range(100_000))
    assert len(run.contents("stream")) < 10_000


def test_late_output(shared):
    """What a goroutine prints after its cell has ended belongs to its cell, and says that it is late."""
    late = shared.client.execute('import "fmt"\nletGo := make(chan bool)\ngo func() {\n\t<-letGo\n\tfmt.Println("late")\n}()')
    shared.finish(late)
    shared.client.execute("close(letGo)")
    while True:
        message = shared.iopub()
        if message["msg_type"] == "stream":
            assert message["content"]["text"] == "[after the cell ended]\nlate\n"
            assert message["parent_header"]["msg_id"] == late
            assert message["metadata"]["gobraid"]["late"] is True
            break


def test_counts(shared):
    first = shared.run("1").reply["content"]["execution_count"]
    assert shared.run("2").reply["content"]["execution_count"] == first + 1
    shared.run("3", store_history=False).ok()
    shared.run("4", silent=True).ok()
    assert shared.run("5").reply["content"]["execution_count"] == first + 2


def test_silent(shared):
    run = shared.run("5", silent=True).ok()
    assert [m["msg_type"] for m in run.messages] == ["status", "status"]


def test_user_expressions(shared):
    run = shared.run("six := 6", user_expressions={"good": "six * 7", "bad": "missing"}).ok()
    found = run.reply["content"]["user_expressions"]
    assert found["good"]["status"] == "ok" and found["good"]["data"]["text/plain"] == "42"
    assert found["bad"]["status"] == "error" and found["bad"]["ename"] == "CompileError"


def test_stop_on_error(kernel):
    """Cells queued behind one that fails are aborted, not run; later ones run.

    No message tells that a request is queued, so the cell that fails leaves the others a second to get there.
    """
    kernel.run('import "time"\nn := 1').ok()
    failing = kernel.client.execute('time.Sleep(time.Second)\npanic("stop")')
    queued = [kernel.client.execute("n = 2") for _ in range(3)]
    assert kernel.finish(failing).status == "error"
    assert [kernel.finish(q).status for q in queued] == ["aborted"] * 3
    assert kernel.run("n").ok().result == "1"


def test_go_on_after_error(kernel):
    failing = kernel.client.execute('panic("go on")', stop_on_error=False)
    queued = kernel.client.execute("42")
    assert kernel.finish(failing).status == "error"
    assert kernel.finish(queued).ok().result == "42"


def test_stdin(shared):
    request = shared.client.execute(
        'import "fmt"\nvar name string\nfmt.Print("name? ")\nfmt.Scanln(&name)\nfmt.Println("hello", name)', allow_stdin=True
    )
    asked = shared.stdin()
    assert asked["msg_type"] == "input_request"
    assert asked["parent_header"]["msg_id"] == request
    shared.client.input("World")
    assert shared.finish(request).ok().stdout.endswith("hello World\n")


def test_stdin_not_allowed(shared):
    """A cell that may not ask gets no input; it does not hang."""
    run = shared.run('import "fmt"\nvar word string\n_, err := fmt.Scanln(&word)\nerr != nil', allow_stdin=False)
    assert run.status == "error" or run.result == "true"


def test_is_complete(shared):
    for code, want in {"1 + 1": "complete", "for {": "incomplete", "func )(": "invalid"}.items():
        assert shared.request("is_complete_request", {"code": code})["content"]["status"] == want, code


def test_answers_at_once(shared):
    """What is not built yet is answered, correctly and empty, so that no client waits."""
    for kind, content in {
        "complete_request": {"code": "xyzzy", "cursor_pos": 5},
        "inspect_request": {"code": "xyzzy", "cursor_pos": 5, "detail_level": 0},
        "history_request": {"hist_access_type": "tail", "n": 3, "raw": True, "output": False},
        "comm_info_request": {},
    }.items():
        assert shared.request(kind, content)["content"]["status"] == "ok", kind


def test_completion_of_names(shared):
    shared.run("lengthyName := 1").ok()
    reply = shared.request("complete_request", {"code": "lengthyN", "cursor_pos": 8})["content"]
    assert "lengthyName" in reply["matches"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (0, 8)


def test_bad_signature(kernel):
    """A message whose signature is wrong is not obeyed, and does not end the kernel."""
    kernel.run("safe := 1").ok()
    session = kernel.client.session
    key, session.key = session.key, b"not the key"
    kernel.client.execute("safe = 2")
    session.key = key
    assert kernel.run("safe").ok().result == "1"
