"""Requests on a server: with wrk, or one by one where an answer takes seconds."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from endpoints.figures import Timing, timing_of

SCRIPT: Final = Path(__file__).with_name("requests.lua")
_SLOW: Final = 1.0  # seconds an answer takes from which on requests are made one by one
_VERY_SLOW: Final = 8.0  # seconds from which on the request that was checked is the one that counts
_ENOUGH: Final = 30  # requests that a measurement should have


class LoadError(Exception):
    """The server answered some requests with an error, or not at all."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How long to measure: *seconds* of load at least, at most *most* for queries that take long; *patience*
    for one answer.
    """

    seconds: int = 1
    most: int = 3
    patience: float = 40.0


@dataclass(frozen=True, slots=True)
class Target:
    """Addresses at a server, with the media type to ask for."""

    address: str
    paths: Sequence[str]
    accept: str


def measure(target: Target, clients: int, cost: float, rounds: Rounds) -> Timing | None:
    """Return how *clients* at a time are served, where one answer takes about *cost* seconds.

    ``None`` where too few answers would come in the time there is: with several clients that is a query for
    the table of a client alone.
    """
    if cost >= _VERY_SLOW:
        return timing_of([cost]) if clients == 1 else None
    if cost >= _SLOW:
        return measure_one_by_one(target, rounds) if clients == 1 else None
    wanted = cost * _ENOUGH * max(1, clients / 2)
    seconds = min(rounds.most, max(rounds.seconds, round(wanted)))
    return run_wrk(target, clients, seconds)


def measure_one_by_one(target: Target, rounds: Rounds) -> Timing:
    """Ask again and again until the time is over, once at least."""
    times: list[float] = []
    deadline = time.monotonic() + rounds.most
    while not times or time.monotonic() < deadline:
        times.append(ask(target, rounds.patience)[0])
    return timing_of(times)


def ask(target: Target, patience: float) -> tuple[float, bytes]:
    """Ask once; return the seconds it took, and the answer. Raises :class:`LoadError` for an error."""
    started = time.perf_counter()
    connection = HTTPConnection(target.address.removeprefix("http://"), timeout=patience)
    try:
        connection.request("GET", target.paths[0], headers={"Accept": target.accept})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, HTTPException) as fault:
        raise LoadError(f"no answer within {patience:g} s ({type(fault).__name__})") from fault
    finally:
        connection.close()
    if answer.status != 200:
        raise LoadError(f"status {answer.status}: {body[:200].decode(errors='replace')}")
    return time.perf_counter() - started, body


def run_wrk(target: Target, clients: int, seconds: int) -> Timing:
    """Ask for *seconds* with *clients* connections; one thread of wrk makes all the requests."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".txt") as file:
        file.write("".join(f"{path}\n" for path in target.paths))
        file.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", str(SCRIPT)]
        done = subprocess.run(
            [*command, target.address, "--", file.name, target.accept],
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds + 90,
        )
    return read_wrk(done.stdout)


def read_wrk(output: str) -> Timing:
    """Read the JSON that requests.lua writes; raises :class:`LoadError` where a request failed."""
    said = json.loads(output.strip().splitlines()[-1])
    if said["failed"] or not said["requests"]:
        raise LoadError(f"{said['failed']} of {said['requests']} requests failed")
    rate = said["requests"] / (said["microseconds"] / 1e6)
    return Timing(said["p50"] / 1000, said["p99"] / 1000, rate, said["requests"])
