"""Shapes of one article that depend on more than what is reached from their node."""

from __future__ import annotations

from collections.abc import Iterator

from cicakg.checks.locality import NonLocalPart, ShapeTriples
from cicakg.checks.shape_catalogue import SHAPE_LOCAL
from cicakg.checks.shape_lint.queries import select_findings
from cicakg.checks.shape_lint.references import has_target
from cicakg.checks.shape_lint.shape_files import Said, ShapeFiles
from cicakg.checks.sources import is_whole
from cicakg.model import Finding


def locality_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield what is not local in the shapes of one article; of each query the first part."""
    triples = ShapeTriples(tuple(one.located for one in files.triples))
    said = {id(one.located): one for one in files.triples}
    seen: set[int] = set()
    for shape in files.shapes:
        if is_whole(files.by_subject[shape][0].path) or not has_target(files, shape):
            continue
        for part in sorted(triples.non_local_parts(shape), key=lambda one: one.offset or 0):
            one = said[id(part.triple)]
            if id(part.triple) not in seen and not _is_told(files, one, part):
                seen.add(id(part.triple))
                yield _finding(one, part)


def _is_told(files: ShapeFiles, one: Said, part: NonLocalPart) -> bool:
    """Whether another rule says already what is the matter."""
    if part.case == "unread":
        return any(select_findings(files, one, is_target=True))
    return part.case == "elsewhere"


def _finding(one: Said, part: NonLocalPart) -> Finding:
    values = {"node": part.value, "word": part.value, "property": part.value}
    if part.offset is None:
        return one.at_predicate(SHAPE_LOCAL, part.case, **values)
    return one.within(SHAPE_LOCAL, part.offset, part.case, **values)
