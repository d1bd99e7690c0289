"""What is offered at the cursor, as the protocol's completion items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lsprotocol import types

from cicakg.editor.buffers import Buffer
from cicakg.editor.cursor import Cursor, cursor_at
from cicakg.editor.encoding import Encoding, extent_of, offset_of, point_of
from cicakg.editor.names import Known
from cicakg.editor.offers import Offer, OfferKind, offers
from cicakg.editor.prefixes import declaration
from cicakg.editor.wire import point_of as point_from
from cicakg.editor.wire import range_of
from cicakg.editor.wording import described_in_words
from cicakg.terminal import isolated

TRIGGERS: Final = (":", "@", "^")
"""The characters behind which an editor asks by itself; letters need no mention."""

_KINDS: Final = {
    OfferKind.ENTITY: types.CompletionItemKind.Value,
    OfferKind.CONCEPT: types.CompletionItemKind.EnumMember,
    OfferKind.CLASS: types.CompletionItemKind.Class,
    OfferKind.PROPERTY: types.CompletionItemKind.Property,
    OfferKind.PREFIX: types.CompletionItemKind.Module,
    OfferKind.TAG: types.CompletionItemKind.Keyword,
    OfferKind.DATATYPE: types.CompletionItemKind.Unit,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what is offered: how the editor counts characters, the person's language, and whether the
    editor shows Markdown.
    """

    encoding: Encoding
    language: str
    is_markdown: bool


def completion(
    buffer: Buffer,
    position: types.Position,
    known: Known,
    reader: Reader,
) -> types.CompletionList:
    """Return what is offered to *reader* at *position* of *buffer*, the best first."""
    offset = offset_of(buffer.source, point_from(position), reader.encoding)
    cursor = None if buffer.is_too_big else cursor_at(buffer.source.text, offset)
    found: Sequence[Offer] = ()
    if cursor is not None:
        found = offers(cursor, known, dict(buffer.scan.prefixes))
    items = [
        _item(one, number, buffer, cursor, known, reader)
        for number, one in enumerate(found)
        if cursor is not None
    ]
    # The editor narrows a complete list down by its own idea of likeness, which knows no other scripts.
    return types.CompletionList(is_incomplete=True, items=items)


def _item(
    one: Offer,
    number: int,
    buffer: Buffer,
    cursor: Cursor,
    known: Known,
    reader: Reader,
) -> types.CompletionItem:
    described = one.described
    extent = extent_of(buffer.source, cursor.start, cursor.end, reader.encoding)
    is_deprecated = described is not None and described.is_deprecated
    return types.CompletionItem(
        label=one.text,
        kind=_KINDS[one.kind],
        detail=_detail(one, known, reader.language),
        documentation=_documentation(one, known, reader),
        tags=[types.CompletionItemTag.Deprecated] if is_deprecated else None,
        sort_text=f"{number:04}",
        filter_text=cursor.word or None,
        text_edit=types.TextEdit(range_of(extent), one.text),
        additional_text_edits=_declaring(one, buffer, reader.encoding),
    )


def _detail(one: Offer, known: Known, language: str) -> str | None:
    """Return what an offer is called for a reader of *language*, its class, and the name it was found by."""
    if one.described is None:
        return None
    label, kind = one.described.label(language), known.kind(one.described)
    detail = f"{isolated(label)}, {kind}" if kind else isolated(label)
    is_other = one.label is not None and one.label.text != label
    return f"{detail} · {isolated(one.label.text)}" if one.label is not None and is_other else detail


def _documentation(one: Offer, known: Known, reader: Reader) -> types.MarkupContent | None:
    if one.described is None:
        return None
    kind = types.MarkupKind.Markdown if reader.is_markdown else types.MarkupKind.PlainText
    words = described_in_words(one.described, known, reader.is_markdown, reader.language)
    return types.MarkupContent(kind, words)


def _declaring(one: Offer, buffer: Buffer, encoding: Encoding) -> list[types.TextEdit] | None:
    if one.missing is None:
        return None
    line = declaration(*one.missing, buffer.source.text, buffer.scan)
    at = point_of(buffer.source, line.offset, encoding)
    place = types.Position(at.line, at.character)
    return [types.TextEdit(types.Range(place, place), line.text)]
