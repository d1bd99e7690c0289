"""When a report is written in colour."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from toy_repository import Toy, copy_toy

from cicakg.cli.colours import is_coloured


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Whether it is a terminal: always."""
        return True


@pytest.mark.parametrize(
    ("stream", "when", "environment", "expected"),
    [
        (Terminal(), "auto", {}, True),
        (StringIO(), "auto", {}, False),
        (Terminal(), "auto", {"TERM": "dumb"}, False),
        (Terminal(), "auto", {"NO_COLOR": "1"}, False),
        (Terminal(), "auto", {"NO_COLOR": ""}, True),
        (StringIO(), "auto", {"FORCE_COLOR": "1"}, True),
        (StringIO(), "auto", {"FORCE_COLOR": ""}, False),
        (Terminal(), "auto", {"FORCE_COLOR": "0"}, False),
        (Terminal(), "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (StringIO(), "always", {"NO_COLOR": "1"}, True),
        (Terminal(), "never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_the_option_the_environment_and_the_terminal_decide(
    stream: StringIO, when: str, environment: dict[str, str], expected: bool
) -> None:
    """In this order: --color, NO_COLOR and FORCE_COLOR where they are not empty, the terminal."""
    assert is_coloured(stream, when, environment) is expected


@pytest.fixture
def faulty(tmp_path: Path, project: Path) -> Toy:
    """A toy repository with one fault."""
    toy = copy_toy(project, tmp_path / "toy")
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    return toy


@pytest.mark.parametrize(("when", "expected"), [("always", True), ("auto", False), ("never", False)])
def test_colours_survive_a_pipe_where_they_are_asked_for(faulty: Toy, when: str, expected: bool) -> None:
    """`--color always | less -R` is in colour; nothing else in a pipe is, and a file never."""
    command = [sys.executable, "-m", "cicakg", "check", "--color", when]
    environment = {"PATH": ""}
    done = subprocess.run(
        command, cwd=faulty.root, capture_output=True, text=True, timeout=120, env=environment
    )
    assert ("\x1b[" in done.stdout) is expected
    subprocess.run(
        [*command, "-o", "report"], cwd=faulty.root, capture_output=True, timeout=120, env=environment
    )
    assert "\x1b[" not in (faulty.root / "report").read_text(encoding="utf-8")
