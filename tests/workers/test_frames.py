"""Frames between processes."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from cicakg.workers import frames
from cicakg.workers.frames import FrameReader


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a channel."""
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_message_arrives_whole_with_its_descriptor(pair: tuple[socket.socket, socket.socket]) -> None:
    """Text of any script and a descriptor come out as they went in."""
    read, write = os.pipe()
    frames.send(pair[0], {"query": "قمة 😀"}, [write])
    received = frames.receive(pair[1])
    assert received is not None
    message, (copy,) = received
    os.write(copy, b"x")
    assert message == {"query": "قمة 😀"}
    assert os.read(read, 1) == b"x"
    frames.close_all([read, write, copy])


def test_a_message_larger_than_any_buffer(pair: tuple[socket.socket, socket.socket]) -> None:
    """A frame of megabytes is put together from what arrives."""
    message = {"query": "ж" * 3_000_000}
    sender = Thread(target=frames.send, args=(pair[0], message))
    sender.start()
    received = frames.receive(pair[1])
    sender.join()
    assert received == (message, [])


def test_lone_surrogates_do_not_break_a_frame(pair: tuple[socket.socket, socket.socket]) -> None:
    """A query with half a character is for the engine to refuse, not for the channel to choke on."""
    frames.send(pair[0], {"query": "\ud800"})
    received = frames.receive(pair[1])
    assert received == ({"query": "\ud800"}, [])


def test_the_end_of_the_other_side(pair: tuple[socket.socket, socket.socket]) -> None:
    """A closed channel, also one closed in the middle of a frame, is no message."""
    pair[0].sendall(frames.encode({"a": 1})[:6])
    pair[0].close()
    assert frames.receive(pair[1]) is None


def test_reader_keeps_frames_and_descriptors_in_order(pair: tuple[socket.socket, socket.socket]) -> None:
    """Frames that arrive together are read one by one, and each finds its own descriptor."""
    pair[1].setblocking(False)
    reader = FrameReader(pair[1])
    pipes = [os.pipe() for _ in range(2)]
    for number, (read, _) in enumerate(pipes):
        frames.send(pair[0], {"number": number}, [read])
    pair[0].sendall(frames.encode({"number": 2})[:5])
    messages = [message for _ in range(4) for message in reader.read()]
    assert messages == [{"number": 0}, {"number": 1}]
    for (_, write), received in zip(pipes, reader.descriptors, strict=True):
        os.write(write, b"%d" % write)
        assert os.read(received, 9) == b"%d" % write
    frames.close_all([*reader.descriptors, *(one for pair in pipes for one in pair)])
    assert not reader.is_closed
    pair[0].close()
    assert list(reader.read()) == []
    assert reader.is_closed


def test_decode_waits_for_the_whole_frame() -> None:
    """Half a frame is no message yet."""
    data = frames.encode({"a": [1, 2]})
    assert [frames.decode(data[:end]) for end in range(len(data))] == [None] * len(data)
    assert frames.decode(data) == {"a": [1, 2]}
