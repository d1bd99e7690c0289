"""What the frames say: a request on its way to a worker, and a worker's reply on its way back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

from pyoxigraph import Triple

from cicakg.errors import CicakgError
from cicakg.sparql.formats import Format, ResultKind, format_named
from cicakg.sparql.request import Budget, Federation, QueryRequest, ServiceAnswer
from cicakg.store import Held
from cicakg.workers.frames import Message


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What the front knows of the snapshot it does not hold.

    ``fingerprint`` and ``quad_count`` are the snapshot's; ``void`` is its VoID description, the triples of
    the graph :data:`cicakg.vocab.GRAPH_VOID`; ``held`` says where its data are.
    """

    fingerprint: str
    quad_count: int
    void: tuple[Triple, ...] = ()
    held: Held = "memory"


@dataclass(frozen=True, slots=True)
class PoolLoad:
    """How busy a pool is: workers that wait for a question, are at work, are being started; questions in
    line; workers given up after a question so far; how often the process that holds the data ended.
    """

    idle: int = 0
    busy: int = 0
    starting: int = 0
    waiting: int = 0
    given_up: int = 0
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: ``size`` bytes of ``format`` in ``file``, which stands at 0. The taker closes it,
    or the answer.
    """

    kind: ResultKind
    format: Format
    size: int
    file: BinaryIO

    def close(self) -> None:
        """Give the file back."""
        self.file.close()


class WorkerError(Exception):
    """A fault of our own inside a worker; the text is the worker's traceback."""


def request_message(request: QueryRequest) -> Message:
    """Return *request* as a worker receives it."""
    budget = request.budget
    return {
        "query": request.query,
        "formats": request.formats,
        "default_graphs": request.default_graphs,
        "named_graphs": request.named_graphs,
        "budget": (budget.seconds, budget.memory_bytes, budget.result_bytes, budget.result_rows),
        "base": request.base,
        "federation": _federation_message(request.federation),
    }


def put_bodies(request: QueryRequest, descriptor: int) -> None:
    """Write what other servers said for *request* to the file its answer will be written to: a worker has no
    other way to be given that much, and must not have a descriptor more.
    """
    place = 0
    for one in (request.federation and request.federation.answers) or ():
        rest = memoryview(one.body or b"")
        while rest:
            written = os.pwrite(descriptor, rest, place)
            place, rest = place + written, rest[written:]


def _federation_message(federation: Federation | None) -> list[object] | None:
    if federation is None:
        return None
    if federation.answers is None:
        return [None]
    sizes = ((None if one.body is None else len(one.body), one) for one in federation.answers)
    return [[(size, one.most_rows, one.nodes) for size, one in sizes]]


def _read_federation(
    told: list[list[tuple[int | None, int, str]] | None] | None, file: int
) -> Federation | None:
    """Return the federation a front told of, and leave its *file* empty for the answer."""
    if told is None or told[0] is None:
        return None if told is None else Federation()
    answers = []
    place = 0
    for size, most_rows, nodes in told[0]:
        body = None if size is None else _read(file, size, place)
        answers.append(ServiceAnswer(body, most_rows, nodes))
        place += size or 0
    os.ftruncate(file, 0)
    return Federation(tuple(answers))


def _read(file: int, size: int, place: int) -> bytes:
    body = bytearray()
    while len(body) < size and (data := os.pread(file, size - len(body), place + len(body))):
        body += data
    return bytes(body)


def read_request(message: Message, file: int) -> QueryRequest:
    """Return the request a front sent with :func:`request_message`; *file* is where its answer is to go."""
    return QueryRequest(
        message["query"],
        {ResultKind(kind): name for kind, name in message["formats"].items()},
        tuple(message["default_graphs"]),
        tuple(message["named_graphs"]),
        Budget(*message["budget"]),
        message["base"],
        federation=_read_federation(message["federation"], file),
    )


def read_answer(message: Message, file: BinaryIO) -> Answer:
    """Return the answer a worker's reply announces, in *file*; or raise what the reply says instead."""
    if "code" in message:
        raise CicakgError(message["code"], message["detail"], message["fix"])
    written = format_named(message["format"]) if "format" in message else None
    if written is None:
        raise WorkerError(message.get("fault", f"A worker replied with {message!r}."))
    file.seek(0)
    return Answer(ResultKind(message["kind"]), written, message["size"], file)
