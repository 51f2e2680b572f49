"""Plan -> tantivy query. All ranking is tantivy's BM25; what is ours are the weights below."""

from collections.abc import Sequence
from typing import Literal

from tantivy import FieldType, Occur, Query, Schema

from callcenter.knowledge.search.entry_index import cite_key
from callcenter.knowledge.search.plan import Plan
from callcenter.knowledge.search.text import is_han, pieces, runs, stems

OWN_WORD = 0.5
"""A word as the caller said it: statutes rarely use it in the same sense, so it counts half of their own wording."""
PART_OF_WORD = 0.15
"""Pairs of characters of a longer word: finds what a dictionary cuts otherwise."""
LONG_PHRASE = 8
"""Characters. BM25 adds up the rarity of all parts of a phrase: a long quotation would drown everything else."""
LIKELY_LAW = 12.0
"""For an article of a statute that the matter is most likely found in; about what two apt words are worth."""
TIE = 0.1
"""Of the several names of one thing the best counts, the others this much."""

STATUTE_FIELDS = (("text", 1.0), ("heading", 0.6), ("law", 0.8))
ENTRY_FIELDS = (("questions", 1.0), ("title", 1.2), ("asked_as", 0.8), ("body", 0.3))
ENTRY_PART = 0.35
"""Questions are put in callers' words: parts of words tell more here than in statutes."""
ENTRY_WORDING = 0.25
ENTRY_CITES = 5.0
"""For an entry that cites the article found first, less for the later ones: two ways to the same answer agree."""

Validity = Literal["current", "future", "expired"]
Clauses = list[tuple[Occur, Query]]
Fields = Sequence[tuple[str, float]]


def statute_query(schema: Schema, plan: Plan) -> Query:
    clauses: Clauses = []
    for phrase, weight in plan.wording:
        add(clauses, _found(schema, phrase, (("text", 1.0),)), weight * min(1.0, LONG_PHRASE / len(phrase)))
    for law, weight in plan.laws:
        clauses.append(
            (Occur.Should, Query.const_score_query(Query.term_query(schema, "name", law), LIKELY_LAW * weight))
        )
    _own_words(clauses, schema, plan, STATUTE_FIELDS, OWN_WORD, PART_OF_WORD)
    return Query.boolean_query(clauses)


def referenced(schema: Schema, query: Query, law: str | None, article: str) -> Query:
    """Only that article, of one statute or of any."""
    clauses: Clauses = [
        (Occur.Must, Query.const_score_query(Query.term_query(schema, "number", article), 0.0)),
        (Occur.Should, query),
    ]
    if law:
        clauses.append((Occur.Must, Query.const_score_query(Query.term_query(schema, "name", law), 0.0)))
    return Query.boolean_query(clauses)


def valid_on(schema: Schema, query: Query, day: int, wanted: Validity) -> Query:
    """Only what is law on that day, or will be, or was. Few articles are to come or past: those are looked up."""
    expired = Query.range_query(schema, "until", FieldType.Integer, None, day, use_inverted_index=True)
    to_come = Query.range_query(schema, "since", FieldType.Integer, day + 1, None, use_inverted_index=True)
    clauses: Clauses = [(Occur.Must, query)]
    if wanted == "current":
        clauses += [(Occur.MustNot, expired), (Occur.MustNot, to_come)]
    elif wanted == "future":
        clauses += [(Occur.Must, Query.const_score_query(to_come, 0.0)), (Occur.MustNot, expired)]
    else:
        clauses.append((Occur.Must, Query.const_score_query(expired, 0.0)))
    return Query.boolean_query(clauses)


def only_laws(schema: Schema, query: Query, laws: Sequence[str]) -> Query:
    named = Query.term_set_query(schema, "name", list(laws))
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(named, 0.0))])


def within_law(schema: Schema, law: str, words: str) -> Query:
    """Articles of one statute, those with most of the words first."""
    pairs = [_stretch(schema, "text", [pair]) for run in runs(words) for pair in pieces(run)]
    return only_laws(schema, Query.boolean_query([(Occur.Should, pair) for pair in pairs]), [law])


def exactly(schema: Schema, phrase: str) -> Query | None:
    """Articles with the phrase as it is written."""
    return _found(schema, phrase, (("text", 1.0),))


def entry_query(schema: Schema, plan: Plan, articles: Sequence[tuple[str, str]]) -> Query:
    """`articles`: (law, number) of the statutes found for the same plan, the best first."""
    clauses: Clauses = []
    _own_words(clauses, schema, plan, ENTRY_FIELDS, 1.0, ENTRY_PART)
    for phrase, weight in plan.wording:
        add(clauses, _found(schema, phrase, (("body", 1.0), ("questions", 1.0))), ENTRY_WORDING * weight)
    for stem in stems(plan.text):
        add(clauses, Query.term_query(schema, "stem", stem), ENTRY_PART)
    for place, (law, number) in enumerate(articles):
        cites = Query.term_query(schema, "cites", cite_key(law, number))
        worth = ENTRY_CITES * (1 - place / (len(articles) + 1))
        clauses.append((Occur.Should, Query.const_score_query(cites, worth)))
    return Query.boolean_query(clauses)


def _own_words(clauses: Clauses, schema: Schema, plan: Plan, fields: Fields, whole: float, part: float) -> None:
    for names in plan.words:
        found = [query for name in names if (query := _found(schema, name, fields)) is not None]
        if found:
            add(clauses, Query.disjunction_max_query(found, TIE), whole)
        for run in runs(names[0]):
            if is_han(run) and len(run) > 2:
                for pair in pieces(run):
                    add(clauses, _found(schema, pair, fields), part)


def _found(schema: Schema, phrase: str, fields: Fields) -> Query | None:
    """The phrase exactly as written, in the field where it counts most."""
    per_field = []
    for field, worth in fields:
        stretches = [_stretch(schema, field, pieces(run)) for run in _telling(runs(phrase))]
        if not stretches:
            return None
        query = stretches[0] if len(stretches) == 1 else Query.boolean_query([(Occur.Must, part) for part in stretches])
        per_field.append(Query.boost_query(query, worth))
    return per_field[0] if len(per_field) == 1 else Query.disjunction_max_query(per_field, TIE)


def _telling(found: list[str]) -> list[str]:
    """Without single characters beside longer stretches: in a text they are parts of pairs (`满1年` in `满1年的`)."""
    longer = [run for run in found if not (is_han(run) and len(run) == 1)]
    return longer or found


def _stretch(schema: Schema, field: str, parts: list[str]) -> Query:
    return (
        Query.term_query(schema, field, parts[0]) if len(parts) == 1 else Query.phrase_query(schema, field, list(parts))
    )


def add(clauses: Clauses, query: Query | None, weight: float) -> None:
    if query is not None and weight > 0:
        clauses.append((Occur.Should, Query.boost_query(query, weight)))
