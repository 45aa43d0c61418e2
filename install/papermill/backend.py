"""Builds the wheel: one module, and nothing to download for it."""

import base64
import hashlib
import pathlib
import zipfile

NAME, VERSION = "gobraid_papermill", "0.1.0"
INFO = f"{NAME}-{VERSION}.dist-info"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = {
        f"{NAME}.py": pathlib.Path(__file__).with_name(f"{NAME}.py").read_text(),
        f"{INFO}/METADATA": f"Metadata-Version: 2.1\nName: gobraid-papermill\nVersion: {VERSION}\nSummary: Papermill parameters for Go notebooks\n",
        f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: gobraid\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{INFO}/entry_points.txt": f"[papermill.engine]\ngobraid = {NAME}:Engine\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text.encode())}\n"
    files[f"{INFO}/RECORD"] = record + f"{INFO}/RECORD,,\n"
    wheel = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / wheel, "w") as z:
        for name, text in files.items():
            z.writestr(name, text)
    return wheel
