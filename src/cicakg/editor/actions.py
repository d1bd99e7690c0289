"""What mends a finding, as quick fixes; and all that is safe, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lsprotocol import types

from cicakg.checks.templates import said
from cicakg.editor.buffers import Buffer
from cicakg.editor.encoding import Extent
from cicakg.editor.messages import Mark, Mending, Replacement
from cicakg.editor.wire import range_of

FIX_ALL: Final = "source.fixAll.cicakg"


def actions(
    buffer: Buffer,
    marks: Sequence[Mark],
    extent: Extent,
    wanted: Sequence[str] | None,
    show: Callable[[Mark], types.Diagnostic],
    has_versions: bool,
    language: str,
) -> list[types.CodeAction]:
    """Return what can be done in *extent* of *buffer*, whose findings are *marks*.

    *wanted* are the kinds the editor asks for (all, if none); *has_versions* is whether it understands edits
    of one version of a text. The titles of *marks* are in *language* already.
    """
    found: list[types.CodeAction] = []
    if _is_wanted(types.CodeActionKind.QuickFix, wanted):
        for mark in marks:
            if mark.extent.touches(extent):
                found.extend(_quick_fixes(buffer, mark, show(mark), has_versions))
    safe = safe_replacements(marks)
    if safe and _is_wanted(FIX_ALL, wanted):
        edit = _edit(buffer, safe, has_versions)
        found.append(types.CodeAction(said("editor/fix-all", language), kind=FIX_ALL, edit=edit))
    return found


def safe_replacements(marks: Iterable[Mark]) -> list[Replacement]:
    """Return the replacements of the first safe mending of each of *marks*, as far as none overlap."""
    chosen: list[Replacement] = []
    for mark in marks:
        mending = next((one for one in mark.mendings if one.is_safe), None)
        if mending is not None and not _meets(mending, chosen):
            chosen.extend(one for one in mending.replacements if one not in chosen)
    return sorted(chosen, key=lambda one: one.extent)


def _meets(mending: Mending, chosen: Sequence[Replacement]) -> bool:
    """Whether *mending* changes what one of *chosen* changes, in another way."""
    return any(
        (one.extent.start < other.extent.end and other.extent.start < one.extent.end)
        or one.extent.start == other.extent.start
        for one in mending.replacements
        for other in chosen
        if one != other
    )


def _quick_fixes(
    buffer: Buffer, mark: Mark, shown: types.Diagnostic, has_versions: bool
) -> Iterable[types.CodeAction]:
    for number, one in enumerate(mark.mendings):
        yield types.CodeAction(
            title=one.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[shown],
            is_preferred=number == 0 or None,
            edit=_edit(buffer, one.replacements, has_versions),
        )


def _edit(buffer: Buffer, replacements: Iterable[Replacement], has_versions: bool) -> types.WorkspaceEdit:
    edits = [types.TextEdit(range_of(one.extent), one.text) for one in replacements]
    if not has_versions:
        return types.WorkspaceEdit(changes={buffer.uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=buffer.uri, version=buffer.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [*edits])])


def _is_wanted(kind: str, wanted: Sequence[str] | None) -> bool:
    return not wanted or any(kind == one or kind.startswith(f"{one}.") for one in wanted)
