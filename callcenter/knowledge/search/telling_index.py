"""Each way in which an entry is asked or told, as a short text of its own: what counts is the one that is most like
the caller's words, not how often all of them together use these words. In memory, built anew with the entries."""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from callcenter.knowledge.search.meaning import Meanings
from callcenter.knowledge.search.plan import Plan
from callcenter.knowledge.search.text import is_han, pieces, runs, tokens

SIGN = 0.4
"""A single character against a pair of them: 娃 and 打 tell something, and no dictionary is asked where words end."""
OTHER_NAME = 0.7
"""Another name of a word against the word itself, shared among its names."""
LOOKED_AT = 60
MEANT = 45.0
"""For a telling that means the same, beside one that is written the same (20 to 50)."""
NEXT_BEST = 3
NEXT_WORTH = 0.15
"""So many further tellings of an entry count a little: two that are alike are surer than one."""
LIKEST, NEARLY = 3, 0.7
"""Entries that are shown for their tellings alone: at most so many, and as like as this share of the likest."""
WRITER_BYTES = 15_000_000


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("pair", "sign"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("at", stored=True)
    return builder.build()


_SCHEMA = schema()


def build(asked: Iterable[Sequence[str]]) -> tantivy.Index:
    """`asked`: of every entry, in the order of the entries."""
    index = tantivy.Index(_SCHEMA)
    writer = index.writer(WRITER_BYTES, 1)
    for at, tellings in enumerate(asked):
        for telling in tellings:
            document = tantivy.Document()
            document.add_text("pair", " ".join(tokens(telling)))
            document.add_text("sign", " ".join(_signs(telling)))
            document.add_unsigned("at", at)
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def told(searcher: tantivy.Searcher, meanings: Meanings, plan: Plan) -> dict[int, float]:
    """Place of an entry -> how like the caller's words its tellings are, in letters and in sense, the likest first."""
    worth: dict[int, float] = {}
    for hits, weight in ((_written(searcher, plan), 1.0), (meanings.near(plan.text), MEANT)):
        found: dict[int, list[float]] = {}
        for score, at in hits:
            found.setdefault(at, []).append(score)
        for at, scores in found.items():
            worth[at] = worth.get(at, 0.0) + weight * (scores[0] + NEXT_WORTH * sum(scores[1 : 1 + NEXT_BEST]))
    return dict(sorted(worth.items(), key=lambda item: (-item[1], item[0])))


def _written(searcher: tantivy.Searcher, plan: Plan) -> list[tuple[float, int]]:
    query = _query(plan)
    if query is None:
        return []
    hits = searcher.search(query, LOOKED_AT, count=False).hits
    return [(score, searcher.doc(address).to_dict()["at"][0]) for score, address in hits]


def likest(found: dict[int, float]) -> frozenset[int]:
    best = max(found.values(), default=0.0)
    return frozenset(at for at in list(found)[:LIKEST] if found[at] >= NEARLY * best)


def _query(plan: Plan) -> Query | None:
    parts = [_term("pair", pair, 1.0) for pair in dict.fromkeys(tokens(plan.text))]
    parts += [_term("sign", sign, SIGN) for sign in dict.fromkeys(_signs(plan.text))]
    for _, *names in plan.words:
        for name in names:
            same = [piece for run in runs(name) for piece in pieces(run)]
            field = "pair" if len(name) > 1 else "sign"
            parts += [_term(field, piece, OTHER_NAME / len(same) / len(names) ** 0.5) for piece in same]
    return Query.boolean_query([(Occur.Should, part) for part in parts]) if parts else None


def _term(field: str, word: str, weight: float) -> Query:
    return Query.boost_query(Query.term_query(_SCHEMA, field, word), weight)


def _signs(text: str) -> list[str]:
    return [sign for run in runs(text) if is_han(run) for sign in run]
