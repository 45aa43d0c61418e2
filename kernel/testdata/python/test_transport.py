"""The ports as libzmq sees them, and as those see them who mean no good."""

import json
import socket
import struct

import pytest
import zmq
from conftest import TIMEOUT, Client, text

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)


def ready(socket_type):
    body = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(socket_type)) + socket_type
    return b"\x04" + bytes([len(body)]) + body


@pytest.fixture
def client():
    c = Client("tcp")
    yield c
    c.close()


def ports(client):
    info = client.km.get_connection_info()
    return [(info["shell_port"], b"DEALER"), (info["control_port"], b"DEALER"), (info["stdin_port"], b"DEALER"),
            (info["iopub_port"], b"SUB"), (info["hb_port"], b"REQ")]


def works(client):
    """The present client goes on, and one that comes now gets through."""
    assert client.run("print hello")[0]["status"] == "ok"
    assert client.control("kernel_info_request")["content"]["status"] == "ok"
    other = client.km.blocking_client()
    other.start_channels()
    other.wait_for_ready(timeout=TIMEOUT)
    assert other.is_alive()
    other.stop_channels()


def connect(port):
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(TIMEOUT)
    return s


def gone(s):
    try:
        while s.recv(4096):
            pass
    except ConnectionError:
        pass
    s.close()


def parse(frames):
    """A broadcast message: the topic, the delimiter, the signature, then what matters here."""
    header, parent, _, content = (json.loads(f) for f in frames[3:])
    return {"msg_type": header["msg_type"], "parent_header": parent, "content": content}


def test_silent(client):
    silent = [connect(port) for port, _ in ports(client) for _ in range(50)]
    works(client)
    for s in silent:
        s.close()


def test_garbage(client):
    for port, _ in ports(client):
        s = connect(port)
        s.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
        gone(s)
    works(client)


@pytest.mark.parametrize("after", [
    b"\x02" + struct.pack(">Q", 1 << 62),
    b"\x02" + struct.pack(">Q", 1 << 46),
    b"\x02" + struct.pack(">Q", 1 << 36),
    b"\xff" * 100,
])
def test_after_the_handshake(client, after):
    for port, socket_type in ports(client):
        s = connect(port)
        s.sendall(GREETING + ready(socket_type) + after)
        gone(s)
    works(client)


def test_many_connections(client):
    many = []
    for port, socket_type in ports(client):
        for _ in range(200):
            s = connect(port)
            s.sendall(GREETING + ready(socket_type))
            many.append(s)
    assert client.run("print hello")[0]["status"] == "ok"
    assert client.control("kernel_info_request")["content"]["status"] == "ok"
    for s in many:
        s.close()
    works(client)


def test_stalled_subscriber(client):
    """One that takes nothing is dropped in the end, and the others miss nothing."""
    info = client.km.get_connection_info()
    deaf = connect(info["iopub_port"])
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.sendall(GREETING + ready(b"SUB") + b"\x00\x01\x01")
    msg_id = client.execute("lines 1000000")  # 40 MB
    got = text(client.until_idle(msg_id)).splitlines()
    assert len(got) == 1_000_000
    assert all(line.startswith(f"line {i:06d} ") for i, line in enumerate(got))
    deaf.close()
    works(client)


def test_heartbeats(client):
    """libzmq's own PING does not disturb what is sent meanwhile, and is answered."""
    info = client.km.get_connection_info()
    context = zmq.Context()
    sub = context.socket(zmq.SUB)
    try:
        sub.setsockopt(zmq.HEARTBEAT_IVL, 5)
        sub.setsockopt(zmq.HEARTBEAT_TIMEOUT, 5000)
        sub.setsockopt(zmq.RCVHWM, 0)
        monitor = sub.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        sub.subscribe(b"")
        sub.connect(f"tcp://127.0.0.1:{info['iopub_port']}")
        assert sub.poll(TIMEOUT * 1000)
        assert parse(sub.recv_multipart())["msg_type"] == "iopub_welcome"
        for _ in range(20):
            msg_id = client.execute("lines 20000")
            client.until_idle(msg_id)
            lines = []
            while True:
                assert sub.poll(TIMEOUT * 1000)
                msg = parse(sub.recv_multipart())
                if msg["parent_header"].get("msg_id") != msg_id:
                    continue
                if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                    break
                lines.append(msg)
            assert len(text(lines).splitlines()) == 20000
        assert not monitor.poll(0)
    finally:
        context.destroy(linger=0)
