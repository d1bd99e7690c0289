"""Reads a Dockerfile as strictly as a test needs: every instruction is known and in its place
(https://docs.docker.com/reference/dockerfile/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

_KNOWN: Final = frozenset(
    [
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "RUN",
        "STOPSIGNAL",
        "USER",
        "WORKDIR",
    ]
)
_PAIR: Final = re.compile(r'([A-Za-z0-9_.-]+)=(?:"([^"]*)"|(\S+))')


@dataclass
class Stage:
    """One stage: its base as written, its name, and its instructions in order."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def last(self, instruction: str) -> str:
        """The last value of *instruction*."""
        return [value for name, value in self.steps if name == instruction][-1]

    def command(self, instruction: str) -> list[str]:
        """The value of ENTRYPOINT, CMD or HEALTHCHECK, which has to be in the form without a shell."""
        value = self.last(instruction)
        command: list[str] = json.loads(value[value.index("[") :])
        return command

    def environment(self) -> dict[str, str]:
        """What ENV says, in all."""
        values = [value for name, value in self.steps if name == "ENV"]
        return {name: quoted or plain for value in values for name, quoted, plain in _PAIR.findall(value)}


def read_dockerfile(path: Path) -> tuple[dict[str, str], list[Stage]]:
    """Return the build arguments with their defaults, and the stages."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for name, value in _instructions(path.read_text(encoding="utf-8")):
        assert name in _KNOWN, f"{name} is no instruction this Dockerfile should need"
        if name == "FROM":
            base, _, stage = value.partition(" AS ")
            stages.append(Stage(base, stage))
        elif stages:
            stages[-1].steps.append((name, value))
        else:
            assert name == "ARG", f"{name} before the first FROM"
            key, _, default = value.partition("=")
            arguments[key] = default
    return arguments, stages


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, value = line.strip().partition(" ")
            yield name, value.strip()


def is_in_context(ignored: Path, source: str) -> bool:
    """Whether *source* is sent to the builder: by the last line of ``.dockerignore`` that matches."""
    sent = True
    for line in ignored.read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and (fnmatch(source, pattern) or source == pattern):
            sent = line.startswith("!")
    return sent
