"""What the web layer is given, as values: nothing here is read again while the server runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from cicakg.corpus import read_source, source_paths, written_quads
from cicakg.errors import CicakgError
from cicakg.examples import Example, read_examples
from cicakg.export.context import make_context
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder
from cicakg.sparql.request import Budget
from cicakg.vocab import PREFIXES
from cicakg.web.protocol import RequestLimits
from cicakg.web.wording import Wording, read_wordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One server's content beside the graph itself.

    ``examples`` are the competency questions; ``context`` is the JSON-LD ``@context`` object; ``guideline``
    says in Markdown how articles are annotated;
    ``wordings`` are the words of the pages, by language;
    ``public_url`` is the address users see where a proxy stands in front, without a trailing slash, and
    ``None`` where each request's own Host says it; ``budget`` is what one query may spend;
    ``services`` are the beginnings of the addresses that SERVICE may call.
    """

    examples: tuple[Example, ...]
    context: Mapping[str, object]
    version: str
    guideline: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    wordings: Mapping[str, Wording] = field(default_factory=read_wordings)
    public_url: str | None = None
    budget: Budget = field(default_factory=Budget)
    limits: RequestLimits = field(default_factory=RequestLimits)
    services: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.public_url is not None and not self.public_url.startswith(("http://", "https://")):
            raise CicakgError(
                "bad-public-url",
                f"The public address “{self.public_url}” is not one: it has to start with http:// or https://.",
                "Give the whole address users see, such as https://cica.example.org.",
            )


def read_site(folder: DatasetFolder, budget: Budget, public_url: str | None) -> Site:
    """Read what the pages need from *folder*; faults in it are :class:`CicakgError`."""
    ontology = (read_source(path, kind) for path, kind in source_paths(folder) if kind is FileKind.ONTOLOGY)
    return Site(
        examples=read_examples(folder),
        context=make_context(quad for file in ontology for quad in written_quads(file)),
        version=version("cicakg"),
        guideline=folder.guideline.read_text(encoding="utf-8") if folder.guideline.is_file() else None,
        public_url=public_url.rstrip("/") if public_url else None,
        budget=budget,
    )


def bare_site(budget: Budget, public_url: str | None) -> Site:
    """Return a site around data that are not the dataset: it has no example queries and no guideline."""
    return Site(
        examples=(),
        context=make_context(()),
        version=version("cicakg"),
        public_url=public_url.rstrip("/") if public_url else None,
        budget=budget,
    )
