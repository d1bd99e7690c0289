"""A snapshot built on disk, whatever its size, in bounded memory."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import BlankNode, DefaultGraph, Quad, RdfFormat, Store, parse, serialize

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.sparql.counting import Counts
from cicakg.store.counts import take_counts
from cicakg.store.integrity import file_records
from cicakg.store.manifest import DATASET, NAME, STORE, VOID, Manifest, Openers, encode
from cicakg.store.opening import find_openers, raise_file_limit
from cicakg.store.placing import folder_beside
from cicakg.store.snapshot import dataset_quads, unreadable
from cicakg.store.sorting import LineSorter
from cicakg.vocab import GRAPH_VOID

_NOT_NEEDED: Final = ("LOG*", "LOCK")  # the engine's diary names folders of the machine that built it
_SAMPLE: Final = 20_000

Tell = Callable[[str], None]


def build_dataset(folder: DatasetFolder, out: Path, tell: Tell) -> Manifest:
    """Build the snapshot of the dataset in *folder* at *out*, with what the pages need of its files.

    *tell* hears what is being done. Raises :class:`CicakgError` as :func:`cicakg.store.dataset_quads` does,
    and where *out* cannot be written or holds something else. Nothing is left of a build that fails.
    """
    with folder_beside(out) as beside:
        tell("reading the dataset")
        quads = dataset_quads(folder)
        _copy_site(folder, DatasetFolder(beside / DATASET))
        return _build(quads, beside, tell)


def build_files(paths: tuple[Path, ...], out: Path, tell: Tell) -> Manifest:
    """Build the snapshot of RDF files at *out*, as they stand; else as :func:`build_dataset`.

    A blank node belongs to its file: where there are several files, its label gets the number of its file.
    """
    with folder_beside(out) as beside:
        tell("reading " + ", ".join(path.name for path in paths))
        return _build(_read_files(paths), beside, tell)


def _build(quads: Iterable[Quad], folder: Path, tell: Tell) -> Manifest:
    raise_file_limit()
    place = folder / STORE
    with _disk_faults(folder):
        store = Store(str(place))
        store.bulk_extend(quads)
        tell("taking the fingerprint")
        summary = _summarise(store, folder)
        tell("merging the graphs")
        store.bulk_extend(_merge(store))
        tell("compacting")
        store.optimize()
        store.flush()
        stored_count = len(store)
        tell("counting")
        counts = take_counts(store)
        (folder / VOID).write_bytes(_description(store))
        del store
    for pattern in _NOT_NEEDED:
        for path in place.glob(pattern):
            path.unlink()
    tell("finding what opens every file")
    openers = find_openers(place, summary.sample)
    tell("taking checksums")
    return _write_manifest(folder, summary, stored_count, counts, openers)


@dataclass(slots=True)
class _Summary:
    """What the sorted lines of a store say of it, with a sample of them."""

    fingerprint: str = ""
    quad_count: int = 0
    has_blank_nodes: bool = False
    sample: list[bytes] = field(default_factory=list)


def _summarise(store: Store, folder: Path) -> _Summary:
    """Read the lines of *store* sorted; *folder* takes what does not fit in memory."""
    with LineSorter(folder) as lines:
        store.dump(cast("IO[bytes]", lines), RdfFormat.N_QUADS)
        return _summarise_lines(lines)


def _summarise_lines(lines: Iterable[bytes]) -> _Summary:
    found = _Summary()
    digest = hashlib.sha256()
    chance = random.Random(0)  # noqa: S311  # a sample, and the same one each time
    for line in lines:
        digest.update(line)
        found.quad_count += 1
        if b"_:" in line:
            found.has_blank_nodes = True
        if len(found.sample) < _SAMPLE:
            found.sample.append(line)
        elif (place := int(chance.random() * found.quad_count)) < _SAMPLE:
            found.sample[place] = line
    found.fingerprint = digest.hexdigest()
    return found


def _merge(store: Store) -> Iterator[Quad]:
    """Yield the RDF merge of the named graphs of *store*, as its default graph."""
    default = DefaultGraph()
    for one in store:
        if one.graph_name != default:
            yield Quad(one.subject, one.predicate, one.object, default)


def _description(store: Store) -> bytes:
    found = store.quads_for_pattern(None, None, None, GRAPH_VOID)
    return serialize((quad.triple for quad in found), format=RdfFormat.N_TRIPLES) or b""


def _write_manifest(
    folder: Path, summary: _Summary, stored_count: int, counts: Counts, openers: Openers
) -> Manifest:
    manifest = Manifest(
        cicakg=version("cicakg"),
        pyoxigraph=version("pyoxigraph"),
        fingerprint=summary.fingerprint,
        quad_count=summary.quad_count,
        stored_count=stored_count,
        has_blank_nodes=summary.has_blank_nodes,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        files=file_records(folder),
        counts=counts,
        openers=openers,
    )
    (folder / NAME).write_bytes(encode(manifest))
    return manifest


def _copy_site(source: DatasetFolder, target: DatasetFolder) -> None:
    """Copy the files that :func:`cicakg.web.site.read_site` reads."""
    wanted = [*source.ontology.glob("*.ttl"), *source.queries.glob("*.rq"), source.guideline]
    for path in wanted:
        if path.is_file():
            copy = target.root / path.relative_to(source.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _read_files(paths: tuple[Path, ...]) -> Iterator[Quad]:
    for number, path in enumerate(paths, start=1):
        try:
            for quad in parse(path=path):
                yield quad if len(paths) == 1 else _renamed(quad, number)
        except (OSError, SyntaxError, ValueError) as error:
            raise unreadable(path, error) from error


def _renamed(quad: Quad, number: int) -> Quad:
    """Return *quad* with the number of its file in its blank nodes' labels: up to the first low line."""
    subject, value, graph = quad.subject, quad.object, quad.graph_name
    return Quad(
        BlankNode(f"f{number}_{subject.value}") if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        BlankNode(f"f{number}_{value.value}") if isinstance(value, BlankNode) else value,
        BlankNode(f"f{number}_{graph.value}") if isinstance(graph, BlankNode) else graph,
    )


@contextmanager
def _disk_faults(folder: Path) -> Iterator[None]:
    """Say it in words where the engine finds the disk full or broken."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise CicakgError(
            "output-unwritable",
            f"The snapshot cannot be written in {folder.parent}: {error}.",
            "Make room on that disk, or name a folder on another one.",
        ) from error
