"""The GitHub Action, the workflow that uses it, and the pre-commit hook run commands that exist.

There is no YAML parser among the dependencies: what is asked of the files is asked by their lines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from toy_history import commit_all
from toy_repository import Toy, copy_toy

from cicakg.checks.templates import templates
from cicakg.cli import main

SCRIPT = re.compile(r"^( *)(?:- )?run: \|\n((?:\1 +.*\n|\n)+)", re.MULTILINE)


def scripts(text: str) -> list[str]:
    """Return the block scripts of a YAML file, without their indentation."""
    found = []
    for _, block in SCRIPT.findall(text):
        lines = block.splitlines()
        depth = len(lines[0]) - len(lines[0].lstrip())
        found.append("".join(f"{line[depth:]}\n" for line in lines))
    return found


def value(text: str, key: str) -> str:
    """Return the value of the one *key* in *text*."""
    (found,) = re.findall(rf"^[ -]*{re.escape(key)}: (.+)$", text, re.MULTILINE)
    assert isinstance(found, str)
    return found


@pytest.fixture
def toy(tmp_path: Path, project: Path) -> Toy:
    """A toy repository with a violation, under git."""
    made = copy_toy(project, tmp_path / "toy")
    made.replace("ms", "cica:ordinal", "cica:ordnal")
    commit_all(made.root)
    return made


@pytest.fixture
def step(project: Path, tmp_path: Path) -> list[str]:
    """The command of the action's last step; the folder its tool would be installed in has ours."""
    bin_folder = tmp_path / "runner" / "cicakg" / "bin"
    bin_folder.mkdir(parents=True)
    command = bin_folder / "cicakg"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cicakg "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    script = scripts((project / "action.yml").read_text(encoding="utf-8"))[-1]
    return ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]


def act(step: list[str], toy: Toy, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the action's last step as GitHub's runner does; return how it ended and the job's summary."""
    summary = toy.root.parent / "summary.md"
    summary.touch()
    given = {"root": ".", "paths": "", "changed": "", "strict": "false", "lang": "en"} | inputs
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(toy.root.parent / "runner"),
        "GITHUB_STEP_SUMMARY": str(summary),
        **{f"CHECK_{name.upper()}": text for name, text in given.items()},
    }
    done = subprocess.run(step, cwd=toy.root, env=environment, capture_output=True, text=True, timeout=120)
    return done, summary.read_text(encoding="utf-8")


def test_the_action_reports_and_fails(toy: Toy, step: list[str]) -> None:
    """A violation is an annotation, a row of the summary's table, and exit code 1."""
    done, summary = act(step, toy)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=data/articles/2031/2031-ms-river-council.ttl,")
    assert "| ❌ violation |" in summary


def test_the_action_takes_its_inputs(toy: Toy, step: list[str]) -> None:
    """Paths narrow the report, a revision leaves out the old, strict lets warnings fail."""
    assert (
        act(step, toy, paths="data/articles/2031/2031-ar-river-council.ttl data/entities")[0].returncode == 0
    )
    done, summary = act(step, toy, changed="HEAD")
    assert done.returncode == 0
    assert "no new findings" in summary
    toy.replace("ms", "<#c05> a", "  <#c05> a")
    assert act(step, toy, changed="HEAD")[0].returncode == 0
    assert act(step, toy, changed="HEAD", strict="true")[0].returncode == 1


def test_the_action_reports_in_the_language_asked_for(toy: Toy, step: list[str]) -> None:
    """The annotation and the table are in the language; none given is English."""
    done, summary = act(step, toy, lang="kk")
    for text in (done.stdout, summary):
        assert templates("kk")["unknown-term/message-property"].partition("{term}")[2] in text
    assert "::error" in done.stdout
    assert "is not a known property" in act(step, toy, lang="")[0].stdout


@pytest.mark.parametrize("name", ["root", "paths", "changed", "lang"])
def test_an_input_of_the_action_is_not_run(toy: Toy, step: list[str], name: str) -> None:
    """What a caller passes is a value: neither a command, nor an option."""
    for text in ('$(touch ran) "; touch ran; "', "--output=ran"):
        done, _ = act(step, toy, **{name: text})
        assert done.returncode == 2, done.stdout
    assert not list(toy.root.parent.rglob("ran"))


def test_a_command_that_cannot_be_carried_out_fails_the_action(toy: Toy, step: list[str]) -> None:
    """A usage error is passed on and leaves no table."""
    done, summary = act(step, toy, root="nowhere")
    assert (done.returncode, summary) == (2, "")


def test_the_action_hands_over_every_input(project: Path) -> None:
    """Each input declared is used, each one used is declared, and none stands in a script."""
    text = (project / "action.yml").read_text(encoding="utf-8")
    declared = re.findall(
        r"^  ([a-z-]+):$", text.partition("\ninputs:\n")[2].partition("\nruns:")[0], re.MULTILINE
    )
    used = re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)
    assert sorted(declared) == sorted(used)
    assert len(declared) == 6
    assert not any("${{" in one for one in scripts(text))


def test_what_the_action_installs_is_there(project: Path) -> None:
    """The lock file and the package lie where the action looks for them."""
    install = scripts((project / "action.yml").read_text(encoding="utf-8"))[0]
    named = re.findall(r"\$GITHUB_ACTION_PATH([^\"]*)\"", install)
    assert len(named) == 2
    assert all((project / name.lstrip("/")).exists() for name in named)


def test_the_workflow_uses_the_action_on_the_data(project: Path) -> None:
    """It runs on changes of the data, uses this repository's action, may only read, and ends in time."""
    text = (project / ".github/workflows/check-data.yml").read_text(encoding="utf-8")
    assert '"data/**"' in text
    assert value(text, "contents") == "read"
    assert int(value(text, "timeout-minutes")) <= 10
    assert "- uses: ./\n" in text
    (script,) = scripts(text)
    assert "${{" not in script
    judges = re.findall(r"judges=\((.*)\)", script)[0].split()
    assert {"action.yml", "shapes", "src"} <= set(judges)
    assert all((project / one).exists() for one in judges)


def test_the_hook_runs_a_command_that_exists(project: Path) -> None:
    """The entry is a command of ours with options it knows, for the files that a check reads."""
    text = (project / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    program, command, *options = value(text, "entry").split()
    assert program == "cicakg"
    known = CliRunner().invoke(main, [command, "--help"]).output
    assert all(re.search(rf"(?<![\w-]){re.escape(one)}\b", known) for one in (*options, "--changed"))
    files = re.compile(value(text, "files"))
    read = ("data/exceptions.toml", "data/articles/2020/x.ttl", "ontology/cica.ttl", "shapes/claim.ttl")
    assert all(files.search(one) for one in read)
    assert not any(files.search(one) for one in ("README.md", "queries/001.rq", "tests/data/x.ttl"))
