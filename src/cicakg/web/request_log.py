"""The server's log: one line a request and one for each thing that went wrong, as text or as JSON.

It never holds the server up: a line that its reader has no room for is dropped and counted. It never holds a
line break, an escape or a query that was not asked for: what a caller sent stands in it escaped.
"""

from __future__ import annotations

import json
import logging
import os
import select
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import quote

from cicakg.web.records import Record

LogFormat = Literal["text", "json", "none"]

# What each part of a line may take, escaped, so that the line is within select.PIPE_BUF.
_QUERY_BYTES: Final = 2000
_PATH_BYTES: Final = 1000
_MESSAGE_BYTES: Final = 1200
_TRACE_BYTES: Final = 2000
_CUT: Final = "…"
_SHORT: Final = 100  # characters of a path that is within its part whatever is in it


class LogSink:
    """Lines on their way to a descriptor, each written whole or not at all."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)
        self.dropped = 0

    def write(self, line: str) -> None:
        """Write *line*, where the reader has room for it: a pipe that can be written to takes
        :data:`select.PIPE_BUF` bytes without waiting (poll(2), pipe(7)).
        """
        data = line.encode("utf-8", "backslashreplace")[: select.PIPE_BUF - 1] + b"\n"
        try:
            if self._poll.poll(0)[:1] and os.write(self._descriptor, data) == len(data):
                return
        except OSError:  # nobody reads any more
            pass
        self.dropped += 1


@dataclass(frozen=True, slots=True)
class RequestLog:
    """Writes the line of each request to *sink*.

    The text of a query is in it with *has_queries* only, the client's address with *has_clients* only.
    """

    sink: LogSink | None = None
    format: LogFormat = "text"
    has_queries: bool = False
    has_clients: bool = False

    def write(self, record: Record) -> None:
        """Write the line of one request."""
        if self.sink is not None and self.format != "none":
            self.sink.write(self._json(record) if self.format == "json" else self._text(record))

    def _json(self, record: Record) -> str:
        line: dict[str, object] = {
            "time": _now(),
            "id": record.request_id,
            "method": record.method[:16],
            "path": _cut(record.path, _PATH_BYTES),
            "route": record.route,
            "status": record.status,
            "ms": round(record.milliseconds, 2),
            "bytes": record.size,
            "outcome": record.outcome or None,
            "cache": record.cache or None,
            "budget": record.budget or None,
        }
        if self.has_clients:
            line["client"] = record.address or None
        if self.has_queries:
            line["query"] = _cut(record.query, _QUERY_BYTES) or None
        return json.dumps(line)

    def _text(self, record: Record) -> str:
        words = [
            _now(),
            quote(record.method[:16], safe=""),
            _shown_path(record.path),
            str(record.status or "gone"),
            f"{record.milliseconds:.1f}ms",
            f"{record.size}B",
            record.outcome,
            record.cache,
            record.request_id,
            record.address if self.has_clients else "",
            json.dumps(_cut(record.query, _QUERY_BYTES)) if self.has_queries and record.query else "",
        ]
        return " ".join(word for word in words if word)


class ServerLogHandler(logging.Handler):
    """Writes what the server's parts log otherwise (faults, restarts) to the same place in the same form."""

    def __init__(self, sink: LogSink, written: LogFormat) -> None:
        super().__init__(logging.INFO)
        self._sink = sink
        self._format = written

    def emit(self, record: logging.LogRecord) -> None:
        """Write one message."""
        trace = _cut(_trace(record)[::-1], _TRACE_BYTES)[::-1]  # its end says most
        message = _cut(record.getMessage(), _MESSAGE_BYTES)
        if self._format == "json":
            line = {"time": _now(), "level": record.levelname, "logger": record.name, "message": message}
            self._sink.write(json.dumps(line | ({"trace": trace} if trace else {})))
        else:
            text = f"{_now()} {record.levelname} {record.name} {json.dumps(message, ensure_ascii=False)}"
            self._sink.write(
                "\n".join([_printable(text), *(f"    {_printable(one)}" for one in trace.splitlines())])
            )


def _trace(record: logging.LogRecord) -> str:
    return logging.Formatter().formatException(record.exc_info) if record.exc_info else ""


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def _shown_path(path: str) -> str:
    if len(path) <= _SHORT and path.isascii() and path.replace("/", "").isalnum():
        return path
    return quote(_cut(path, _PATH_BYTES), safe="/:@!$&'()*+,;=~")


def _cut(text: str, most: int) -> str:
    """Return the beginning of *text* that takes no more than *most* bytes escaped, and a mark where it is
    not all.
    """
    kept = text[:most]
    while len(json.dumps(kept)) > most:
        kept = kept[: len(kept) * 3 // 4]
    return text if kept == text else kept + _CUT


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
