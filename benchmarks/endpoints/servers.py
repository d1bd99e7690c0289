"""The servers compared: how each is given the data, started and asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from endpoints.material import Material
from endpoints.virtuoso import Virtuoso

BIN: Final = Path(sys.executable).parent
CICAKG: Final = "cicakg"
KEEPING: Final = "cicakg, repeated"
OXIGRAPH: Final = "oxigraph"
RDFLIB: Final = "rdflib-endpoint"
VIRTUOSO: Final = "virtuoso"


class Server(Protocol):
    """A SPARQL server. ``endpoint`` is the path of its endpoint, ``extra`` what a query's address ends in."""

    @property
    def name(self) -> str:
        """What it is called in the tables."""

    @property
    def endpoint(self) -> str:
        """The path of its SPARQL endpoint."""

    @property
    def extra(self) -> str:
        """What every address ends in, so that the default graph is the merge of all graphs."""

    def load(self, material: Material, folder: Path) -> None:
        """Put the data where the server will find them, where it does not read them when it starts."""

    def command(self, material: Material, folder: Path, port: int) -> Sequence[str]:
        """Return the command that serves at *port* of 127.0.0.1."""


@dataclass(frozen=True, slots=True)
class Cicakg:
    """``cicakg serve``, with its result cache or without; all else as it comes."""

    name: str
    cache_bytes: int
    endpoint: str = "/sparql"
    extra: str = ""

    def load(self, material: Material, folder: Path) -> None:
        """It reads the data when it starts."""

    def command(self, material: Material, folder: Path, port: int) -> Sequence[str]:  # noqa: ARG002
        """Serve the named graphs; it makes their merge by itself."""
        served = ("serve", "--data", str(material.named), "--port", str(port))
        return (sys.executable, "-m", "cicakg", *served, "--cache-bytes", str(self.cache_bytes))


@dataclass(frozen=True, slots=True)
class Oxigraph:
    """``oxigraph serve-read-only`` over its store on disk, optimised as its help says for much reading."""

    name: str = OXIGRAPH
    endpoint: str = "/query"
    extra: str = ""

    def load(self, material: Material, folder: Path) -> None:
        """Load named graphs and merge into a store."""
        program, store = str(BIN / "oxigraph"), str(folder / "oxigraph")
        for command in (
            (program, "load", "--location", store, "--file", str(material.whole)),
            (program, "optimize", "--location", store),
        ):
            subprocess.run(command, check=True, capture_output=True, timeout=600)

    def command(self, material: Material, folder: Path, port: int) -> Sequence[str]:  # noqa: ARG002
        """Serve the store."""
        place = ("--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}")
        return (str(BIN / "oxigraph"), "serve-read-only", *place)


@dataclass(frozen=True, slots=True)
class RdflibEndpoint:
    """``rdflib-endpoint serve`` with its default store, in memory; *program* is where it is installed."""

    program: Path
    name: str = RDFLIB
    endpoint: str = "/"
    extra: str = ""

    def load(self, material: Material, folder: Path) -> None:
        """It reads the data when it starts."""

    def command(self, material: Material, folder: Path, port: int) -> Sequence[str]:  # noqa: ARG002
        """Serve the named graphs; its default graph is their union."""
        return (str(self.program), "serve", str(material.named), "--host", "127.0.0.1", "--port", str(port))


def all_servers(rdflib_endpoint: Path, cache_bytes: int) -> tuple[Server, ...]:
    """Return every server, in the order of the tables; *cache_bytes* is what the one that keeps answers may
    keep.
    """
    return (
        Cicakg(CICAKG, 0),
        Cicakg(KEEPING, cache_bytes),
        Oxigraph(),
        Virtuoso(VIRTUOSO),
        RdflibEndpoint(rdflib_endpoint),
    )


def install_rdflib_endpoint(folder: Path) -> tuple[Path, Mapping[str, str]]:
    """Install rdflib-endpoint from PyPI into a virtual environment of its own in *folder*; return the
    program, and the versions of what was installed.
    """
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=300)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--quiet", "rdflib-endpoint[cli]"], check=True, timeout=600, env=_quiet()
    )
    listed = subprocess.run(
        [*pip, "list", "--format", "freeze"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=_quiet(),
    ).stdout
    versions = dict(line.split("==", 1) for line in listed.splitlines() if "==" in line)
    return folder / "bin" / "rdflib-endpoint", versions


def _quiet() -> dict[str, str]:
    return {**os.environ, "PIP_NO_INPUT": "1"}
