"""What all tests share: the shared material, a running server, and the rule that CI skips nothing for
want of a tool.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import RunningServer, start_server, stop_server

PROJECT = Path(__file__).resolve().parent.parent


def _missing(what: str) -> None:
    """Fail in CI, where everything must be there; elsewhere skip and say why."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and in CI it must not be")
    pytest.skip(f"{what} is missing here")


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout the tests run from."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the article texts and the W3C suites: ``$CICAKG_SHARED``, or ``shared`` beside the
    checkout.
    """
    folder = Path(os.environ.get("CICAKG_SHARED", PROJECT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared material (article texts, W3C suites) is not here")
    return folder


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node.js."""
    found = shutil.which("node")
    if found is None:
        _missing("Node.js")
        raise AssertionError
    return found


@pytest.fixture(scope="session")
def server() -> Iterator[RunningServer]:
    """The real dataset, served by the real command."""
    running = start_server()
    yield running
    stop_server(running)
