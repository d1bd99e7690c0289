"""Three replicas behind nginx as it is shipped, while replicas die, stop and change."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from deploy.asking import WIDE, Loads, wait_for
from deploy.conftest import Cluster
from deploy.proxying import Proxy
from deploy.replicas import Replica, free_port

pytestmark = pytest.mark.xdist_group("deploy")


@pytest.fixture
def whole(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster, with every replica running again afterwards."""
    yield cluster
    for one in cluster.replicas:
        if not one.is_running():
            one.start()


def test_a_killed_replica(whole: Cluster) -> None:
    """A replica killed while small queries run costs no client an answer, by GET or by POST; when it is
    back, it is asked again.
    """
    victim = whole.replicas[0]
    with Loads(whole.proxy.address) as loads:
        loads.wait_for_more()
        victim.stop(signal.SIGKILL)
        loads.wait_for_more(300)
        victim.start()
        name = 'cicakg_http_requests_total{route="sparql",method="GET",status="200"}'
        wait_for(lambda: victim.figure(name) > 0)
    assert loads.faults == []


def test_a_replica_killed_again_and_again(whole: Cluster) -> None:
    """Each replica killed in its turn, with the others at work: every answer is right."""
    with Loads(whole.proxy.address) as loads:
        for victim in whole.replicas:
            loads.wait_for_more(30)
            victim.stop(signal.SIGKILL)
            loads.wait_for_more(30)
            victim.start()
            loads.wait_for_more(30)
    assert loads.faults == []


def test_a_stopped_replica(whole: Cluster) -> None:
    """Replicas stopped in order, one after the other as in an upgrade, drop no request and end with 0."""
    with Loads(whole.proxy.address) as loads:
        for one in whole.replicas:
            loads.wait_for_more(30)
            assert one.stop() == 0
            loads.wait_for_more(30)
            one.start()
            loads.wait_for_more(30)
    assert loads.faults == []


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_no_answer_is_cut_short_unseen(whole: Cluster, coding: str) -> None:
    """A replica that dies in the middle of a large answer: the client sees a broken answer, never a whole
    200.
    """
    parameters = {"query": WIDE, "format": "json"}
    client = whole.client("127.0.0.51")
    with client.stream("GET", "sparql", params=parameters, headers={"Accept-Encoding": coding}) as answer:
        assert answer.status_code == 200
        pieces = answer.iter_raw(1024)
        next(pieces)
        for one in whole.replicas:
            one.stop(signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            for _ in pieces:
                pass


def test_a_hanging_replica(whole: Cluster) -> None:
    """A replica that is there and does nothing keeps only those waiting who were sent to it, and the others
    are answered.
    """
    victim = whole.replicas[0]
    victim.process.send_signal(signal.SIGSTOP)
    try:
        with Loads(whole.proxy.address, count=6) as loads:
            loads.wait_for_more(200)
            victim.process.send_signal(signal.SIGCONT)
    finally:
        victim.process.send_signal(signal.SIGCONT)
    assert loads.faults == []


def test_nobody_there(nginx: str, project: Path) -> None:
    """Without a replica that answers, the proxy says 503 with Retry-After, as a problem document."""
    proxy = Proxy(nginx, project / "deploy" / "nginx", [free_port() for _ in range(3)])
    try:
        for _ in range(3):
            answer = httpx.get(proxy.address + "sparql", params={"query": "ASK {}"}, timeout=60)
            assert (answer.status_code, answer.json()["code"]) == (503, "server-busy")
            assert answer.headers["retry-after"]
            assert answer.headers["content-type"] == "application/problem+json"
    finally:
        proxy.stop()


def test_new_data_by_new_replicas(cluster: Cluster, tmp_path: Path, nginx: str, project: Path) -> None:
    """Three replicas with new data beside the old ones, and the proxy told of them: no request is dropped,
    and no client that has seen the new data sees the old ones again.
    """
    data = tmp_path / "new.nt"
    data.write_text(
        cluster.data.read_text(encoding="utf-8") + "<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8"
    )
    with ExitStack() as stack:
        proxy = Proxy(nginx, project / "deploy" / "nginx", [one.port for one in cluster.replicas])
        stack.callback(proxy.stop)
        green: list[Replica] = []
        for _ in cluster.replicas:
            green.append(Replica(data, tmp_path, "--workers", "1", "--cache-bytes", "0"))
            stack.callback(green[-1].end)
        new = httpx.get(green[0].address + "health").json()["fingerprint"]
        with Loads(proxy.address) as loads:
            loads.wait_for_more()
            proxy.reload([one.port for one in green])
            wait_for(lambda: all(load.snapshots[-1:] == [new] for load in loads.loads))
            loads.wait_for_more()
        assert loads.faults == []
        for load in loads.loads:
            first = load.snapshots.index(new)
            assert first > 0
            assert set(load.snapshots[first:]) == {new}
