"""A Jupyter client for tests: it checks every message it sees and waits for nothing but messages."""

import dataclasses
import time

from jupyter_client import KernelManager
from jupyter_kernel_test.msgspec_v5 import schema_fragments, validate_message

# A guard, never a measure: how long a message may take before a test gives up on it.
PATIENCE = 120


@dataclasses.dataclass
class Run:
    """What one execution brought."""

    reply: dict = dataclasses.field(default_factory=dict)
    messages: list = dataclasses.field(default_factory=list)  # iopub, busy to idle

    def contents(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def stream(self, name):
        return "".join(c["text"] for c in self.contents("stream") if c["name"] == name)

    @property
    def stdout(self):
        return self.stream("stdout")

    @property
    def stderr(self):
        return self.stream("stderr")

    @property
    def result(self):
        """The result as text, None if there is none."""
        results = self.contents("execute_result")
        assert len(results) <= 1, results
        return results[0]["data"]["text/plain"] if results else None

    @property
    def error(self):
        """The error that was published, None if there is none. The reply must say the same."""
        errors = self.contents("error")
        assert len(errors) <= 1, errors
        if not errors:
            return None
        for key in ("ename", "evalue", "traceback"):
            assert errors[0][key] == self.reply["content"][key]
        return errors[0]

    @property
    def status(self):
        return self.reply["content"]["status"]

    def ok(self):
        assert self.status == "ok", "\n".join(self.reply["content"].get("traceback", [])) or self.reply["content"]
        return self


class Kernel:
    """A kernel that runs and a client of it. As a context manager it ends with the block."""

    def __init__(self, **options):
        self.replies = {}  # shell replies that came while another was waited for, by request
        self.broadcasts = {}  # iopub messages likewise
        self.manager = KernelManager(kernel_name="gobraid")
        self.manager.start_kernel(**options)  # such as cwd and env
        self.client = self.manager.client()
        try:
            self.connect()
        except BaseException:
            self.close()
            raise

    def connect(self):
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    # --- requests

    def run(self, code, **options):
        """Runs a cell to its end."""
        return self.finish(self.client.execute(code, **options))

    def start(self, code, until=None, **options):
        """Starts a cell and returns its id; with until, once it has printed that."""
        request = self.client.execute(code, **options)
        if until is not None:
            self.printed(request, until)
        return request

    def finish(self, request):
        """Returns what the rest of an execution brings: iopub up to idle, and the reply."""
        run = Run()
        while True:
            message = self.broadcast(request)
            run.messages.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        run.reply = self.reply(request)
        return run

    def printed(self, request, text):
        """Waits until a cell has printed a text."""
        seen = ""
        while text not in seen:
            message = self.broadcast(request)
            assert message["msg_type"] != "error", message["content"]
            if message["msg_type"] == "stream":
                seen += message["content"]["text"]

    def interrupt(self):
        """Asks for an interrupt and returns its reply."""
        return self.control("interrupt_request")

    def control(self, kind, content=None):
        """Sends a request on the control channel and returns its reply."""
        message = self.client.session.msg(kind, content or {})
        self.client.control_channel.send(message)
        while True:
            reply = check(self.client.get_control_msg(timeout=PATIENCE))
            if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                return reply

    def request(self, kind, content):
        """Sends a request on the shell channel and returns its reply."""
        message = self.client.session.msg(kind, content)
        self.client.shell_channel.send(message)
        return self.reply(message["header"]["msg_id"])

    # --- messages

    def iopub(self):
        return check(self.client.get_iopub_msg(timeout=PATIENCE))

    def broadcast(self, request):
        """The next iopub message of a request. Those of others are kept for when they are asked for."""
        while not self.broadcasts.get(request):
            message = self.iopub()
            self.broadcasts.setdefault(message["parent_header"].get("msg_id"), []).append(message)
        return self.broadcasts[request].pop(0)

    def stdin(self):
        return check(self.client.get_stdin_msg(timeout=PATIENCE))

    def reply(self, request):
        while request not in self.replies:
            message = check(self.client.get_shell_msg(timeout=PATIENCE))
            self.replies[message["parent_header"]["msg_id"]] = message
        return self.replies.pop(request)


def check(message):
    """Checks the shape of a message, as far as jupyter_kernel_test knows it.

    It does not know that a reply may be aborted, and wants the password flag to be a number.
    """
    kind, content = message["msg_type"], message["content"]
    if kind == "input_request":
        assert isinstance(content["prompt"], str) and isinstance(content["password"], bool)
    elif kind.endswith("_reply") and content["status"] == "aborted":
        pass
    elif kind in schema_fragments:
        validate_message(message)
    return message


def eventually(condition, what):
    """Waits for a thing outside the protocol, such as the end of a process, that sends no message."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)
