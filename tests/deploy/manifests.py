"""The files that say how the server is deployed, read for the tests."""

from __future__ import annotations

import configparser
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

Document = dict[str, Any]

_SIZES: Final = {"m": 1, "Mi": 1, "M": 1, "g": 1024, "Gi": 1024}


def read_yaml(path: Path) -> Document:
    """Return the one document in *path*."""
    found: Document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def mebibytes(size: str) -> int:
    """Read a size as Compose, Kubernetes and systemd write it."""
    found = re.fullmatch(r"(\d+)([A-Za-z]+)", size)
    assert found is not None, size
    return int(found[1]) * _SIZES[found[2]]


def container(folder: Path) -> Document:
    """The container of the Deployment."""
    pod = read_yaml(folder / "kubernetes" / "deployment.yaml")["spec"]["template"]["spec"]
    (found,) = pod["containers"]
    own: Document = found
    return own


def commands(folder: Path) -> Iterator[tuple[str, list[str], int, int]]:
    """Yield each way the server is started: name, arguments, MiB it may have, seconds it gets to end."""
    for name, service in read_yaml(folder / "compose.yaml")["services"].items():
        if name != "proxy":
            grace = int(service["stop_grace_period"].removesuffix("s"))
            yield f"compose {name}", service["command"], mebibytes(service["mem_limit"]), grace
    pod = read_yaml(folder / "kubernetes" / "deployment.yaml")["spec"]["template"]["spec"]
    own = container(folder)
    grace = pod["terminationGracePeriodSeconds"] - own["lifecycle"]["preStop"]["sleep"]["seconds"]
    yield "kubernetes", own["args"], mebibytes(own["resources"]["limits"]["memory"]), grace
    service = read_unit(folder / "systemd" / "cicakg.service")["Service"]
    arguments = shlex.split(service["ExecStart"].replace("\\\n", " "))[1:]
    yield "systemd", arguments, mebibytes(service["MemoryMax"]), int(service["TimeoutStopSec"])


def read_unit(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Read a unit of systemd."""
    parser = configparser.RawConfigParser(strict=False, inline_comment_prefixes=())
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(path.read_text(encoding="utf-8").replace("\\\n", " "))
    return {name: dict(parser[name]) for name in parser.sections()}


def options(arguments: Sequence[str]) -> dict[str, str]:
    """The options of a command line, with their values."""
    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--") else [word])]
    found = {}
    for place, word in enumerate(words):
        if word.startswith("--"):
            follows = words[place + 1] if place + 1 < len(words) else ""
            found[word] = "" if follows.startswith("--") else follows
    return found
