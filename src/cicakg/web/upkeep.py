"""What one server keeps over its life, through every snapshot it serves: answers, figures, a log."""

from __future__ import annotations

from dataclasses import dataclass, field

from cicakg.web.clients import TrustedProxies
from cicakg.web.codings import Coding, find_codings
from cicakg.web.keeping import ResultCache
from cicakg.web.metrics import Metrics
from cicakg.web.records import Record
from cicakg.web.request_log import RequestLog
from cicakg.web.soundness import Soundness


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The parts of a server that outlive a snapshot. By default it logs nothing and trusts no proxy."""

    cache: ResultCache = field(default_factory=ResultCache)
    metrics: Metrics = field(default_factory=Metrics)
    log: RequestLog = field(default_factory=RequestLog)
    proxies: TrustedProxies = field(default_factory=TrustedProxies)
    codings: tuple[Coding, ...] = field(default_factory=find_codings)
    soundness: Soundness = field(default_factory=Soundness)

    def note(self, record: Record) -> None:
        """Count a request that is over and write its line."""
        self.metrics.count(record)
        self.log.write(record)

    @property
    def dropped(self) -> int:
        """How many lines the log had to drop."""
        return self.log.sink.dropped if self.log.sink is not None else 0
