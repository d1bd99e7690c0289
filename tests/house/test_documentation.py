"""Documentation that cannot rot: what it names exists, and what exists is named."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cicakg.cli import COMMANDS, main

COMMAND = re.compile(rf"cicakg ((?:{'|'.join(sorted(COMMANDS))})\b[^`\n]*)")


def test_the_eight_steps_are_there(project: Path) -> None:
    """Each step of docs/architecture.md opens with a function or class that exists."""
    text = (project / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = re.findall(r"^\d\. `([a-z_.]+)\.([A-Za-z_]\w*(?:\.\w+)?)`", text, flags=re.MULTILINE)
    assert len(steps) == 8
    for module, name in steps:
        owner, _, attribute = name.partition(".")
        found = getattr(importlib.import_module(f"cicakg.{module}"), owner)
        assert callable(getattr(found, attribute) if attribute else found)


PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/annotating.md",
    "docs/checking.md",
    "docs/editors.md",
    "docs/querying.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_options_named_in_the_docs_exist(project: Path, page: str) -> None:
    """Every `cicakg …` command line in the docs has only options its command knows."""
    text = (project / page).read_text(encoding="utf-8")
    for line in COMMAND.findall(text):
        words = shlex.split(line.replace('"SELECT …"', "Q").split("  #")[0], posix=True)
        known = CliRunner().invoke(main, [words[0], "--help"], obj=None).output
        for option in (word.partition("=")[0] for word in words if word.startswith("-")):
            assert re.search(rf"(?<![\w-]){re.escape(option)}\b", known), f"{page}: {line}"


def test_every_command_is_in_the_readme(project: Path) -> None:
    """The README names each command."""
    text = (project / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"cicakg {name}" not in text and f"make {name}" not in text] == []
