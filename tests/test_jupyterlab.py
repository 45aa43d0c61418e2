"""JupyterLab in a browser: a person picks Go (gobraid), types a cell, runs it and sees what it says."""

import re

import pytest
from playwright.sync_api import expect

from lab import browser, jupyterlab


@pytest.fixture(scope="module")
def lab(jupyter, tmp_path_factory):
    """A JupyterLab on an empty folder; the value is its address, with the token."""
    with jupyterlab(tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("settings")) as address:
        yield address


@pytest.fixture
def page(chromium, lab, tmp_path):
    with browser(chromium, tmp_path / "profile", lab + "&reset") as page:
        yield page


# The console that is open. What is run in it before it has a kernel, or before its editor has told it of a change, is dropped.
CONSOLE = "[...jupyterapp.shell.widgets('main')].find(widget => widget.console)?.console"


def test_first_cell(page, tmp_path):
    cells = new_notebook(page)
    run_cell(page, cells.nth(0), 'import "fmt"\nfmt.Println("hello from", 6*7)')
    expect(cells.nth(0).locator(".jp-OutputArea-output")).to_have_text(re.compile("hello from 42"))
    expect(cells.nth(0).locator(".jp-InputPrompt")).to_have_text("[1]:")
    run_cell(page, cells.nth(1), "missing + 1")
    expect(cells.nth(1).locator(".jp-OutputArea-output")).to_have_text(re.compile("undefined: missing"))
    page.screenshot(path=tmp_path / "first-cell.png")
    print("screenshot:", tmp_path / "first-cell.png")


def test_execute_time(page):
    """jupyterlab-execute-time says under a cell when it ran and how long it took, from what JupyterLab noted of the kernel's messages."""
    cells = new_notebook(page)
    run_cell(page, cells.nth(0), "6 * 7")
    expect(cells.nth(0).locator(".execute-time")).to_contain_text(re.compile(r"executed at .* in .*\d+\s*m?s"))


def test_interrupt_button(page):
    cells = new_notebook(page)
    run_cell(page, cells.nth(0), "for {\n}")
    expect(cells.nth(0).locator(".jp-InputPrompt")).to_have_text("[*]:")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    expect(cells.nth(0).locator(".jp-OutputArea-output")).to_have_text(re.compile("[Ii]nterrupted"))


def test_subshell_console(page, tmp_path):
    """While a cell runs, a subshell console of the notebook shows its tasks and runs Go; the cell's late output is under it."""
    cells = new_notebook(page)
    run_cell(page, cells.nth(0), 'import "fmt"\nletGo := make(chan int)\ngo func() {\n\tfmt.Println("got", <-letGo)\n}()')
    expect(cells.nth(0).locator(".jp-InputPrompt")).to_have_text("[1]:")
    run_cell(page, cells.nth(1), 'import "time"\ntime.Sleep(time.Hour)')
    page.evaluate("jupyterapp.commands.execute('notebook:create-subshell-console')")
    page.wait_for_function(f"{CONSOLE}?.sessionContext.session?.kernel?.connectionStatus === 'connected'")
    page.wait_for_function(f"{CONSOLE}.promptCell?.node.isConnected")
    prompt = page.locator(".jp-CodeConsole-promptCell .cm-content")
    outputs = page.locator(".jp-CodeConsole .jp-OutputArea-output")
    done = page.locator(".jp-CodeConsole-content .jp-CodeCell .jp-InputPrompt")
    for i, (source, seen) in enumerate({"%tasks": "cell 2, running", "letGo <- 42": None, '"beside"': "beside"}.items()):
        prompt.fill(source)
        page.wait_for_function(f"want => {CONSOLE}.promptCell.model.sharedModel.source === want", arg=source)
        prompt.press("Shift+Enter")
        expect(done).to_have_count(i + 1)
        expect(done.nth(i)).to_have_text(re.compile(r"\[\d+\]:"))  # until then the console may not take the next
        if seen:
            expect(outputs.last).to_have_text(re.compile(seen))
    expect(cells.nth(0).locator(".jp-OutputArea-output").last).to_have_text(re.compile(r"\[after the cell ended\]\s+got 42"))
    expect(cells.nth(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    page.screenshot(path=tmp_path / "subshell.png")
    print("screenshot:", tmp_path / "subshell.png")


def new_notebook(page):
    """Opens a new notebook from the launcher and returns its cells, once its kernel is ready."""
    page.locator('.jp-LauncherCard[title^="Go (gobraid)"]').first.click()
    page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'")
    page.wait_for_function("jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'")
    return page.locator(".jp-Notebook .jp-CodeCell")


def run_cell(page, cell, source):
    """Types a cell and runs it. The editor tells the notebook of a change a moment after it shows it, so that is waited for."""
    editor = cell.locator(".cm-content")
    editor.click()
    editor.fill(source)
    page.wait_for_function("want => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source === want", arg=source)
    page.keyboard.press("Shift+Enter")
