"""The one error table: every fault a caller can meet, with its status and title (RFC 9457).

A fault in a request is a :class:`cicakg.errors.CicakgError` whose code stands here. Anything else is our
own fault: a 500 with an identifier, logged on the server, without details.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cicakg.errors import CicakgError
from cicakg.vocab import BASE
from cicakg.web.negotiation import HTML, Offer, choose_offer
from cicakg.web.readers import read_reader_of_fault
from cicakg.web.rendering import Renderer


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What a code means on the wire; ``retry_after`` is in seconds."""

    status: int
    title: str
    retry_after: int | None = None


# SPARQL 1.1 Protocol, section 2.1.7: 400 for a query that is not one, another 4xx or a 5xx where the
# service refuses or fails. Statuses by RFC 9110; 507 (RFC 4918, section 11.5) is "unable to store the
# representation needed to complete the request".
PROBLEMS: Final[Mapping[str, ProblemKind]] = {
    # the query
    "query-syntax": ProblemKind(400, "The query is not valid SPARQL"),
    "query-service-refused": ProblemKind(403, "This SERVICE is not allowed here"),
    "query-update-refused": ProblemKind(403, "This endpoint is read-only"),
    "query-not-acceptable": ProblemKind(406, "The result cannot be written in a format you accept"),
    "query-unsupported": ProblemKind(422, "The query asks for something the engine does not have"),
    "query-timeout": ProblemKind(504, "The query went over its time budget"),
    "query-memory": ProblemKind(507, "The query went over its memory budget"),
    "query-result-too-large": ProblemKind(507, "The answer went over its size budget"),
    "query-too-many-rows": ProblemKind(507, "The answer went over its budget of rows"),
    "query-crashed-engine": ProblemKind(500, "The query ended the engine's process"),
    # the endpoints of its SERVICE clauses
    "service-failed": ProblemKind(502, "The endpoint of a SERVICE clause failed"),
    "service-timeout": ProblemKind(504, "The endpoint of a SERVICE clause did not answer in time"),
    # another engine behind this server
    "engine-unreachable": ProblemKind(503, "The query engine cannot be reached", retry_after=5),
    "engine-incomplete": ProblemKind(502, "The query engine sent an incomplete answer"),
    "engine-error": ProblemKind(502, "The query engine failed"),
    "engine-loading": ProblemKind(503, "The data are being loaded", retry_after=5),
    "engine-changed": ProblemKind(503, "The data were replaced meanwhile", retry_after=1),
    # the request
    "query-missing": ProblemKind(400, "The request holds no query"),
    "query-repeated": ProblemKind(400, "The request holds more than one query"),
    "bad-encoding": ProblemKind(400, "The request is not encoded as UTF-8"),
    "bad-parameter": ProblemKind(400, "A parameter has a value it cannot have"),
    "unknown-format": ProblemKind(400, "There is no such format"),
    "not-found": ProblemKind(404, "There is nothing at this address"),
    "method-not-allowed": ProblemKind(405, "This address does not take that method"),
    "not-acceptable": ProblemKind(406, "This cannot be had in a format you accept"),
    "body-too-slow": ProblemKind(408, "The request's body did not arrive in time"),
    "body-too-large": ProblemKind(413, "The request's body is too large"),
    "address-too-long": ProblemKind(414, "The request's address is too long"),
    "head-too-large": ProblemKind(431, "The request's header fields are too large"),
    "unsupported-media-type": ProblemKind(415, "The request's body is of a type this address does not take"),
    # the server
    "bad-request": ProblemKind(400, "The request cannot be understood"),
    "internal": ProblemKind(500, "Something went wrong on the server"),
    "snapshot-damaged": ProblemKind(503, "The server's data are damaged"),
    "server-busy": ProblemKind(503, "The server is busy", retry_after=2),
    "server-stopping": ProblemKind(503, "The server is about to stop", retry_after=5),
}

_JSON: Final = Offer("json", "application/problem+json", ("application/json",))
_TEXT: Final = Offer("text", "text/plain")
PROBLEM_PAGES: Final = BASE + "docs#"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault as the caller sees it. ``instance`` names this very occurrence in the server's log."""

    code: str
    kind: ProblemKind
    detail: str
    fix: str
    instance: str

    def members(self) -> dict[str, object]:
        """Return the members of the problem document (RFC 9457, section 3.1), ``code`` and ``fix`` as
        extensions.
        """
        return {
            "type": PROBLEM_PAGES + self.code,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": self.instance,
            "code": self.code,
            "fix": self.fix,
        }


def problem_of(error: CicakgError, request_id: str) -> Problem | None:
    """Return what to tell the caller of *error*, ``None`` where its code is not in the table and so is our
    fault.
    """
    kind = PROBLEMS.get(error.code)
    return Problem(error.code, kind, error.detail, error.fix, f"urn:uuid:{request_id}") if kind else None


def internal_problem(request_id: str) -> Problem:
    """Return the problem of a fault that is ours: it says nothing but where to find it in the log."""
    return Problem(
        "internal",
        PROBLEMS["internal"],
        "The server met a fault of its own.",
        f"Try again; if it comes back, tell the operator this identifier: {request_id}.",
        f"urn:uuid:{request_id}",
    )


def respond(
    problem: Problem, accept: str | None, renderer: Renderer, headers: Mapping[str, str] | None = None
) -> Response:
    """Write *problem* as problem+json, as a page for those who prefer HTML, as text for those who take only
    that.
    """
    chosen = choose_offer(accept, (_JSON, HTML, _TEXT))
    sent = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    if problem.kind.retry_after is not None:
        sent["Retry-After"] = str(problem.kind.retry_after)
    status = problem.kind.status
    if chosen is HTML:
        return _ProblemPage(problem, renderer, sent)
    if chosen is _TEXT:
        text = (
            f"{problem.kind.title}\n\n{problem.detail}\n{problem.fix}\n\n{problem.code} {problem.instance}\n"
        )
        return Response(text, status, sent, "text/plain; charset=utf-8")
    body = json.dumps(problem.members(), ensure_ascii=False, indent=1) + "\n"
    return Response(body, status, sent, "application/problem+json")


class _ProblemPage(Response):
    """A problem as a page. It is written when it is sent: only then is the reader known."""

    def __init__(self, problem: Problem, renderer: Renderer, headers: Mapping[str, str]) -> None:
        super().__init__(status_code=problem.kind.status)
        self._problem = problem
        self._renderer = renderer
        self._sent = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the page in the language of whoever asks."""
        reader = read_reader_of_fault(Request(scope))
        root = str(scope.get("root_path", ""))
        page = self._renderer.page(
            "problem.html", reader.lang, problem=self._problem, reader=reader, root=root, here=""
        )
        vary = {"Vary": "Accept, Accept-Language, Accept-Encoding, Cookie", "Content-Language": reader.lang}
        answer = Response(page, self.status_code, {**self._sent, **vary}, "text/html; charset=utf-8")
        await answer(scope, receive, send)
