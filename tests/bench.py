"""Measures the kernel beside ipykernel, in one run on one machine: make bench.

The client is plain blocking ZeroMQ, so that a latency is the kernel's and not jupyter_client's. The kernels take turns: each
measure is made on all of them before the next one, so that what else the machine does falls on all of them.

    python tests/bench.py [--json FILE] [--cells 100]
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import psutil
import zmq
from jupyter_client import KernelManager
from jupyter_client.session import Session

PATIENCE_MS = 120_000

LINES = {
    "go": 'import "fmt"\nfor i := range 100_000 {\n\tfmt.Printf("line %06d abcdefghijklmnopqrstuvwxyz0\\n", i)\n}',
    "python": "for i in range(100_000):\n    print(f'line {i:06d} abcdefghijklmnopqrstuvwxyz0')",
}


class Kernel:
    """A kernel that has just been started, and a client of it."""

    def __init__(self, name, setup=None):
        self.language = "python" if name == "python3" else "go"
        self.manager = KernelManager(kernel_name=name)
        began = time.perf_counter()
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        info = self.manager.get_connection_info()
        self.session = Session(key=info["key"], signature_scheme=info["signature_scheme"])
        self.context = zmq.Context()
        self.shell = self.connect(zmq.DEALER, info["ip"], info["shell_port"])
        self.iopub = self.connect(zmq.SUB, info["ip"], info["iopub_port"])
        self.iopub.setsockopt(zmq.SUBSCRIBE, b"")
        self.send("kernel_info_request", {})
        self.receive(self.shell)
        self.start_ms = 1000 * (time.perf_counter() - began)
        self.subscribe()
        if setup:
            self.run(setup)

    def connect(self, kind, ip, port):
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.RCVTIMEO, PATIENCE_MS)
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect(f"tcp://{ip}:{port}")
        return socket

    def subscribe(self):
        """Asks until something arrives on iopub: the subscription has then."""
        self.iopub.setsockopt(zmq.RCVTIMEO, 100)
        while True:
            request = self.send("kernel_info_request", {})
            self.receive(self.shell)
            try:
                while self.receive(self.iopub)["parent_header"].get("msg_id") != request:
                    pass
                break
            except zmq.Again:
                pass
        self.iopub.setsockopt(zmq.RCVTIMEO, PATIENCE_MS)
        self.until_idle(request)

    def send(self, kind, content):
        message = self.session.msg(kind, content)
        self.session.send(self.shell, message)
        return message["header"]["msg_id"]

    def receive(self, socket):
        _, frames = self.session.feed_identities(socket.recv_multipart())
        return self.session.deserialize(frames)

    def until_idle(self, request):
        messages = []
        while True:
            message = self.receive(self.iopub)
            if message["parent_header"].get("msg_id") != request:
                continue
            messages.append(message)
            if message["header"]["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages

    def run(self, code):
        """Runs a cell; returns the milliseconds until the reply and idle were there, and the messages."""
        began = time.perf_counter()
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
        request = self.send("execute_request", content)
        reply = self.receive(self.shell)
        messages = self.until_idle(request)
        took = 1000 * (time.perf_counter() - began)
        assert reply["content"]["status"] == "ok", reply["content"]
        return took, messages

    def rss(self):
        """Resident memory of all processes of the kernel, in MB."""
        root = psutil.Process(self.manager.provisioner.pid)
        return sum(p.memory_info().rss for p in [root, *root.children(recursive=True)]) / 1e6

    def close(self):
        self.context.destroy(linger=0)
        self.manager.shutdown_kernel(now=True)


def start(name, setup, times=5):
    taken = []
    for _ in range(times):
        k = Kernel(name)
        taken.append(k.start_ms)
        k.close()
    return f"{statistics.median(taken):.0f} ms"


def first_cell(name, setup):
    k = Kernel(name, setup)
    took, _ = k.run("1+1")
    memory = k.rss()
    k.close()
    return f"{took:.1f} ms, then {memory:.0f} MB"


def trivial(name, setup, times=500):
    k = Kernel(name, setup)
    k.run("1+1")
    taken = [k.run("1+1")[0] for _ in range(times)]
    k.close()
    return f"{statistics.median(taken):.2f} / {statistics.quantiles(taken, n=100)[98]:.2f} ms"


def distinct(cells):
    """Cells that differ, each a little function and a call: what a person types.

    They differ from those of earlier runs too, since the compiled engine keeps what it built.
    """

    def measure(name, setup):
        salt = time.time_ns()
        k = Kernel(name, setup)
        taken = []
        for i in range(cells):
            if k.language == "go":
                cell = f"func f{i}(n int) int {{\n\treturn n*n + {salt + i}\n}}\nf{i}(3)"
            else:
                cell = f"def f{i}(n):\n    return n*n + {salt + i}\nf{i}(3)"
            taken.append(k.run(cell)[0])
        k.close()
        early, late = statistics.median(taken[1:6]), statistics.median(taken[-5:])
        return f"{early:.0f} / {late:.0f} ms"

    return measure


def lines(name, setup):
    k = Kernel(name, setup)
    took, messages = k.run(LINES[k.language])
    text = "".join(m["content"]["text"] for m in messages if m["header"]["msg_type"] == "stream")
    k.close()
    assert text.count("\n") == 100_000 and text.endswith("line 099999 abcdefghijklmnopqrstuvwxyz0\n"), len(text)
    return f"{took:.0f} ms in {sum(m['header']['msg_type'] == 'stream' for m in messages)} messages"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--json", type=pathlib.Path, help="write the table there too")
    arguments.add_argument("--cells", type=int, default=100, help="how many distinct cells")
    options = arguments.parse_args()
    measures = {
        "start to kernel_info_reply": start,
        "first 1+1, memory of all processes": first_cell,
        "1+1 again, p50 / p99": trivial,
        f"a new small cell, 2nd to 6th / last 5 of {options.cells}": distinct(options.cells),
        "100,000 lines": lines,
    }
    kernels = {"gobraid auto": ("gobraid", None)}
    for engine in ("yaegi", "compiled"):
        kernels[f"gobraid {engine}"] = ("gobraid", f"%engine {engine}")
    kernels["ipykernel"] = ("python3", None)
    with tempfile.TemporaryDirectory() as prefix:
        os.environ["JUPYTER_PATH"] = f"{prefix}/share/jupyter"
        subprocess.run([os.environ["GOBRAID"], "install", "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        table = {}
        for measure, f in measures.items():
            table[measure] = {title: f(*kernel) for title, kernel in kernels.items()}
            print(measure)
            for title, figure in table[measure].items():
                print(f"    {title:18} {figure}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
