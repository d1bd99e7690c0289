"""What shapes may say and this program never follows: imports, scripts, inference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cicakg.checks.shacl_terms import is_refused_feature
from cicakg.checks.shape_catalogue import SHAPE_REFUSED
from cicakg.checks.shape_lint.shape_files import ShapeFiles
from cicakg.model import Finding
from cicakg.vocab import term

_IMPORTS: Final = term("owl:imports").value


def feature_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield the uses of features that fetch, run or add something."""
    for one in files.triples:
        predicate = one.located.triple.predicate
        if one.predicate == _IMPORTS or is_refused_feature(one.predicate):
            yield one.at_predicate(SHAPE_REFUSED, feature=predicate)
        elif is_refused_feature(one.text):
            yield one.at_object(SHAPE_REFUSED, feature=one.value)
