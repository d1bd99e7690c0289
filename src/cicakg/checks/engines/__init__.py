"""The engines that hold data against shapes (https://www.w3.org/TR/shacl/), behind one port.

pySHACL is the judge. The fast engine says the same sooner: it hands whatever it does not know to the judge,
and the tests hold the two together. See docs/decisions/0007-two-shacl-engines.md.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

from cicakg.checks.engines.port import Engine
from cicakg.errors import CicakgError

EngineName = Literal["auto", "fast", "pyshacl"]


def engine_named(name: EngineName = "auto") -> Engine:
    """Return the engine called *name*; "auto" is the fast one where it is installed.

    Raises :class:`CicakgError` (``engine-missing``) where the fast one is asked for and is not there.
    """
    is_there = find_spec("shacl") is not None
    if name == "fast" and not is_there:
        raise CicakgError(
            "engine-missing",
            "The fast engine is not installed.",
            "Install it with pip install 'cicakg[fast]', or take whichever is there: engine_named().",
        )
    if is_there and name != "pyshacl":
        from cicakg.checks.engines.fast import FastEngine  # noqa: PLC0415 - only where it is installed

        return FastEngine()
    from cicakg.checks.engines.reference import ReferenceEngine  # noqa: PLC0415 - 0.3 s, often not needed

    return ReferenceEngine()
