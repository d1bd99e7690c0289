"""The clients of the mixed load: those that behave and are promised right answers, and those that do not."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from mixed.ledger import Ledger
from mixed.questions import Question, Questions
from mixed.wire import Asking, CutShortError, Link, Reply

_PROBLEM: Final = "application/problem+json"
_QUERY: Final = {
    "Content-Type": "application/sparql-query",
    "Accept": "application/sparql-results+json, */*;q=0.1",
}
# What a query of somebody's choice may end in.
_OF_A_QUERY: Final = frozenset({400, 403, 413, 422, 500, 503, 504, 507})
_REFUSALS: Final = frozenset({"query-service-refused", "query-update-refused", "query-syntax"})

Hostile = Mapping[str, tuple[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What all clients share."""

    host: str
    port: int
    questions: Questions
    ledger: Ledger
    hostile: Hostile
    dice: random.Random
    is_over: asyncio.Event

    def link(self, client: str) -> Link:
        """Return a connection on behalf of *client*."""
        return Link(self.host, self.port, client)

    def problem_of(self, reply: Reply) -> str:
        """Return the code of a problem document; anything else is noted as wrong."""
        if reply.headers.get("content-type") == _PROBLEM:
            document = json.loads(reply.body)
            if document["status"] == reply.status and document["detail"] and document["fix"]:
                return str(document["code"])
        self.ledger.blame(f"{reply.status} without a problem document: {reply.body[:200]!r}")
        return "none"


async def repeat(
    scene: Scene, step: Callable[[Scene, Link], Awaitable[None]], client: str, pause: float
) -> None:
    """Let *client* take one *step* after the other until it is over."""
    link = scene.link(client)
    while not scene.is_over.is_set():
        try:
            await step(scene, link)
        except CutShortError as error:
            scene.ledger.blame(f"{step.__name__}: an answer was cut short: {error}")
        except TimeoutError:
            scene.ledger.blame(f"{step.__name__}: no answer came")
        await asyncio.sleep(pause * scene.dice.uniform(0.5, 1.5))
    await link.close()


async def ask_small(scene: Scene, link: Link) -> None:
    """A client that behaves asks little."""
    await _ask_known(scene, link, scene.questions.small())


async def ask_middle(scene: Scene, link: Link) -> None:
    """A client that behaves asks for what takes milliseconds."""
    await _ask_known(scene, link, scene.questions.middle())


async def ask_again(scene: Scene, link: Link) -> None:
    """A client that behaves asks once more whether what it holds is still true."""
    question = scene.questions.conditional()
    first = await _ask_known(scene, link, question)
    if first is None:
        return
    held = replace(question.asking, headers={"If-None-Match": first.headers["etag"]})
    reply = await link.ask(held)
    scene.ledger.note("If-None-Match", str(reply.status))
    if reply.status != 304 or reply.body:
        scene.ledger.blame(f"If-None-Match: {reply.status}, and nothing has changed")


async def read_slowly(scene: Scene, link: Link) -> None:
    """A client asks for everything and takes its time to read it."""
    await _ask_known(scene, link, scene.questions.large(), pause=0.1)


async def ask_hostile(scene: Scene, link: Link) -> None:
    """A client asks what ends, fills or freezes engines."""
    name = scene.dice.choice(list(scene.hostile))
    query, codes = scene.hostile[name]
    began = time.monotonic()
    target = f"/sparql?{urlencode({'timeout': '1'})}"
    reply = await link.ask(Asking(target, "POST", _QUERY, query.encode("utf-8", "surrogatepass")))
    code = "answered" if reply.status == 200 else scene.problem_of(reply)
    scene.ledger.note("hostile", str(reply.status))
    # On other data than the tests use some of them have an answer.
    possible = codes if codes <= _REFUSALS else codes | {"answered", "server-busy", "query-timeout"}
    explained = code in possible or scene.ledger.explains(code, began)
    is_allowed = reply.status == 200 or reply.status in _OF_A_QUERY
    if not explained or not is_allowed:
        scene.ledger.blame(f"hostile query “{name}”: {reply.status} {code}")
    if reply.status == 200 and "json" in reply.headers["content-type"]:
        json.loads(reply.body)


async def hang_up(scene: Scene, link: Link) -> None:
    """A client asks something endless, or for everything, and goes away."""
    query = scene.dice.choice([scene.hostile["cross product, counted"][0], "SELECT * { ?s ?p ?o }"])
    target = f"/sparql?{urlencode({'query': query + f' LIMIT {scene.dice.randrange(10**9)}'})}"
    await link.send(Asking(target).bytes_for("x", link.client))
    await asyncio.sleep(scene.dice.uniform(0, 0.5))
    await link.close()
    scene.ledger.note("hung up", "-")


async def send_half(scene: Scene, link: Link) -> None:
    """A client sends a part of a request and waits, or goes away."""
    whole = Asking("/sparql", "POST", _QUERY, b"ASK {}").bytes_for("x", link.client)
    await link.send(whole[: scene.dice.randrange(1, len(whole) - 1)])
    await asyncio.sleep(scene.dice.uniform(0, 2))
    await link.close()
    scene.ledger.note("sent half", "-")


async def _ask_known(scene: Scene, link: Link, question: Question, pause: float = 0.0) -> Reply | None:
    """Ask what has a known answer; note whether it came, and return it where it is right."""
    began = time.monotonic()
    reply = await link.ask(question.asking, pause)
    took = time.monotonic() - began
    if reply.status == 200:
        fault = question.judge(reply)
        scene.ledger.note(question.kind, "200", None if fault else took)
        if fault is not None:
            scene.ledger.blame(f"{question.kind} {question.asking.target}: {fault}")
        return reply if fault is None else None
    code = scene.problem_of(reply) if question.kind != "page" else _code_of_page(reply)
    scene.ledger.note(question.kind, f"{reply.status} {code}")
    if not scene.ledger.explains(code, began):
        scene.ledger.blame(f"{question.kind} {question.asking.target}: {reply.status} {code} for no reason")
    return None


def _code_of_page(reply: Reply) -> str:
    """Return the code of a problem in whatever shape it came."""
    codes = ("server-busy", "query-memory", "query-timeout", "internal")
    return next((code for code in codes if code.encode() in reply.body), "none")
