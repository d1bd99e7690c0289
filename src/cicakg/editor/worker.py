"""The process that checks: questions come on standard input, answers go to standard output.

It is started by :mod:`cicakg.editor.process`, has one thread, keeps what it loaded, and is killed by its
parent when a check takes too long. A frame is a length and a pickled value; the two ends are one program on
one machine, and nobody else writes to these pipes.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import sys
from typing import BinaryIO, Final

from cicakg.checks.limits import MEMORY, limit_memory
from cicakg.editor.checker import Checker, RememberingChecker
from cicakg.editor.marks import checked
from cicakg.editor.messages import Checked, NotChecked, Question
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.workers.limits import die_with_parent

LENGTH: Final = struct.Struct("!Q")
"""What stands before each value: how many bytes it has."""


def main() -> None:
    """Answer questions until there are no more."""
    die_with_parent()
    limit_memory()
    try:
        with _answers_alone() as answers:
            serve(sys.stdin.buffer, answers, RememberingChecker())
    except BrokenPipeError:
        os._exit(0)  # who asked is gone, and what is left in the buffer must not raise again at exit


def serve(questions: BinaryIO, answers: BinaryIO, checker: Checker) -> None:
    """Answer each of *questions* by what *checker* finds, until the other end is closed."""
    while True:
        head = questions.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        try:
            question = pickle.loads(questions.read(LENGTH.unpack(head)[0]))  # noqa: S301 - our own parent's
            answer = answer_to(question, checker)
        except MemoryError:
            gc.collect()
            answer = NotChecked(
                "check-memory",
                f"The check took more than {MEMORY // 1024**2} MB of memory.",
                "Look for a query in the shapes that joins everything with everything, or a huge file.",
            )
        data = pickle.dumps(answer)
        answers.write(LENGTH.pack(len(data)) + data)
        answers.flush()


def answer_to(question: Question, checker: Checker) -> Checked | NotChecked:
    """Return what *checker* finds, or why it cannot be found."""
    try:
        report = checker.check(DatasetFolder(question.root), question.given, question.texts, question.unsaved)
        return checked(question, report)
    except CicakgError as fault:
        return NotChecked(fault.code, fault.detail, fault.fix)


def _answers_alone() -> BinaryIO:
    """Return standard output for the answers, and turn what anybody else prints to standard error."""
    mine = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(mine, "wb")


if __name__ == "__main__":
    main()
