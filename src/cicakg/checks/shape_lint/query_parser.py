"""From the tokens of a SELECT query to its patterns.

pyoxigraph is the judge of what is SPARQL, and has read the query before; this parser says what the query
matches and where that stands. What it does not know (RDF 1.2, LATERAL, nesting without end) is an
:class:`UnreadableQueryError`, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cicakg.checks.shape_lint.patterns import (
    Bind,
    Edge,
    Element,
    Elsewhere,
    Expression,
    Filter,
    Group,
    Minus,
    Node,
    Optional,
    Path,
    Select,
    Triples,
    Union,
    Values,
)
from cicakg.checks.shape_lint.query_paths import PathReader
from cicakg.checks.shape_lint.query_words import QueryWords, UnreadableQueryError
from cicakg.sparql.tokens import Token, TokenKind

_AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_AFTER_GROUP: Final = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_TERMS: Final = frozenset({TokenKind.IRI, TokenKind.NAME, TokenKind.NUMBER, TokenKind.STRING, TokenKind.WORD})


def parse_select(text: str) -> Select:
    """Return the patterns of the SELECT query *text*, read by pyoxigraph before.

    Raises :class:`UnreadableQueryError` where it is none, or says something this parser does not know.
    """
    words = QueryWords.of(text)
    parser = _Parser(words)
    while words.skips("PREFIX"):
        words.take()
        words.take()
    while words.skips("BASE"):
        words.take()
    select = parser.select()
    words.expect_end()
    return select


@dataclass
class _Parser:
    words: QueryWords
    _anonymous: int = 0
    _edges: list[Edge] = field(default_factory=list)

    # SELECT

    def select(self) -> Select:
        """Read a SELECT from its keyword to the end of its solution modifiers."""
        offset = self.words.expect("SELECT").start
        self.words.skips("DISTINCT", "REDUCED")
        projected, computed = self._projection()
        if self.words.peek().is_word("FROM"):
            raise UnreadableQueryError(self.words.peek().start)
        self.words.skips("WHERE")
        group = self.group()
        keys, conditions, cut = self._modifiers()
        values = self._values() if self.words.skips("VALUES") else None
        if keys is None and any(_has_aggregate(one) for one in (*(e for e, _ in computed), *conditions)):
            keys = frozenset()
        names = None if projected is None else tuple(projected)
        return Select(names, tuple(computed), group, keys, tuple(conditions), cut, values, offset)

    def _projection(self) -> tuple[list[str] | None, list[tuple[Expression, str]]]:
        if self.words.skips("*"):
            return None, []
        projected: list[str] = []
        computed: list[tuple[Expression, str]] = []
        while True:
            token = self.words.peek()
            if token.kind is TokenKind.VARIABLE:
                projected.append(_variable(self.words.take()))
            elif token.text == "(":
                computed.append(self._named_expression())
                projected.append(computed[-1][1])
            else:
                return projected, computed

    def _named_expression(self) -> tuple[Expression, str]:
        """Read ``( expression AS ?name )``."""
        self.words.expect("(")
        expression = self._expression_until("AS")
        name = _variable(self.words.take())
        self.words.expect(")")
        return expression, name

    def _modifiers(self) -> tuple[frozenset[str] | None, list[Expression], int | None]:
        keys: frozenset[str] | None = None
        conditions: list[Expression] = []
        cut: int | None = None
        while self.words.at("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"):
            word = self.words.take()
            if word.is_word("LIMIT", "OFFSET"):
                cut = word.start
                self.words.take()
            elif word.is_word("GROUP"):
                self.words.expect("BY")
                keys = frozenset(one for one in map(self._key, self._conditions()) if one)
            else:
                self.words.skips("BY")
                conditions.extend(self._conditions())
        return keys, conditions, cut

    def _key(self, condition: Expression) -> str | None:
        """Return the variable that is grouped by, ``None`` where it is an expression."""
        return condition.variable

    def _conditions(self) -> list[Expression]:
        """Read the items of GROUP BY, HAVING or ORDER BY."""
        found: list[Expression] = []
        while not self.words.is_at_end() and self.words.peek().text != "}":
            if self.words.at(*_AFTER_GROUP):
                break
            self.words.skips("ASC", "DESC")
            found.append(self._constraint())
        return found

    # Groups

    def group(self) -> Group:
        """Read what stands between braces."""
        self.words.open("{")
        if self.words.at("SELECT"):
            elements: list[Element] = [self.select()]
        else:
            elements = self._elements()
        self.words.close("}")
        return Group(tuple(elements))

    def _elements(self) -> list[Element]:
        found: list[Element] = []
        edges: list[Edge] = []  # FILTER does not end a basic graph pattern (section 5.1.1 of SPARQL)
        while self.words.peek().text != "}":
            if self.words.skips("."):
                continue
            element = self._element()
            if isinstance(element, Triples):
                edges.extend(element.edges)
                continue
            if not isinstance(element, Filter) and edges:
                found.append(Triples(tuple(edges)))
                edges.clear()
            found.append(element)
        return [*found, Triples(tuple(edges))] if edges else found

    def _element(self) -> Element:
        token = self.words.peek()
        if token.text == "{":
            return self._group_or_union()
        if not token.is_word("FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS", "GRAPH", "SERVICE"):
            return self._triples()
        return self._of_keyword(self.words.take())

    def _of_keyword(self, word: Token) -> Element:
        match word.text.upper():
            case "FILTER":
                return Filter(self._constraint())
            case "BIND":
                return Bind(*self._named_expression())
            case "VALUES":
                return self._values()
            case "OPTIONAL":
                return Optional(self.group())
            case "MINUS":
                return Minus(self.group(), word.start)
        self.words.skips("SILENT")
        self.words.take()
        return Elsewhere(word.text.upper(), self.group(), word.start)

    def _group_or_union(self) -> Element:
        groups = [self.group()]
        while self.words.skips("UNION"):
            groups.append(self.group())
        return groups[0] if len(groups) == 1 else Union(tuple(groups))

    def _values(self) -> Values:
        offset = self.words.peek().start
        is_many = self.words.skips("(")
        names: list[str] = []
        while self.words.peek().kind is TokenKind.VARIABLE:
            names.append(_variable(self.words.take()))
        if is_many:
            self.words.expect(")")
        self.words.expect("{")
        undefined = self._undefined_columns(len(names), is_many)
        bound = frozenset(name for column, name in enumerate(names) if column not in undefined)
        return Values(tuple(names), bound, offset)

    def _undefined_columns(self, width: int, is_many: bool) -> set[int]:
        """Read the rows of VALUES; return the columns that are UNDEF in one of them."""
        found: set[int] = set()
        column = 0
        while not self.words.skips("}"):
            if is_many and (self.words.skips("(") or self.words.skips(")")):
                column = 0
                continue
            if self.words.at("UNDEF"):
                found.add(column % width if width else 0)
            self._constant()
            column += 1
        return found

    # Triples

    def _triples(self) -> Triples:
        before, self._edges = self._edges, []
        is_bare = self.words.peek().text in "[("
        subject = self._node()
        if not (is_bare and self._is_statement_over()):
            self._properties(subject)
        edges, self._edges = self._edges, before
        return Triples(tuple(edges))

    def _is_statement_over(self) -> bool:
        return self.words.peek().text in {".", "}", "{"} or self.words.at(
            "FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS", "GRAPH", "SERVICE"
        )

    def _properties(self, subject: Node) -> None:
        while True:
            path = PathReader(self.words).verb()
            while True:
                self._edges.append(Edge(subject, self._node(), path))
                if not self.words.skips(","):
                    break
            if not self.words.skips(";"):
                return
            while self.words.skips(";"):
                pass
            if self.words.peek().text == "]" or self._is_statement_over():
                return

    def _node(self) -> Node:
        token = self.words.peek()
        if token.kind is TokenKind.VARIABLE:
            return Node(_variable(self.words.take()), token.start)
        if token.kind is TokenKind.BLANK:
            return Node(self.words.take().text, token.start)
        if token.text == "[":
            return self._properties_of_nobody()
        if token.text == "(":
            return self._collection()
        return Node(self._constant(), token.start)

    def _nobody(self, offset: int) -> Node:
        self._anonymous += 1
        return Node(f"_:[{self._anonymous}]", offset)

    def _properties_of_nobody(self) -> Node:
        node = self._nobody(self.words.open("[").start)
        if self.words.peek().text != "]":
            self._properties(node)
        self.words.close("]")
        return node

    def _collection(self) -> Node:
        """Read a collection; its cells are gone through from the first one on."""
        first = cell = self._nobody(self.words.open("(").start)
        while self.words.peek().text != ")":
            item = self._node()
            self._edges.append(Edge(cell, item, Path()))
            following = self._nobody(item.offset)
            self._edges.append(Edge(cell, following, Path()))
            cell = following
        self.words.close(")")
        return first

    def _constant(self) -> str:
        """Read an IRI, a literal with its tag or datatype, or UNDEF; return it as it stands."""
        sign = self.words.take().text if self.words.peek().text in {"+", "-"} else ""
        token = self.words.take()
        if token.kind not in _TERMS:
            raise UnreadableQueryError(token.start)
        text = sign + token.text
        if token.kind is not TokenKind.STRING:
            return text
        if not self.words.is_at_end() and self.words.peek().kind is TokenKind.LANGUAGE:
            return text + self.words.take().text
        if self.words.skips("^"):
            self.words.expect("^")
            return f"{text}^^{self.words.take().text}"
        return text

    # Expressions

    def _constraint(self) -> Expression:
        """Read what follows FILTER, HAVING, GROUP BY or ORDER BY: a variable, a call, EXISTS, or brackets."""
        token = self.words.peek()
        if token.kind is TokenKind.VARIABLE:
            return Expression((self.words.take(),))
        if token.is_word("NOT", "EXISTS"):
            taken = [self.words.take()]
            if token.is_word("NOT"):
                taken.append(self.words.expect("EXISTS"))
            return Expression(tuple(taken), (self.group(),))
        head: tuple[Token, ...] = ()
        if token.text != "(":
            head = (self.words.take(),)
        return self._brackets(head)

    def _brackets(self, head: tuple[Token, ...]) -> Expression:
        opened = self.words.open("(")
        inside = self._expression_until(")")
        return Expression((*head, opened, *inside.tokens), inside.exists)

    def _expression_until(self, last: str) -> Expression:
        """Read an expression up to and with the keyword or bracket *last*, brackets within matched."""
        taken: list[Token] = []
        exists: list[Group] = []
        depth = 0
        while True:
            if depth == 0 and self.words.at(last):
                self.words.take() if last != ")" else self.words.close(")")
                return Expression(tuple(taken), tuple(exists))
            token = self.words.take()
            depth += (token.text == "(") - (token.text == ")")
            if token.text in {"{", "}"} or depth < 0:
                raise UnreadableQueryError(token.start)
            taken.append(token)
            if token.is_word("EXISTS"):
                exists.append(self.group())


def _variable(token: Token) -> str:
    if token.kind is not TokenKind.VARIABLE:
        raise UnreadableQueryError(token.start)
    return "?" + token.text[1:]


def _has_aggregate(expression: Expression) -> bool:
    return any(one.is_word(*_AGGREGATES) for one in expression.tokens)
