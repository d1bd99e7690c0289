"""The words SPARQL knows: the keywords and built-in functions of SPARQL 1.1, and of 1.2 as far as the
engine reads it.

Source: the grammar in https://www.w3.org/TR/sparql11-query/#sparqlGrammar and
https://www.w3.org/TR/sparql12-query/#sparqlGrammar.
"""

from __future__ import annotations

from typing import Final

# fmt: off
KEYWORDS: Final = frozenset(
    {
        "A", "ADJUST", "AS", "ASC", "ASK", "BASE", "BIND", "BY", "CONSTRUCT", "DESC", "DESCRIBE",
        "DISTINCT", "EXISTS", "FALSE", "FILTER", "FROM", "GRAPH", "GROUP", "HAVING", "IN",
        "LATERAL", "LIMIT", "MINUS", "NAMED", "NOT", "OFFSET", "OPTIONAL", "ORDER", "PREFIX",
        "REDUCED", "SELECT", "SEPARATOR", "SERVICE", "SILENT", "TRUE", "UNDEF", "UNION", "VALUES",
        "VERSION", "WHERE", "ABS", "AVG", "BNODE", "BOUND", "CEIL", "COALESCE", "CONCAT",
        "CONTAINS", "COUNT", "DATATYPE", "DAY", "ENCODE_FOR_URI", "FLOOR", "GROUP_CONCAT",
        "HASLANG", "HASLANGDIR", "HOURS", "IF", "IRI", "ISBLANK", "ISIRI", "ISLITERAL", "ISNUMERIC",
        "ISTRIPLE", "ISURI", "LANG", "LANGDIR", "LANGMATCHES", "LCASE", "MAX", "MD5", "MIN",
        "MINUTES", "MONTH", "NOW", "OBJECT", "PREDICATE", "RAND", "REGEX", "REPLACE", "ROUND",
        "SAMETERM", "SAMPLE", "SECONDS", "SHA1", "SHA256", "SHA384", "SHA512", "STR", "STRAFTER",
        "STRBEFORE", "STRDT", "STRENDS", "STRLANG", "STRLANGDIR", "STRLEN", "STRSTARTS", "STRUUID",
        "SUBJECT", "SUBSTR", "SUM", "TIMEZONE", "TRIPLE", "TZ", "UCASE", "URI", "UUID", "YEAR",
    }
)
# fmt: on
"""Every word in capitals; SPARQL ignores their case (but for ``a``)."""
