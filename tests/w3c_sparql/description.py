"""The W3C's service description suite: three tests, whose requests and schema the specification gives.

https://www.w3.org/TR/sparql11-service-description/: section 2 says that a GET without a query is answered
in RDF, section 3 what the terms are and what they stand between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import httpx
from pyoxigraph import Literal, NamedNode, RdfFormat

from w3c_sparql.answers import Graph, read_graph
from w3c_sparql.resources import RDF, manifest_entries

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FOLDER: Final = Path("sparql11/service-description")
_CLASSES: Final = frozenset(
    {
        "Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile",
        "GraphCollection", "Dataset", "Graph", "NamedGraph",
    }
)  # fmt: skip
_INSTANCES: Final = {
    "supportedLanguage": {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
    "feature": {
        "DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery",
    },
}  # fmt: skip
# Property: what it is said of, and what its values are where they have a class of the vocabulary.
_PROPERTIES: Final = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
_BROADER: Final = {"Dataset": "GraphCollection"}


@dataclass(frozen=True)
class Description:
    """A service description and the address it was had from."""

    graph: Graph
    address: str

    def faults(self) -> Iterator[str]:
        """Yield what does not fit the schema."""
        for one in self.graph:
            if _is_term(one.predicate):
                yield from self._property_faults(str(one.subject), _local(one.predicate), one.object)
            if one.predicate.value == f"{RDF}type" and _is_term(one.object):
                name = _local(one.object)
                if name not in _CLASSES:
                    yield f"sd:{name} is no class"

    def _property_faults(self, subject: str, name: str, value: object) -> Iterator[str]:
        if name not in _PROPERTIES:
            yield f"sd:{name} is no property"
            return
        domain, span = _PROPERTIES[name]
        if domain not in self._classes.get(subject, set()):
            yield f"{subject} has sd:{name} and is no sd:{domain}"
        if isinstance(value, Literal):
            yield f"sd:{name} has the literal {value}"
        if isinstance(value, NamedNode) and _is_term(value) and _local(value) not in _INSTANCES.get(name, ()):
            yield f"{value} is not defined as a value of sd:{name}"
        found = self._classes.get(str(value))
        if span and found and span not in found:
            yield f"{value} is a value of sd:{name} and no sd:{span}"

    @cached_property
    def _classes(self) -> dict[str, set[str]]:
        """The classes of the vocabulary each node has, with broader ones."""
        found: dict[str, set[str]] = {}
        for one in self.graph:
            if one.predicate.value == f"{RDF}type" and _is_term(one.object):
                name = _local(one.object)
                found.setdefault(str(one.subject), set()).update({name, _BROADER.get(name, name)})
        return found

    def has_endpoint(self) -> bool:
        """Whether a service has the address as its endpoint."""
        found = [one for one in self.graph if one.predicate == NamedNode(f"{SD}endpoint")]
        return [one.object for one in found] == [NamedNode(self.address)]


def _is_term(node: object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(SD)


def _local(node: object) -> str:
    return node.value.removeprefix(SD) if isinstance(node, NamedNode) else ""


def description_faults(suites: Path, address: str) -> dict[str, str]:
    """Run the tests of the suite against the endpoint at *address*; return what is wrong with each, by
    name.
    """
    names = [one.name for one in manifest_entries(suites / _FOLDER / "manifest.ttl", "http://suite.test/")]
    answer = httpx.get(address, timeout=20)
    said = answer.headers["content-type"].partition(";")[0]
    form = RdfFormat.from_media_type(said)
    if answer.status_code != 200 or form is None:
        return dict.fromkeys(names, f"{answer.status_code} {said} is no RDF")
    description = Description(read_graph(answer.content, form), address)
    faults = {
        "returns-rdf": "" if description.graph else "it says nothing",
        "has-endpoint-triple": "" if description.has_endpoint() else f"no sd:endpoint is {address}",
        "conforms-to-schema": "; ".join(sorted(description.faults())),
    }
    return {name: faults[name] for name in names}
