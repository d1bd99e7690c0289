"""Annotations made by hand, for tests of what is computed from them."""

from __future__ import annotations

from pathlib import Path

from cicakg.annotating.articles import AnnotatedArticle, Claim, Span


def claim(name: str, *evidence: Span, modality: str = "fact") -> Claim:
    """Return a claim with that evidence; what it says does not matter here."""
    return Claim(name, modality, f"{name} says something", evidence, frozenset())


def article(
    *claims: Claim, excluded: tuple[Span, ...] = (), language: str = "ms", length: str = ""
) -> AnnotatedArticle:
    """Return an article's annotation with those claims."""
    return AnnotatedArticle(
        path=Path("2031-ms-test.ttl"),
        slug="2031-ms-test",
        language=language,
        title="",
        identifier="900_0000000000000000",
        digest="",
        length=length,
        claims=claims,
        excluded=excluded,
    )
