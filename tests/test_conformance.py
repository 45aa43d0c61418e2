"""Jupyter's own conformance tests."""

import jupyter_kernel_test as jkt
import pytest


@pytest.mark.usefixtures("jupyter")
class TestGobraid(jkt.KernelTests):
    kernel_name = "gobraid"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\nfmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [{"text": "fo"}, {"text": "fmt.Print"}]
    complete_code_samples = ["1+1", "x := 3", "for i := 0; i < 3; i++ {\n}", 'import "fmt"', "%engine"]
    incomplete_code_samples = ["for i := 0; i < 3; i++ {", "func f() {", "x := []int{1,", "x := `raw"]
    invalid_code_samples = ["func )(", "x := := 3"]
    code_generate_error = 'panic("boom")'
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "fmt.Println"
    code_display_data = [
        {"code": 'display.Show(display.HTML("<b>x</b>"))', "mime": "text/html"},
        {"code": 'display.Show(display.SVG("<svg/>"))', "mime": "image/svg+xml"},
        {"code": 'import "image"\ndisplay.Show(image.NewGray(image.Rect(0, 0, 2, 2)))', "mime": "image/png"},
    ]
    code_clear_output = "display.Clear(false)"
    code_execute_result = [{"code": "1+2", "result": "3"}, {"code": "3*4", "result": "12"}, {"code": "6*7", "result": "42"}]


# unittest's setUpClass runs before pytest's fixtures would be asked for by name; this asks first.
@pytest.fixture(scope="class", autouse=True)
def installed(jupyter):
    yield
