"""A kernel and a client for each test."""

import pytest
from jupyter_client.manager import KernelManager
from jupyter_kernel_test.msgspec_v5 import schema_fragments, validate_message

TIMEOUT = 30

# What the suite of 0.7 does not know yet.
schema_fragments["iopub_welcome"] = {"properties": {"subscription": {"type": "string"}}}


class Client:
    """A kernel with a client; every message that passes is checked against the specification."""

    def __init__(self, transport):
        self.km = KernelManager(kernel_name="toy-kernel", transport=transport)
        self.km.start_kernel()
        self.connect()

    def connect(self):
        self.kc = self.km.blocking_client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=TIMEOUT)

    def execute(self, code, **options):
        return self.kc.execute(code, **options)

    def reply(self, msg_id, get=None):
        """The reply to one request; those to others are dropped."""
        while True:
            msg = (get or self.kc.get_shell_msg)(timeout=TIMEOUT)
            if msg["parent_header"].get("msg_id") == msg_id:
                if msg["content"].get("status") != "aborted":  # the suite's schema says "abort"
                    validate_message(msg, None, msg_id)
                return msg

    def control(self, msg_type, content=None):
        msg = self.kc.session.msg(msg_type, content or {})
        self.kc.control_channel.send(msg)
        return self.reply(msg["header"]["msg_id"], self.kc.get_control_msg)

    def until_idle(self, msg_id):
        """What is broadcast for a request, up to its idle."""
        got = []
        while True:
            msg = self.kc.get_iopub_msg(timeout=TIMEOUT)
            validate_message(msg)
            if msg["parent_header"].get("msg_id") != msg_id:
                continue
            if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                return got
            got.append(msg)

    def until(self, msg_id, msg_type):
        while True:
            msg = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if msg["parent_header"].get("msg_id") == msg_id and msg["msg_type"] == msg_type:
                return msg

    def run(self, code, **options):
        msg_id = self.execute(code, **options)
        return self.reply(msg_id)["content"], self.until_idle(msg_id)

    def silence(self):
        """Nothing more is broadcast: a request after everything else is the first thing heard."""
        msg_id = self.kc.comm_info()
        msg = self.kc.get_iopub_msg(timeout=TIMEOUT)
        assert msg["parent_header"]["msg_id"] == msg_id, msg
        self.until_idle(msg_id)

    def close(self):
        self.kc.stop_channels()
        self.km.shutdown_kernel(now=False)


def text(messages, stream="stdout"):
    return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream" and m["content"]["name"] == stream)


@pytest.fixture(params=["tcp", "ipc"])
def client(request):
    c = Client(request.param)
    yield c
    c.close()
