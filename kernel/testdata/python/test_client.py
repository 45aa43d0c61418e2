"""The kernel as the real client sees it, over both transports."""

from conftest import TIMEOUT, text


def test_cell(client):
    reply, messages = client.run("print hello\nresult 42")
    assert reply["status"] == "ok" and reply["execution_count"] == 1
    assert [m["msg_type"] for m in messages] == ["status", "execute_input", "stream", "execute_result"]
    assert text(messages) == "hello\n"
    client.silence()


def test_hundred_thousand_lines(client):
    _, messages = client.run("lines 100000")
    lines = text(messages).splitlines()
    assert len(lines) == 100_000
    assert all(line.startswith(f"line {i:06d} ") for i, line in enumerate(lines))
    assert len([m for m in messages if m["msg_type"] == "stream"]) < 100


def test_error_stops_the_cells_behind_it(client):
    """The first cell fails before the others have arrived, for it takes no time at all; they were written before."""
    content = {"silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    cells = [client.kc.session.msg("execute_request", content | {"code": code}) for code in ("fail boom", "print never", "print never")]
    for cell in cells:
        client.kc.shell_channel.send(cell)
    ids = [cell["header"]["msg_id"] for cell in cells]
    replies = [client.reply(i)["content"] for i in ids]
    assert [r["status"] for r in replies] == ["error", "aborted", "aborted"]
    for i in ids:
        assert text(client.until_idle(i)) == ""
    reply, messages = client.run("print again")
    assert reply["status"] == "ok" and reply["execution_count"] == 2
    assert text(messages) == "again\n"


def test_error_does_not_stop_what_asked_not_to_be(client):
    ids = [client.execute("fail boom", stop_on_error=False), client.execute("1+2")]
    assert [client.reply(i)["content"]["status"] for i in ids] == ["error", "ok"]


def test_interrupt(client):
    msg_id = client.execute("block")
    behind = client.execute("print never")
    client.until(msg_id, "execute_input")
    client.km.interrupt_kernel()
    reply = client.reply(msg_id)["content"]
    assert (reply["status"], reply["ename"]) == ("error", "Interrupted")
    assert client.reply(behind)["content"]["status"] == "aborted"
    assert client.run("1+2")[0]["status"] == "ok"


def test_second_interrupt(client):
    msg_id = client.execute("stubborn")
    client.until(msg_id, "execute_input")
    assert client.control("interrupt_request")["content"]["status"] == "ok"
    assert client.control("interrupt_request")["content"]["status"] == "ok"
    assert client.reply(msg_id)["content"]["ename"] == "Interrupted"


def test_interrupt_of_a_flood(client):
    msg_id = client.execute("flood")
    client.until(msg_id, "stream")
    client.km.interrupt_kernel()
    lines = text(client.until_idle(msg_id))
    assert lines.endswith("\n")
    assert client.reply(msg_id)["content"]["ename"] == "Interrupted"


def test_answers_while_a_cell_runs(client):
    client.run("set alpha")
    msg_id = client.execute("block")
    client.until(msg_id, "execute_input")
    assert client.reply(client.kc.complete("alp"))["content"]["matches"] == ["alpha"]
    assert client.reply(client.kc.inspect("alpha"))["content"]["found"]
    assert client.reply(client.kc.is_complete("for {"))["content"]["status"] == "incomplete"
    assert client.reply(client.kc.comm_info())["content"]["comms"] == {}
    assert len(client.reply(client.kc.history(hist_access_type="tail", n=2))["content"]["history"]) == 2
    assert client.reply(client.kc.kernel_info())["content"]["protocol_version"] == "5.5"
    assert client.control("kernel_info_request")["content"]["status"] == "ok"
    assert client.kc.is_alive() and client.kc.hb_channel.is_beating()
    client.km.interrupt_kernel()
    client.reply(msg_id)


def test_stdin(client):
    msg_id = client.execute("input name?\npassword secret?", allow_stdin=True)
    for prompt, password, answer in (("name?", False, "Gopher"), ("secret?", True, "42")):
        question = client.kc.get_stdin_msg(timeout=TIMEOUT)
        assert question["content"] == {"prompt": prompt, "password": password}
        assert question["parent_header"]["msg_id"] == msg_id
        client.kc.input(answer)
    assert client.reply(msg_id)["content"]["status"] == "ok"
    assert text(client.until_idle(msg_id)) == "got Gopher\ngot 42\n"


def test_stdin_not_allowed(client):
    reply, _ = client.run("input name?", allow_stdin=False)
    assert reply["status"] == "error"


def test_late_output(client):
    first = client.execute("later from the first cell")
    client.until_idle(first)
    second = client.execute("now")
    late = client.until(first, "stream")
    assert late["content"]["text"] == "[after the cell ended]\nfrom the first cell\n"
    assert late["metadata"] == {"gobraid": {"late": True}}
    client.reply(second)


def test_two_clients(client):
    other = client.km.blocking_client()
    other.start_channels()
    other.wait_for_ready(timeout=TIMEOUT)
    try:
        mine, theirs = client.execute("1+2"), other.execute("3*4")
        assert client.reply(mine)["content"]["status"] == "ok"
        while other.get_shell_msg(timeout=TIMEOUT)["parent_header"]["msg_id"] != theirs:
            pass
        results = {}
        while len(results) < 2:
            msg = client.kc.get_iopub_msg(timeout=TIMEOUT)
            if msg["msg_type"] == "execute_result":
                results[msg["parent_header"]["msg_id"]] = msg["content"]["data"]["text/plain"]
        assert results == {mine: "3", theirs: "12"}
    finally:
        other.stop_channels()


def test_forged(client):
    key, client.kc.session.key = client.kc.session.key, b"guessed"
    forged = client.kc.execute("print forged")
    client.kc.session.key = key
    reply, messages = client.run("1+2")
    assert reply["execution_count"] == 1
    assert all(m["parent_header"]["msg_id"] != forged for m in messages)


def test_restart(client):
    client.run("1+2")
    client.kc.stop_channels()
    client.km.restart_kernel()
    client.connect()
    assert client.run("1+2")[0]["execution_count"] == 1


def test_shutdown_ends_the_process(client):
    process = client.km.provisioner.process
    msg_id = client.execute("block")
    client.until(msg_id, "execute_input")
    msg = client.kc.session.msg("shutdown_request", {"restart": False})
    client.kc.control_channel.send(msg)
    reply = client.reply(msg["header"]["msg_id"], client.kc.get_control_msg)
    assert reply["content"] == {"status": "ok", "restart": False}
    assert client.reply(msg_id)["content"]["ename"] == "Interrupted"
    assert process.wait(timeout=TIMEOUT) == 0
