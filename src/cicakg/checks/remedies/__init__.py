"""What mends a finding, as edits of its file.

:func:`remedies` gives them for one finding; :class:`Contexts` knows its file and the names there are.
"""

from __future__ import annotations

from cicakg.checks.remedies.context import Background, Context, Contexts, context_of
from cicakg.checks.remedies.registry import remedies, with_remedies

__all__ = ["Background", "Context", "Contexts", "context_of", "remedies", "with_remedies"]
