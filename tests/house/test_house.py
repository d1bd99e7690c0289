"""The rules of the house, held by tests: style, types, layers, small modules, and no article text
anywhere.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

LINES_A_MODULE_MAY_HAVE = 400
WORDS_IN_A_ROW = 12
TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
}


@pytest.mark.parametrize("name", TOOLS)
def test_tool_finds_nothing(project: Path, name: str) -> None:
    """ruff and mypy --strict are clean over sources and tests."""
    done = subprocess.run(
        [sys.executable, "-m", *TOOLS[name]], cwd=project, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_layers_hold(project: Path) -> None:
    """Every import points down, as docs/architecture.md says (contracts in pyproject.toml)."""
    command = str(Path(sys.executable).parent / "lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=project, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_are_small(project: Path) -> None:
    """A module that outgrows 400 lines is doing two things."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in (project / "src").rglob("*.py")
    }
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > LINES_A_MODULE_MAY_HAVE} == {}


def tracked_files(project: Path) -> list[Path]:
    """The files git tracks, or, in a tree without git, all but what make made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=project, capture_output=True, text=True)
    if listed.returncode == 0:
        return [project / name for name in listed.stdout.split("\0") if name]
    made = {".venv", "node_modules", ".git", "__pycache__"}
    return [path for path in project.rglob("*") if path.is_file() and not made & set(path.parts)]


def word_runs(text: str) -> set[tuple[str, ...]]:
    """Every run of twelve words that stands in *text*."""
    words = re.findall(r"\w+", text)
    return {tuple(words[at : at + WORDS_IN_A_ROW]) for at in range(len(words) - WORDS_IN_A_ROW + 1)}


def headlines(text: str) -> str:
    """The short lines at an article's head: titles may stand in the repository, sentences may not."""
    return "\n".join(line for line in text.splitlines()[:6] if line and not line.rstrip().endswith("."))


def test_no_article_text(project: Path, shared: Path) -> None:
    """No run of twelve words of an article, its headlines aside, stands in any file of the repository."""
    runs: dict[tuple[str, ...], str] = {}
    for path in sorted((shared / "corpus").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        runs.update(dict.fromkeys(word_runs(text) - word_runs(headlines(text)), path.name))
    assert len(runs) > 1000, "the articles were not read"
    copied = {}
    for path in tracked_files(project):
        try:
            found = word_runs(path.read_text(encoding="utf-8")) & runs.keys()
        except (UnicodeDecodeError, OSError):
            continue
        if found:
            copied[str(path.relative_to(project))] = " ".join(min(found))
    assert copied == {}
