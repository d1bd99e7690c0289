"""TLS is checked against the name that was allowed, whatever address it led to."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from remote_playing import PlayedEndpoint, answering, literal, names_lead_to, rows_of, table

from cicakg.errors import CicakgError
from cicakg.federation import Caller, read_allowed

Answers: TypeAlias = Callable[..., list[bytes | CicakgError]]
ADDRESS = "93.184.216.34"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own for good.example, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing here")
    path = tmp_path_factory.mktemp("tls") / "good.pem"
    names = ("-subj", "/CN=good.example", "-addext", "subjectAltName=DNS:good.example")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names)
    subprocess.run([*made, "-keyout", str(path), "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def behind(certificate: Path) -> Callable[[socket.socket], ssl.SSLSocket]:
    """Return what opens the server's end of TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return lambda link: context.wrap_socket(link, server_side=True)


@pytest.mark.parametrize(
    ("name", "is_trusted", "is_answered"),
    [("good.example", True, True), ("other.example", True, False), ("good.example", False, False)],
)
def test_certificate(
    answers: Answers,
    led: dict[str, int],
    certificate: Path,
    name: str,
    is_trusted: bool,
    is_answered: bool,
) -> None:
    """A certificate has to be trusted and of the name that is called; else nothing is sent."""
    security = ssl.create_default_context(cafile=str(certificate) if is_trusted else None)
    good = answering(table(["o"], {"o": literal("x")}))
    with PlayedEndpoint(good, behind(certificate)) as one:
        led[ADDRESS] = one.port
        allowed = read_allowed([f"https://{name}/"])
        caller = Caller(allowed, None, names_lead_to({name: [ADDRESS]}), security)
        query = f"SELECT * {{ SERVICE <https://{name}/sparql> {{ ?s ?p ?o }} }}"
        (found,) = answers(query, allow=(), caller=caller)
        assert one.connections == 1
    if is_answered:
        assert isinstance(found, bytes)
        assert rows_of(found) == [{"o": '"x"'}]
        (asked,) = one.asked
        assert asked.headers["host"] == "good.example"
    else:
        assert isinstance(found, CicakgError)
        assert (found.code, "certificate" in found.detail) == ("service-failed", True)
        assert one.asked == []
