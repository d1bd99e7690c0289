"""The one exception type for faults in a request or a command.

A fault in *data* is a :class:`cicakg.model.Finding`; a fault in a *request or command* is a
:class:`CicakgError`; anything else is our own fault and is reported as such (exit code 3, HTTP status 500).
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command tells the shell."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    OUR_FAULT = 3


class CicakgError(Exception):
    """A request or command that cannot be carried out, with a sentence that says what to do.

    ``code`` is a stable kebab-case name (the web layer's error table maps it to a status), ``detail`` says
    what is wrong and where, ``fix`` says what the caller can do. Both are full sentences for a person.
    """

    def __init__(self, code: str, detail: str, fix: str) -> None:
        super().__init__(f"{detail} {fix}")
        self.code = code
        self.detail = detail
        self.fix = fix

    def __reduce__(self) -> tuple[type[CicakgError], tuple[str, str, str]]:
        """Pickle by the three parts, so that it can come out of a child process."""
        return type(self), (self.code, self.detail, self.fix)
