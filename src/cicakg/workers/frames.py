"""Frames between front, zygote and workers: a length, a JSON object, and descriptors that travel beside it.

A frame is four bytes (length, big-endian) and that many bytes of JSON in UTF-8. Descriptors are sent with
its first byte (SCM_RIGHTS, see unix(7)).
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final

Message = dict[str, Any]

_LENGTH: Final = struct.Struct("!I")
_CHUNK: Final = 64 * 1024
_MOST_DESCRIPTORS: Final = 8


def encode(message: Message) -> bytes:
    """Return *message* as a frame."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _LENGTH.pack(len(body)) + body


def decode(data: bytes) -> Message | None:
    """Return the message of the one frame *data* holds or begins; ``None`` while it is not complete."""
    if len(data) < _LENGTH.size or len(data) < _LENGTH.size + _LENGTH.unpack_from(data)[0]:
        return None
    message: Message = json.loads(data[_LENGTH.size :])
    return message


def send(channel: socket.socket, message: Message, descriptors: Sequence[int] = ()) -> None:
    """Send *message* whole over a blocking *channel*; an :class:`OSError` where the other end is gone."""
    data = encode(message)
    sent = socket.send_fds(channel, [data], descriptors) if descriptors else 0
    channel.sendall(data[sent:])


def receive(channel: socket.socket) -> tuple[Message, list[int]] | None:
    """Wait for one frame on a blocking *channel*; ``None`` where the other end is gone."""
    head, descriptors = _read_head(channel)
    body = _read(channel, _LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None
    if body is None:
        close_all(descriptors)
        return None
    return json.loads(body), descriptors


def _read_head(channel: socket.socket) -> tuple[bytes, list[int]]:
    head = b""
    descriptors: list[int] = []
    while len(head) < _LENGTH.size:
        data, more, _, _ = socket.recv_fds(channel, _LENGTH.size - len(head), _MOST_DESCRIPTORS)
        descriptors += more
        if not data:
            break
        head += data
    return head, descriptors


def _read(channel: socket.socket, size: int) -> bytes | None:
    body = bytearray()
    while len(body) < size:
        data = channel.recv(min(size - len(body), _CHUNK))
        if not data:
            return None
        body += data
    return bytes(body)


def close_all(descriptors: Sequence[int]) -> None:
    """Close descriptors nobody wants."""
    for one in descriptors:
        os.close(one)


class FrameReader:
    """Puts frames together from what a non-blocking channel has at hand; descriptors keep their order."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._data = bytearray()
        self.descriptors: list[int] = []
        self.is_closed = False

    def read(self) -> Iterator[Message]:
        """Take what has arrived and yield each frame that is complete; sets ``is_closed`` where the other
        end is gone.
        """
        self._take()
        while len(self._data) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._data)[0]
            if len(self._data) < end:
                return
            body = bytes(self._data[_LENGTH.size : end])
            del self._data[:end]
            yield json.loads(body)

    def _take(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._channel, _CHUNK, _MOST_DESCRIPTORS)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        self._data += data
        self.descriptors += descriptors
        self.is_closed = not data
