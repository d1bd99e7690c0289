"""The lint of the shapes: everything that is wrong with them, before they are run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cicakg.checks.shape_lint.constraints import constraint_findings
from cicakg.checks.shape_lint.expressions import pattern_findings
from cicakg.checks.shape_lint.features import feature_findings
from cicakg.checks.shape_lint.lists import list_findings
from cicakg.checks.shape_lint.local_shapes import locality_findings
from cicakg.checks.shape_lint.paths import path_findings
from cicakg.checks.shape_lint.prefixes import prefix_findings
from cicakg.checks.shape_lint.queries import query_findings
from cicakg.checks.shape_lint.records import record_findings
from cicakg.checks.shape_lint.references import reference_findings
from cicakg.checks.shape_lint.shape_files import ShapeFiles
from cicakg.checks.shape_lint.targets import target_findings
from cicakg.checks.vocabulary import Vocabulary
from cicakg.model import Finding
from cicakg.turtle import TurtleDocument


def shape_lint_findings(
    documents: Mapping[Path, TurtleDocument], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Yield what is wrong with the shapes in *documents*, all files of shapes by path.

    What depends on the words of the dataset is judged by *vocabulary*, as far as that is whole. Nothing is
    run or fetched. Unknown terms are told by :func:`cicakg.checks.terms.shape_term_findings`.
    """
    files = ShapeFiles(documents)
    yield from feature_findings(files)
    yield from list_findings(files)
    yield from reference_findings(files)
    yield from target_findings(files, vocabulary)
    yield from path_findings(files, vocabulary)
    yield from constraint_findings(files)
    yield from pattern_findings(files)
    yield from prefix_findings(files)
    yield from query_findings(files)
    yield from locality_findings(files)
    yield from record_findings(files)
