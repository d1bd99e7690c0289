"""Where a term is described, where it is used, and what a file holds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

from lsprotocol import types

from cicakg.corpus import source_paths
from cicakg.editor.buffers import BIGGEST, Buffer
from cicakg.editor.encoding import Encoding, extent_of
from cicakg.editor.fitting import is_claim
from cicakg.editor.names import Known
from cicakg.editor.scanning import Statement, scan
from cicakg.editor.wire import range_of, uri_of
from cicakg.editor.wording import claim_in_words, term_in_words
from cicakg.paths import DatasetFolder
from cicakg.turtle import SourceText
from cicakg.vocab import RDF_TYPE, term


def definition(
    iri: str, buffer: Buffer, known: Known, uri: Mapping[Path, str], encoding: Encoding
) -> types.Location | None:
    """Return where *iri* is described: in *buffer* itself, or in a file of the ontology or the entities."""
    here = buffer.scan.by_subject.get(iri)
    if here is not None:
        token = here.subject.token
        return types.Location(
            buffer.uri, range_of(extent_of(buffer.source, token.offset, token.end, encoding))
        )
    found = known.by_iri.get(iri)
    file = known.file_of(found) if found is not None else None
    if found is None or file is None:
        return None
    return types.Location(uri.get(found.path, uri_of(found.path)), range_of(file.extent(found, encoding)))


async def references(
    iri: str,
    folder: DatasetFolder,
    buffers: Mapping[Path, Buffer],
    encoding: Encoding,
    with_subjects: bool,
) -> list[types.Location]:
    """Return where *iri* stands in the files of *folder* and the open texts *buffers*; where it is described
    only with *with_subjects*.
    """
    return await asyncio.to_thread(
        lambda: list(_references(iri, folder, dict(buffers), encoding, with_subjects))
    )


def _references(
    iri: str, folder: DatasetFolder, buffers: dict[Path, Buffer], encoding: Encoding, with_subjects: bool
) -> Iterator[types.Location]:
    paths = dict.fromkeys([path.resolve() for path, _ in source_paths(folder)] + list(buffers))
    needle = iri.rpartition("#")[2].rpartition("/")[2]
    for path in paths:
        buffer = buffers.get(path)
        source = buffer.source if buffer is not None else _source(path)
        if needle not in source.text:
            continue
        found = buffer.scan if buffer is not None else scan(source.text)
        subjects = {one.subject.token.offset for one in found.statements}
        uri = buffer.uri if buffer is not None else uri_of(path)
        for one in found.terms:
            if one.iri == iri and (with_subjects or one.token.offset not in subjects):
                yield types.Location(
                    uri, range_of(extent_of(source, one.token.offset, one.token.end, encoding))
                )


def _source(path: Path) -> SourceText:
    try:
        if path.stat().st_size > BIGGEST:
            return SourceText("")
        return SourceText(path.read_bytes().decode("utf-8-sig", errors="replace"))
    except OSError:  # deleted meanwhile
        return SourceText("")


def symbols(buffer: Buffer, known: Known, encoding: Encoding, language: str) -> list[types.DocumentSymbol]:
    """Return what *buffer* holds: claims in words, entities by their labels, anything else by its class."""
    return [_symbol(one, buffer, known, encoding, language) for one in buffer.scan.statements if one.pairs]


def _symbol(
    one: Statement, buffer: Buffer, known: Known, encoding: Encoding, language: str
) -> types.DocumentSymbol:
    token = one.subject.token
    name = token.text.removeprefix("<").removesuffix(">") or buffer.uri.rpartition("/")[2]
    classes = ", ".join(value.token.text for value in one.values(RDF_TYPE.value))
    if is_claim(one):
        name, kind = f"{name} {claim_in_words(one, known, language)}", types.SymbolKind.Event
    else:
        kind = _kind(one)
        label = term_in_words(one.subject, known, language)
        name = name if label in (token.text, "") else f"{name} {label}"
    return types.DocumentSymbol(
        name=name,
        kind=kind,
        range=range_of(extent_of(buffer.source, token.offset, one.end, encoding)),
        selection_range=range_of(extent_of(buffer.source, token.offset, token.end, encoding)),
        detail=classes or None,
    )


def _kind(one: Statement) -> types.SymbolKind:
    types_of = {value.iri for value in one.values(RDF_TYPE.value)}
    if term("owl:Class").value in types_of:
        return types.SymbolKind.Class
    if types_of & {term("owl:ObjectProperty").value, term("owl:DatatypeProperty").value}:
        return types.SymbolKind.Property
    return types.SymbolKind.Object
