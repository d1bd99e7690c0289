"""One run of all suites against ``cicakg serve``: what was asked, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
from pyoxigraph import RdfFormat, serialize
from serving import RunningServer, start_server, stop_server

from w3c_sparql.asking import Client, Engine
from w3c_sparql.description import description_faults
from w3c_sparql.manifests import Case, data_quads, read_suite
from w3c_sparql.outcomes import Outcome, run_case, service_fault, update_fault
from w3c_sparql.protocol import ProtocolCase, protocol_cases, protocol_quads, store_cases, store_fault

SUITE_11: Final = "sparql11"
SUITE_10: Final = "sparql10"
QUERY_FOLDERS: Final = frozenset(
    {
        "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions",
        "grouping", "json-res", "negation", "project-expression", "property-path", "subquery", "syntax-query",
    }
)  # fmt: skip
"""The folders for the query language and the CSV, TSV and JSON formats, by ``manifest-all.ttl``."""
FEDERATION_FOLDERS: Final = frozenset({"service", "syntax-fed"})
ENTAILMENT_FOLDER: Final = "entailment"


@dataclass(frozen=True)
class Results:
    """What came out. ``queries`` counts; each of the other parts is what is wrong, by the test's name."""

    queries: tuple[Outcome, ...]
    protocol: dict[ProtocolCase, str]
    description: dict[str, str]
    updates: dict[Case, str]
    federation: dict[Case, str]
    store: dict[ProtocolCase, str]
    entailment: tuple[Case, ...]

    def of(self, suite: str) -> list[Outcome]:
        """The outcomes of the query tests of *suite*."""
        return [one for one in self.queries if one.case.suite == suite]

    def failed(self, suite: str) -> set[str]:
        """The names of the query tests of *suite* that fail."""
        return {one.case.name for one in self.of(suite) if not one.is_passed}


def run_all(suites: Path) -> Results:
    """Run every test in *suites*, the suites' data on one server and the dataset, for its description, on
    another.
    """
    cases = [*read_suite(suites / SUITE_11), *read_suite(suites / SUITE_10)]
    counted = [one for one in cases if one.suite == SUITE_10 or one.folder in QUERY_FOLDERS]
    with _suite_server(suites, counted) as server, _client(server) as client:
        engine = Engine(suites)
        with httpx.Client(base_url=server.address, timeout=60) as plain:
            protocol = {one: one.fault(plain) for one in protocol_cases(suites)}
            store = {one: store_fault(one, plain) for one in store_cases(suites)}
        return Results(
            queries=tuple(run_case(one, client, engine) for one in counted),
            protocol=protocol,
            store=store,
            updates=_faults(cases, lambda one: one.is_update, update_fault, client),
            federation=_faults(cases, lambda one: one.folder in FEDERATION_FOLDERS, service_fault, client),
            entailment=tuple(one for one in cases if one.folder == ENTAILMENT_FOLDER),
            description=_describe(suites),
        )


def _faults(
    cases: list[Case], is_meant: Callable[[Case], bool], fault: Callable[[Case, Client], str], client: Client
) -> dict[Case, str]:
    return {one: fault(one, client) for one in cases if is_meant(one)}


def _describe(suites: Path) -> dict[str, str]:
    server = start_server("--workers", "1")
    try:
        return description_faults(suites, server.endpoint)
    finally:
        stop_server(server)


@contextmanager
def _suite_server(suites: Path, cases: list[Case]) -> Iterator[RunningServer]:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "suites.nq"
        quads = [*data_quads(suites, cases), *protocol_quads(suites)]
        data.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
        server = start_server("--workers", "2", "--data", str(data))
        try:
            yield server
        finally:
            stop_server(server)


@contextmanager
def _client(server: RunningServer) -> Iterator[Client]:
    client = Client(server.address)
    try:
        yield client
    finally:
        client.close()
