"""Findings as the protocol's diagnostics."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lsprotocol import types

from cicakg.editor.messages import Mark
from cicakg.editor.wire import range_of
from cicakg.model import Severity

SOURCE: Final = "cicakg"

_SEVERITIES: Final = {
    Severity.VIOLATION: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_TAGS: Final = {
    "claim-duplicate": types.DiagnosticTag.Unnecessary,
    "deprecated-used": types.DiagnosticTag.Deprecated,
    "entity-unused": types.DiagnosticTag.Unnecessary,
    "exception-unused": types.DiagnosticTag.Unnecessary,
    "label-repeated": types.DiagnosticTag.Unnecessary,
    "quotation-unused": types.DiagnosticTag.Unnecessary,
}


def diagnostic(mark: Mark, uri: Callable[[Path], str], rules_url: str) -> types.Diagnostic:
    """Return *mark* as a diagnostic; *uri* names files, *rules_url* is the rules' public page, if any."""
    return types.Diagnostic(
        range=range_of(mark.extent),
        message=f"{mark.message} {mark.fix}".strip(),
        severity=_SEVERITIES[mark.severity],
        code=mark.code,
        code_description=types.CodeDescription(f"{rules_url}#{mark.code}") if rules_url else None,
        source=SOURCE,
        tags=[_TAGS[mark.code]] if mark.code in _TAGS else None,
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(uri(one.path), range_of(one.extent)), one.message
            )
            for one in mark.elsewhere
        ]
        or None,
    )
