"""Fixtures of the browser tests: one server, one browser and one page a session, one `lab` a test."""

from pathlib import Path

import pytest

from tests.browser.chromium import chromium
from tests.browser.lab import HEIGHT, SCRIPT, Lab
from tests.browser.server import lab_server

HERE = Path(__file__).parent
TIMEOUT = 60_000  # ms that one condition may take, on two busy cores


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The JupyterLab server of the session."""
    with lab_server(tmp_path_factory.mktemp("jupyterlab")) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """Chromium of the session."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def page(browser):
    """The page of the session, which loads JupyterLab's own files once."""
    with browser.new_context(viewport={"width": 1400, "height": HEIGHT}, color_scheme="light") as context:
        context.set_default_timeout(TIMEOUT)
        context.add_init_script(path=SCRIPT)
        yield context.new_page()


@pytest.fixture
def lab(page, server):
    """A `Lab` for one test: light theme, nothing open; a console error fails the test."""
    page.set_viewport_size({"width": 1400, "height": HEIGHT})
    lab = Lab(page, server)
    yield lab
    errors = lab.console_errors()
    lab.close()
    assert not errors, "\n".join(errors)
