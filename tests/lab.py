"""JupyterLab on a folder, and a browser on JupyterLab."""

import contextlib
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]



@contextlib.contextmanager
def jupyterlab(folder, settings):
    """Runs a JupyterLab on the folder, with the user's settings in another; the value is its address, with the token."""
    command = [
        sys.executable, "-m", "jupyter", "lab", str(folder), "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root",
        "--LabApp.extension_manager=readonly", "--LabApp.news_url=", "--expose-app-in-browser", f"--LabApp.user_settings_dir={settings}",
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        found = re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", line)
        if found:
            break
    else:
        pytest.fail("JupyterLab did not start")
    drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
    try:
        yield found[0]
    finally:
        process.terminate()
        process.wait()
        drain.wait()


@contextlib.contextmanager
def browser(chromium, profile, address, **options):
    """Opens the address in a browser with a fresh profile; the value is the page."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(str(profile), executable_path=chromium, args=FLAGS, headless=True, **options)
        page = context.pages[0]
        page.set_default_timeout(120_000)
        expect.set_options(timeout=120_000)
        # No traffic but to the server.
        page.route("**", lambda route: route.continue_() if "127.0.0.1" in route.request.url else route.abort())
        page.goto(address)
        yield page
        context.close()
