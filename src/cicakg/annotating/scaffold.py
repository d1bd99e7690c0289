"""The beginning of an article's file: what the text alone tells, and what a person must add."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, Final

from pyoxigraph import Literal

from cicakg.annotating.articles import AnnotatedArticle, Span, article_of, article_paths
from cicakg.annotating.language_guess import Guess, guess_language
from cicakg.annotating.texts import ArticleText
from cicakg.annotating.years import guess_year
from cicakg.corpus import SourceFile, read_strictly
from cicakg.errors import CicakgError
from cicakg.export import write_atomically
from cicakg.languages import standard_tag
from cicakg.model import FileKind
from cicakg.paths import SLUG, DatasetFolder, article_graph, article_iri, is_article_slug, slug_of
from cicakg.vocab import PREFIXES

GUIDELINE: Final = "https://w3id.org/cicakg/guideline/1"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
SHORT_LINE: Final = 40
"""Up to how many code points a line without a full stop may be furniture of the page."""

_IDENTIFIER: Final = re.compile(r"[0-9]+_[0-9a-f]{16}")
_ENDS_SENTENCE: Final = (".", "!", "?", "؟", "…")
_ALWAYS: Final = ("cica", "dcterms", "id", "modality", "rdf", "rdfs", "xsd")


@dataclass(frozen=True, slots=True)
class Choice:
    """A slug, the language in it, and one sentence each on where year and language come from."""

    slug: str
    language: str
    year_reason: str
    language_reason: str


def choose_slug(text: ArticleText, language: str | None, slug: str | None) -> Choice:
    """Choose what the article is called.

    *slug* is a whole slug (``2024-ar-senate-talks``), only its words (``senate-talks``), or ``None``: then
    the words are the file's name. *language* is the annotator's word for it. Raises :class:`CicakgError`
    where year, language or words are neither given nor clear.
    """
    given = SLUG.fullmatch(slug or "")
    tag, language_reason = _language(text, language or (given["language"] if given else None))
    if given and tag.partition("-")[0] != given["language"]:
        raise CicakgError(
            "slug-invalid",
            f"The slug {slug} says the language is {given['language']}, --lang says {tag}.",
            "Leave out --lang, or give a slug with that language.",
        )
    if given:
        return Choice(given[0], tag, "given by the annotator", language_reason)
    year, year_reason = _year(text)
    whole = f"{year}-{tag.partition('-')[0]}-{_slug_words(text, slug)}"
    return Choice(whole, tag, year_reason, language_reason)


def _language(text: ArticleText, given: str | None) -> tuple[str, str]:
    guess = guess_language(text.text)
    if given is not None:
        if standard_tag(given) != given:
            better = standard_tag(given)
            fix = f"Write {better}." if better else "Write the tag of a language, such as ar, kk or ms."
            raise CicakgError("language-invalid", f"{given} is not a standard language tag.", fix)
        return given, f"given by the annotator; {_second_opinion(guess, given)}"
    if guess.tag is None:
        raise CicakgError(
            "language-unclear",
            f"The language of {text.path.name} cannot be told: {guess.reason}.",
            "Name it with --lang TAG.",
        )
    return guess.tag, f"guessed: {guess.reason}"


def _second_opinion(guess: Guess, given: str) -> str:
    if guess.tag == given:
        return f"the text agrees: {guess.reason}"
    if guess.tag is None:
        return f"the text alone does not tell: {guess.reason}"
    return f"but the text looks like {guess.tag}: {guess.reason}"


def _year(text: ArticleText) -> tuple[str, str]:
    guess = guess_year(text.text)
    if guess.year is None:
        raise CicakgError(
            "year-unclear",
            f"The year of {text.path.name} cannot be told from the text: {guess.reason}.",
            "Name the article with --slug <year>-<lang>-<words>, where the year may be your estimate.",
        )
    return guess.year, f"guessed: {guess.reason}"


def _slug_words(text: ArticleText, slug: str | None) -> str:
    found = slug if slug is not None else "-".join(re.findall("[a-z0-9]+", text.path.stem.lower()))
    if not is_article_slug(f"2000-en-{found}"):
        raise CicakgError(
            "slug-invalid",
            f"{found or text.path.name} gives no name for an article: it takes small Latin letters, digits, "
            "and hyphens between them.",
            "Name the article with --slug, such as --slug 2024-ar-senate-talks.",
        )
    return found


def scaffold(folder: DatasetFolder, text: ArticleText, choice: Choice, today: date) -> str:
    """Return the file, as Turtle, for *text*; comments say what a person must fill in.

    Raises :class:`CicakgError` (``text-annotated``) where the dataset has an article with the same text.
    """
    annotated = _article_files(folder)
    _refuse_twice(text, (article_of(one) for one in annotated))
    prefixes = {one: PREFIXES[one] for one in _ALWAYS}
    for file in annotated:
        prefixes.update(file.document.prefixes)
    return "\n".join(
        [*_head(prefixes, choice), *_annotation_set(choice, today), *_article(text, choice), *_claims(text)]
    )


def _article_files(folder: DatasetFolder) -> list[SourceFile]:
    found = []
    for path in article_paths(folder):
        try:
            found.append(read_strictly(path, FileKind.ARTICLE))
        except CicakgError:
            continue  # somebody is writing in it; cicakg check says what is wrong with it
    return found


def _refuse_twice(text: ArticleText, articles: Iterable[AnnotatedArticle]) -> None:
    twin = next((one for one in articles if one.digest == text.digest), None)
    if twin is not None:
        raise CicakgError(
            "text-annotated",
            f"{text.path.name} is the text of {twin.slug}: the digests are the same.",
            f"Go on in {twin.path}.",
        )


def _head(prefixes: Mapping[str, str], choice: Choice) -> list[str]:
    lines = [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(prefixes.items())]
    return [*lines, f"@base <{article_iri(choice.slug)}> .", ""]


def _annotation_set(choice: Choice, today: date) -> list[str]:
    return [
        f"<{article_graph(choice.slug).value}> a cica:AnnotationSet ;",
        "    dcterms:subject <> ;",
        '    # TODO  dcterms:creator "…" ;   who annotates',
        f'    dcterms:created "{today.isoformat()}"^^xsd:date ;',
        f"    dcterms:conformsTo <{GUIDELINE}> ;",
        f"    dcterms:license <{LICENCE}> .",
        "",
    ]


def _article(text: ArticleText, choice: Choice) -> list[str]:
    identifier = text.path.stem
    lines = list(_lines(text.text))
    furniture = ", ".join(_written(one) for one in lines if _is_short(text.text, one))
    return [
        f"# Language {choice.language}, {choice.language_reason}.",
        f"# Year {choice.slug[:4]} in the article's name, {choice.year_reason}.",
        "# A name stays once something refers to it. For another, delete this file now: cicakg new --slug.",
        "<> a cica:Article ;",
        *_identifier_note(identifier),
        f"    dcterms:identifier {Literal(identifier)} ;",
        f'    # TODO  dcterms:title "…"@{choice.language} ;   the headline as it stands; of the first lines,',
        f"    #       perhaps {', '.join(_written(one) for one in lines[:4])}",
        f'    dcterms:language "{choice.language}" ;',
        f'    # TODO  dcterms:issued "{choice.slug[:4]}-…"^^xsd:date ;   only if the text gives it; else',
        "    #       cica:earliest …, cica:latest …, and an rdfs:comment in English that says why",
        "    # TODO  dcterms:publisher id:… ;   the outlet, if the text names it (cicakg find NAME)",
        "    # TODO  cica:excludedPassage <#char=…> ;   what is not article text: counters, forms, credits",
        *([f"    #       short lines, furniture or headings: {furniture}"] if furniture else []),
        f"    cica:textLength {len(text.text)} ;",
        f'    cica:digest "{text.digest}" .',
        "",
    ]


def _identifier_note(identifier: str) -> list[str]:
    if _IDENTIFIER.fullmatch(identifier):
        return []
    return [
        "    # TODO  the text's file is not called <number>_<16 hexadecimal digits>.txt: rename it, and here"
    ]


def _claims(text: ArticleText) -> list[str]:
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", "?", text.path.name)
    return [
        "# TODO the claims, in the order of the text (docs/annotating.md), each as",
        "#",
        "# <#c01> a cica:Claim ;",
        "#     rdf:subject id:… ;",
        "#     rdf:predicate cica:… ;",
        "#     rdf:object id:… ;",
        "#     cica:modality modality:fact ;",
        "#     cica:evidence <#char=…> .",
        "#",
        f"# cicakg suggest {name} finds the known entities in it, cicakg span the characters,",
        "# cicakg coverage what is left to read.",
        "",
    ]


def _lines(text: str) -> Iterable[Span]:
    """Return the span of each line with something on it, without white space around it."""
    for found in re.finditer(r"[^\r\n]+", text):
        part = found[0]
        if part.strip():
            start = found.start() + len(part) - len(part.lstrip())
            yield start, start + len(part.strip())


def _is_short(text: str, line: Span) -> bool:
    words = text[slice(*line)]
    return len(words) <= SHORT_LINE and not words.endswith(_ENDS_SENTENCE)


def _written(span: Span) -> str:
    return f"<#char={span[0]},{span[1]}>"


def destination(folder: DatasetFolder, slug: str, output: Path | None) -> Path:
    """Return where the file of the article *slug* goes: *output*, or its place in the dataset.

    Raises :class:`CicakgError` where *output* has another name than the slug says, or the dataset is the
    one installed with the program.
    """
    if output is not None:
        if slug_of(output) != slug or output.suffix != ".ttl":
            raise CicakgError(
                "output-name",
                f"The article is called {slug}, so its file cannot be called {output.name}.",
                f"Write to {output.with_name(slug + '.ttl')}, or name the article with --slug.",
            )
        return output
    if Path(str(files("cicakg"))).resolve() in folder.root.resolve().parents:
        raise CicakgError(
            "dataset-installed",
            f"The dataset in {folder.root} came with the program and is not the place to annotate in.",
            "Change into a checkout of the project, name it with --root, or name a file with -o.",
        )
    return folder.articles / slug[:4] / f"{slug}.ttl"


def write_new(path: Path, turtle: str) -> None:
    """Write *turtle* to *path*, whole or not at all; a file that is there is never overwritten.

    Raises :class:`CicakgError` (``output-exists``, ``output-unwritable``).
    """
    data = turtle.encode("utf-8")

    def put(file: BinaryIO) -> None:
        file.write(data)

    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(beside, put)
        os.link(beside, path)  # unlike a move, fails where something is
    except FileExistsError:
        raise CicakgError(
            "output-exists",
            f"{path} is there already and is not overwritten.",
            "Go on in that file, or name the new article otherwise with --slug.",
        ) from None
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise CicakgError(
            "output-unwritable",
            f"{path} cannot be written: {reason}.",
            "Name a file in a folder that is yours.",
        ) from None
    finally:
        beside.unlink(missing_ok=True)
