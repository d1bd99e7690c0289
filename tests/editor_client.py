"""A small editor for tests: it speaks the Language Server Protocol to the real command, frame by frame."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PATIENCE: Final = 60.0
"""Seconds after which a test gives up waiting; no test expects that something takes long, or short."""

Message = dict[str, Any]

CAPABILITIES: Final[Mapping[str, Any]] = {
    "workspace": {
        "workspaceFolders": True,
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
    "textDocument": {
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
    },
}


class Editor:
    """An editor with one server. ``shown`` holds the last diagnostics of each file, by URI."""

    def __init__(self, *arguments: str, here: Path | None = None, patience: float = PATIENCE) -> None:
        self._patience = patience
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cicakg", *arguments, "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=here,
            env={**os.environ, "PYTHONWARNINGS": "default"},
        )
        self.shown: dict[str, Message] = {}
        self.published: list[Message] = []
        self.said: list[str] = []
        self.notes: list[str] = []
        self.answers: dict[int, Message] = {}
        self.errors = b""
        self._number = 0
        self._messages: queue.Queue[Message | None] = queue.Queue()
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._read, self._log)]
        for one in self._threads:
            one.start()

    # The wire

    def _read(self) -> None:
        assert self.process.stdout is not None
        while True:
            length = 0
            while (line := self.process.stdout.readline()).strip():
                name, _, value = line.partition(b":")
                assert name in {b"Content-Length", b"Content-Type"}, line
                length = int(value) if name == b"Content-Length" else length
            if not line:
                self._messages.put(None)
                return
            self._messages.put(json.loads(self.process.stdout.read(length)))

    def _log(self) -> None:
        assert self.process.stderr is not None
        self.errors = self.process.stderr.read()

    def send(self, message: Message) -> None:
        """Send one message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    def begin(self, method: str, params: object) -> int:
        """Send a request and return its number."""
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self._number

    def request(self, method: str, params: object) -> Any:  # noqa: ANN401 - what the protocol says
        """Send a request and return its result; an error fails the test."""
        number = self.begin(method, params)
        self.until(lambda: number in self.answers)
        answer = self.answers.pop(number)
        assert "error" not in answer, answer
        return answer["result"]

    def until(self, is_met: Callable[[], bool]) -> None:
        """Take messages until *is_met*."""
        deadline = time.monotonic() + self._patience
        while not is_met():
            try:
                message = self._messages.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(
                    f"nothing came; shown: {sorted(self.shown)}, said: {self.said}"
                ) from None
            assert message is not None, f"the server has left: {self.errors.decode()}"
            self._take(message)

    def _take(self, message: Message) -> None:
        method = message.get("method")
        if method is None:
            self.answers[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            self.shown[message["params"]["uri"]] = message["params"]
            self.published.append(message["params"])
        elif method == "window/showMessage":
            self.said.append(message["params"]["message"])
        elif method == "window/logMessage":
            self.notes.append(message["params"]["message"])
        elif "id" in message:
            result = [self.configuration] if method == "workspace/configuration" else None
            self.send({"id": message["id"], "result": result})

    configuration: Any = None

    # Journeys

    def start(self, *folders: Path, options: object = None, **capabilities: object) -> Message:
        """Initialize with *folders* open; *capabilities* are added to the usual ones."""
        params = {
            "processId": os.getpid(),
            "rootUri": folders[0].as_uri() if folders else None,
            "workspaceFolders": [{"uri": one.as_uri(), "name": one.name} for one in folders] or None,
            "capabilities": {**CAPABILITIES, **capabilities},
            "initializationOptions": options,
        }
        result: Message = self.request("initialize", params)
        self.notify("initialized", {})
        return result

    def open(self, path: Path, text: str | None = None, version: int = 1) -> str:
        """Open the file at *path*, with *text* where it is not what the file holds; return its URI."""
        uri = path.as_uri()
        held = path.read_bytes().decode() if text is None else text
        document = {"uri": uri, "languageId": "turtle", "version": version, "text": held}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri: str, version: int, *changes: Message) -> None:
        """Change an open text."""
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def diagnostics(self, uri: str, version: int) -> list[Message]:
        """Wait for the diagnostics of that version of an open text."""
        self.until(lambda: self.shown.get(uri, {}).get("version") == version)
        found: list[Message] = self.shown[uri]["diagnostics"]
        return found

    def at(self, uri: str, line: int, character: int) -> Message:
        """Return the parameters of a request about a place."""
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}

    def leave(self) -> int:
        """Say goodbye and return the exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End the server, whatever it does, and read all it wrote."""
        self.process.kill()
        self.process.wait()
        for one in self._threads:
            one.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@dataclass(frozen=True)
class Writing:
    """An editor and the dataset it has open."""

    editor: Editor
    root: Path

    @property
    def article(self) -> Path:
        """An article of the dataset."""
        return self.root / "data/articles/2023/2023-ar-senate-talks.ttl"


def place_of(text: str, mark: str, units: Callable[[str], int] = len) -> tuple[int, int]:
    """Return line and character, from 0, of the first *mark* in *text*, counted in the plainest way."""
    before, found, _ = text.partition(mark)
    assert found, mark
    lines = before.replace("\r\n", "\n").split("\n")
    return len(lines) - 1, units(lines[-1])


def span(start: tuple[int, int], end: tuple[int, int]) -> Message:
    """Return a range."""
    return {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }
