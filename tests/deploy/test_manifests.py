"""What is shipped to deploy the server fits together, and fits the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from deploy.dockerfile import read_dockerfile
from deploy.manifests import commands, container, options, read_unit, read_yaml
from web_playing import PlayedPool

from cicakg.cli import main
from cicakg.sparql.request import MEBIBYTE, Budget
from cicakg.web.app import create_app
from cicakg.web.keeping import DEFAULT_BYTES
from cicakg.web.site import bare_site

AT_REST = 100
"""MiB of front and data at the size of the dataset (benchmarks/footprint.py, 10,000 triples)."""
LAST_WORDS = 5
"""Seconds to send refusals (docs/operating.md)."""


@pytest.fixture(scope="module")
def folder(project: Path) -> Path:
    """What is shipped."""
    return project / "deploy"


def test_every_option_exists(folder: Path) -> None:
    """Each option the server is started with is one of `cicakg serve`."""
    known = CliRunner().invoke(main, ["serve", "--help"], obj=None).output
    started = list(commands(folder))
    assert len(started) == 5
    for name, arguments, _, _ in started:
        assert arguments[0] == "serve"
        for option in options(arguments):
            assert re.search(rf"^  {option}\b", known, re.MULTILINE), f"{name}: {option}"


def test_memory_suffices(folder: Path) -> None:
    """The limit of memory holds the data twice (during a reload), every worker at its budget, the spare one
    too, an answer from each, those that are not read yet, and the answers kept.
    """
    for name, arguments, limit, _ in commands(folder):
        given = options(arguments)
        workers = int(given["--workers"]) + 1
        each = int(given["--memory"]) + int(given["--max-result"])
        unread = 4 * int(given["--max-result"])
        needed = 2 * AT_REST + workers * each + unread + DEFAULT_BYTES // MEBIBYTE
        assert needed <= limit, f"{name}: {needed} of {limit} MiB"


def test_there_is_time_to_stop(folder: Path) -> None:
    """Whoever stops the server waits until the answers at work and the last refusals are sent."""
    for name, arguments, _, seconds in commands(folder):
        assert float(options(arguments)["--stop-within"]) + LAST_WORDS < seconds, name


def test_public_and_trusted_are_said(folder: Path) -> None:
    """Behind a proxy each server knows its public address and which proxy to believe."""
    for name, arguments, _, _ in commands(folder):
        given = options(arguments)
        assert given["--public-url"], name
        assert given["--trusted-proxy"] not in {"", "0.0.0.0/0", "::/0"}, name


def test_probes_ask_what_there_is(folder: Path) -> None:
    """Every address a probe asks is one the server has: restarts go by /health, traffic by /ready."""
    paths = {
        str(getattr(route, "path", ""))
        for route in create_app(PlayedPool(), bare_site(Budget(), None)).routes
    }
    own = container(folder)
    asked = {name: own[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    assert asked == {"startup": "/ready", "readiness": "/ready", "liveness": "/health"}
    assert set(asked.values()) <= paths


def test_no_rights(project: Path, folder: Path) -> None:
    """Nothing runs as root, keeps a capability, gains rights or writes to its file system."""
    user = int(read_dockerfile(project / "Dockerfile")[1][-1].last("USER").split(":")[0])
    pod = read_yaml(folder / "kubernetes" / "deployment.yaml")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == user
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container(folder)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    for service in read_yaml(folder / "compose.yaml")["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert {"mem_limit", "memswap_limit", "pids_limit"} <= service.keys()
    unit = read_unit(folder / "systemd" / "cicakg.service")["Service"]
    assert (unit["DynamicUser"], unit["NoNewPrivileges"], unit["CapabilityBoundingSet"]) == ("yes", "yes", "")


def test_nothing_goes_out(folder: Path) -> None:
    """No replica has a way out: not in Kubernetes, not in Compose, not under systemd."""
    policy = read_yaml(folder / "kubernetes" / "networkpolicy.yaml")["spec"]
    assert policy["egress"] == []
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    compose = read_yaml(folder / "compose.yaml")
    for name, service in compose["services"].items():
        inside = [network for network in service["networks"] if compose["networks"][network].get("internal")]
        assert inside == ["inside"], name
        assert name == "proxy" or set(service["networks"]) == {"inside"}
    assert read_unit(folder / "systemd" / "cicakg.service")["Service"]["IPAddressDeny"] == "any"


def test_labels_select_the_pods(folder: Path) -> None:
    """Service, policy, budget and Deployment select the pods that the Deployment makes."""
    kubernetes = folder / "kubernetes"
    deployment = read_yaml(kubernetes / "deployment.yaml")["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    assert read_yaml(kubernetes / "service.yaml")["spec"]["selector"] == labels
    assert read_yaml(kubernetes / "networkpolicy.yaml")["spec"]["podSelector"]["matchLabels"] == labels
    budget = read_yaml(kubernetes / "poddisruptionbudget.yaml")["spec"]
    assert budget["selector"]["matchLabels"] == deployment["selector"]["matchLabels"] == labels
    assert budget["minAvailable"] < deployment["replicas"]


def test_every_manifest_is_applied(folder: Path) -> None:
    """The kustomization names every manifest beside it."""
    kubernetes = folder / "kubernetes"
    named = set(read_yaml(kubernetes / "kustomization.yaml")["resources"])
    assert named == {path.name for path in kubernetes.glob("*.yaml")} - {"kustomization.yaml"}


def test_addresses_agree(folder: Path) -> None:
    """The proxy asks each replica where Compose puts it, and the replicas believe the proxy where it is."""
    services = read_yaml(folder / "compose.yaml")["services"]
    addresses = {name: service["networks"]["inside"]["ipv4_address"] for name, service in services.items()}
    proxy = addresses.pop("proxy")
    text = (folder / "nginx" / "replicas.conf").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^server (\S+):8000 ", text, re.MULTILINE)) == sorted(addresses.values())
    for name in addresses:
        assert options(services[name]["command"])["--trusted-proxy"] == proxy


def test_alerts_ask_for_figures_there_are(project: Path, folder: Path) -> None:
    """Each figure an alert asks for is in the documentation of /metrics."""
    documented = (project / "docs" / "api.md").read_text(encoding="utf-8")
    rules = read_yaml(folder / "alerts.yaml")["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"cicakg_[a-z_]+", rule["expr"])}
    assert len(asked) >= 7
    assert [name for name in asked if f"`{name}" not in documented] == []


def test_every_limit_is_documented(project: Path) -> None:
    """docs/operating.md names every option of `cicakg serve`."""
    known = CliRunner().invoke(main, ["serve", "--help"], obj=None).output
    text = (project / "docs" / "operating.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^  (--[a-z-]+)", known, re.MULTILINE))
    assert [option for option in sorted(named) if f"`{option}" not in text] == []
