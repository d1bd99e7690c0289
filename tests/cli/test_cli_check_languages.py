"""``cicakg check --lang`` and what ``cicakg rules`` says in each language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from toy_repository import Toy, copy_toy

from cicakg.checks.templates import LANGUAGES, templates


@pytest.fixture
def faulty(tmp_path: Path, project: Path) -> Toy:
    """A toy repository with a misspelt term."""
    toy = copy_toy(project, tmp_path / "toy")
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    return toy


def run(toy: Toy, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``cicakg …`` in the toy repository."""
    command = [sys.executable, "-m", "cicakg", *arguments]
    return subprocess.run(
        command, cwd=toy.root, capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_said_in_the_language_asked_for(faulty: Toy, language: str) -> None:
    """Message and fix are those of the language, with the misspelt name and the right one."""
    done = run(faulty, "check", "--lang", language, "-f", "json")
    (finding,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, finding["code"], finding["language"]) == (1, "unknown-term", language)
    words = templates(language)
    opening = words["unknown-term/message-property"].partition("{")[0]
    assert finding["message"].startswith(opening)
    assert "cica:ordnal" in finding["message"]
    assert "cica:ordinal" in finding["fix"]


def test_the_default_is_english_whatever_the_locale(faulty: Toy) -> None:
    """A report is the same on every machine."""
    done = run(faulty, "check", LANG="ru_RU.UTF-8", LC_ALL="ru_RU.UTF-8")
    assert "violation unknown-term cica:ordnal is not a known property." in done.stdout


def test_an_unknown_language_is_refused(faulty: Toy) -> None:
    """Exit code 2, and a sentence that names the five."""
    done = run(faulty, "check", "--lang", "fr")
    assert (done.returncode, done.stdout) == (2, "")
    assert all(f"{one} (" in done.stderr for one in LANGUAGES)


def test_the_summary_beside_an_output_file_is_in_the_language(faulty: Toy, tmp_path: Path) -> None:
    """What stands on standard error is for the same reader."""
    done = run(faulty, "check", "--lang", "ru", "-o", str(tmp_path / "report"))
    assert templates("ru")["report/files"].partition(":")[0] in done.stderr


def test_a_rule_is_explained_with_its_sentences_in_every_language(faulty: Toy) -> None:
    """The record of a rule, and its chapter in the documentation, have all five."""
    for form in ("text", "markdown"):
        shown = run(faulty, "rules", "entity-fact", "--format", form).stdout
        for language in LANGUAGES:
            assert templates(language)["entity-fact/fix"] in shown.replace("\u2068", "").replace("\u2069", "")
