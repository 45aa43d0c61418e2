"""The community's conformance suite, against the kernel with a toy session."""

import jupyter_kernel_test


class ToyKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "toy-kernel"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = "print hello, world"
    code_stderr = "eprint oops"
    completion_samples = [{"text": "fun", "matches": {"func"}}, {"text": "nothing.", "matches": set()}]
    complete_code_samples = ["x := 1", "for {}"]
    incomplete_code_samples = ["for {"]
    invalid_code_samples = ["}"]
    code_generate_error = "fail boom"
    code_execute_result = [{"code": "1+2", "result": "3"}, {"code": "3*4", "result": "12"}]
    code_display_data = [{"code": "display text/html <b>x</b>", "mime": "text/html"}]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "alpha"

    def test_inspect(self):
        self.flush_channels()
        self.execute_helper("set alpha")
        super().test_inspect()


class ToyIopubWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "toy-kernel"
    support_iopub_welcome = True
