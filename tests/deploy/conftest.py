"""Three replicas behind the real proxy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from deploy.proxying import Proxy
from deploy.replicas import Replica

REPLICAS = 3
SUBJECTS = 20_000


@dataclass
class Cluster:
    """The replicas and the proxy before them."""

    proxy: Proxy
    replicas: list[Replica]
    data: Path
    folder: Path
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, source: str = "127.0.0.1", **headers: str) -> httpx.Client:
        """A client of the proxy, from the loopback address *source*."""
        transport = httpx.HTTPTransport(local_address=source, http1=True)
        one = httpx.Client(transport=transport, base_url=self.proxy.address, timeout=60, headers=headers)
        self.clients.append(one)
        return one


@pytest.fixture(scope="session")
def nginx() -> str:
    """The path of nginx."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is missing, and in CI it must not be")
        pytest.skip("nginx is missing here")
    return found


@pytest.fixture(scope="session")
def cluster(nginx: str, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three replicas with one worker each over the same data, behind nginx as it is shipped."""
    folder = tmp_path_factory.mktemp("cluster")
    data = folder / "data.nt"
    data.write_text("".join(_lines(SUBJECTS)), encoding="utf-8")
    with ExitStack() as stack:
        replicas: list[Replica] = []
        for _ in range(REPLICAS):
            replicas.append(Replica(data, folder, "--workers", "1", "--cache-bytes", "0"))
            stack.callback(replicas[-1].end)
        proxy = Proxy(nginx, project / "deploy" / "nginx", [one.port for one in replicas])
        stack.callback(proxy.stop)
        made = Cluster(proxy, replicas, data, folder)
        yield made
        for client in made.clients:
            client.close()


ARABIC = "http://example.org/منظمة/مؤتمر"
KAZAKH = "http://example.org/ұйым/Қазақстан"
COMPOSED = "http://example.org/caf\u00e9"
DECOMPOSED = "http://example.org/cafe\u0301"


def _lines(count: int) -> Iterator[str]:
    for number, iri in enumerate((ARABIC, KAZAKH, COMPOSED, DECOMPOSED)):
        yield f'<{iri}> <urn:label> "{number}" .\n'
    for number in range(count):
        yield f'<http://example.org/subject/{number}> <http://example.org/numbered> "{number}" .\n'
