"""The claims as a table: one row a claim, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from cicakg.languages import choose
from cicakg.vocab import CLAIM, EVIDENCE, RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT, RDF_TYPE, term

Term: TypeAlias = object
Properties: TypeAlias = Mapping[NamedNode, Sequence[Term]]

COLUMNS: Final = (
    "article",
    "article_language",
    "claim",
    "subject",
    "subject_label",
    "predicate",
    "predicate_label",
    "object",
    "object_label",
    "object_language",
    "object_datatype",
    "modality",
    "negated",
    "as_of",
    "comparator",
    "attributed_to",
    "quoted_in",
    "basis",
    "status",
    "conflicts_with",
    "evidence",
    "comment",
)
_LABELS: Final = (term("skos:prefLabel"), term("rdfs:label"))


def claims_table(quads: Iterable[Quad], labels_from: Iterable[Quad]) -> str:
    """Return the claims among *quads* as RFC 4180 CSV, in the order of their IRIs.

    Columns are :data:`COLUMNS`. IRIs are full; several values of one cell are separated by a space;
    ``evidence`` holds spans as ``start-end`` in code points. Labels are English where there are any, taken
    from *labels_from* (the whole dataset).
    """
    properties = _by_subject(quads)
    labels = _Labels(_by_subject(labels_from))
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    claims = sorted(subject for subject, held in properties.items() if CLAIM in held.get(RDF_TYPE, ()))
    for claim in claims:
        writer.writerow(_row(claim, properties, labels))
    return table.getvalue()


def _by_subject(quads: Iterable[Quad]) -> dict[str, dict[NamedNode, list[Term]]]:
    found: dict[str, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            values = found[quad.subject.value][quad.predicate]
            if quad.object not in values:
                values.append(quad.object)
    return found


class _Labels:
    """One English label for each IRI that has labels, else the empty string."""

    def __init__(self, properties: Mapping[str, Properties]) -> None:
        self._properties = properties

    def of(self, node: Term) -> str:
        if not isinstance(node, NamedNode):
            return ""
        held = self._properties.get(node.value, {})
        for predicate in _LABELS:
            texts = {t.language or "": t.value for t in held.get(predicate, ()) if isinstance(t, Literal)}
            if texts:
                return choose(texts, ["en"])[1]
        return ""


def _row(claim: str, properties: Mapping[str, Properties], labels: _Labels) -> dict[str, str]:
    held = properties[claim]
    article = claim.partition("#")[0]
    target = next(iter(held.get(RDF_OBJECT, ())), None)
    one = {
        "article": article,
        "article_language": _cell(properties.get(article, {}), term("dcterms:language")),
        "claim": claim,
        "object_language": (target.language or "") if isinstance(target, Literal) else "",
        "object_datatype": target.datatype.value if isinstance(target, Literal) else "",
        "evidence": " ".join(sorted((_offsets(span) for span in held.get(EVIDENCE, ())), key=_by_start)),
    }
    for column, predicate in (("subject", RDF_SUBJECT), ("predicate", RDF_PREDICATE), ("object", RDF_OBJECT)):
        one[column] = _cell(held, predicate)
        one[f"{column}_label"] = labels.of(next(iter(held.get(predicate, ())), None))
    for column, name in _PLAIN.items():
        one[column] = _cell(held, term(name))
    return one


_PLAIN: Final = {
    "modality": "cica:modality",
    "negated": "cica:negated",
    "as_of": "cica:asOf",
    "comparator": "cica:comparator",
    "attributed_to": "cica:attributedTo",
    "quoted_in": "cica:quotedIn",
    "basis": "cica:basis",
    "status": "cica:status",
    "conflicts_with": "cica:conflictsWith",
    "comment": "rdfs:comment",
}


def _cell(held: Properties, predicate: NamedNode) -> str:
    return " ".join(sorted(_value(one) for one in held.get(predicate, ())))


def _value(one: Term) -> str:
    return one.value if isinstance(one, NamedNode | Literal) else str(one)


def _offsets(span: Term) -> str:
    return _value(span).rpartition("=")[2].replace(",", "-")


def _by_start(offsets: str) -> tuple[int, str]:
    start = offsets.partition("-")[0]
    return (int(start) if start.isdigit() else 0, offsets)
