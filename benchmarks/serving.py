"""How fast queries are answered over HTTP: cicakg, oxigraph, Virtuoso and rdflib-endpoint on the same data.

    python benchmarks/serving.py [--quick] [--sizes 10000,100000,1000000] [--output FOLDER]

Writes performance.md and plots (SVG) to FOLDER, by default docs/. Needs ``wrk`` and ``virtuoso-t`` with
``isql-vt`` (Debian: wrk, virtuoso-opensource; nothing of it has to run). Installs ``rdflib-endpoint`` from
PyPI into a virtual environment in a temporary folder. ``--quick`` measures 10,000 statements in short rounds
and prints the page instead. A server that is not there is left out, and the page says so.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Final

from endpoints.aims import alone_of
from endpoints.answers import Rows
from endpoints.comparing import Comparison
from endpoints.figures import Replacing, Sized
from endpoints.load import LoadError, Rounds
from endpoints.material import Material, make_material
from endpoints.page import NAMES, Setting, write_page
from endpoints.plots import plot
from endpoints.questions import QUESTIONS
from endpoints.replacing import measure_replacing
from endpoints.servers import Server, all_servers, install_rdflib_endpoint

from cicakg.errors import CicakgError
from cicakg.web.keeping import DEFAULT_BYTES

PROJECT: Final = Path(__file__).resolve().parent.parent
SIZES: Final = (10_000, 100_000, 1_000_000)
QUICK: Final = Rounds(seconds=1, most=1, patience=20)


def main() -> None:
    """Measure, and write the page."""
    wanted = _arguments()
    sizes: Sequence[int] = [int(one) for one in wanted.sizes.split(",")] if wanted.sizes else SIZES
    rounds = Rounds()
    if wanted.quick:
        sizes, rounds = sizes if wanted.sizes else SIZES[:1], QUICK
    machine = _machine()
    with tempfile.TemporaryDirectory(prefix="serving-") as name:
        folder = Path(name)
        program, installed = install_rdflib_endpoint(folder / "peers")
        servers = all_servers(program, DEFAULT_BYTES)
        if wanted.only:
            servers = tuple(one for one in servers if one.name in wanted.only.split(";"))
        measured = [_measure(folder / str(one), one, servers, rounds) for one in sizes]
    setting = Setting(machine, _versions(installed), rounds.seconds)
    _write(
        measured, setting, None if wanted.quick and not wanted.output else wanted.output or PROJECT / "docs"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10,000 statements, short rounds, printed")
    parser.add_argument("--sizes", help="numbers of statements, with commas")
    parser.add_argument("--only", help="names of servers, with semicolons")
    parser.add_argument("--output", type=Path, help="folder of performance.md and plots/")
    return parser.parse_args()


def _measure(folder: Path, size: int, servers: tuple[Server, ...], rounds: Rounds) -> Sized:
    folder.mkdir()
    _note(f"making {size:,} statements")
    material = make_material(folder, size)
    comparison = Comparison(material, folder, rounds, _note)
    expected: dict[str, Rows] = {}
    served = [comparison.serve(one, expected) for one in servers]
    _note("cicakg: hop and killed workers")
    replacing = _replacing(material, folder)
    shutil.rmtree(folder)
    return Sized(material.quads, material.triples, material.articles, served, replacing)


def _replacing(material: Material, folder: Path) -> Replacing | None:
    try:
        return measure_replacing(material, folder)
    except (LoadError, CicakgError, TimeoutError) as fault:
        _note(f"cicakg: hop and killed workers could not be measured: {fault}")
        return None


def _write(measured: list[Sized], setting: Setting, output: Path | None) -> None:
    """Write page and plots to *output*, each beside its place and then moved there; or print the page."""
    drawings = {one.quads: f"plots/serving-{_about(one.quads)}.svg" for one in measured}
    page = write_page(measured, setting, drawings if output is not None else {})
    if output is None:
        print(page)
        return
    for one in measured:
        rows = {
            question.kind: {
                name: timing.p50 if (timing := alone_of(one, name, question.kind)) is not None else None
                for name in NAMES
            }
            for question in QUESTIONS
        }
        drawn = plot(f"{one.quads:,} statements: p50 of a client alone", rows, NAMES)
        _replace(output / drawings[one.quads], drawn)
    _replace(output / "performance.md", page)


def _about(count: int) -> str:
    """Return *count* to one digit, in thousands: ``10k`` for 9,988."""
    return f"{float(f'{count:.1g}') / 1000:g}k"


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} CPUs ({model}), {memory:.0f} GiB of memory, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; load of the last "
        f"minute before the first measurement: {os.getloadavg()[0]:.1f}"
    )


def _versions(installed: Mapping[str, str]) -> dict[str, str]:
    found = {name: version(name) for name in ("cicakg", "pyoxigraph", "oxigraph")}
    found |= {name: installed.get(name, "?") for name in ("rdflib-endpoint", "rdflib")}
    found["Virtuoso"] = _virtuoso_version()
    return found


def _virtuoso_version() -> str:
    try:
        said = subprocess.run(["virtuoso-t", "-?"], check=False, capture_output=True, text=True, timeout=20)
    except OSError:
        return "not installed"
    words = (said.stdout + said.stderr).split()
    return next((after for word, after in pairwise(words) if word == "Version"), "?")


def _note(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
