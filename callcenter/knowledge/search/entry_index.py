"""The index of entries: a few hundred texts, kept in memory and built anew when one changes."""

from collections.abc import Iterable

import tantivy

from callcenter.knowledge.entry.model import Entry, Front
from callcenter.knowledge.search.text import stems, tokens

FIELDS = ("title", "questions", "asked_as", "body", "stem")
WRITER_BYTES = 15_000_000


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("cites", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("at", stored=True)
    return builder.build()


def build(entries: Iterable[tuple[Entry, Front]]) -> tantivy.Index:
    """`Front` is the Chinese version's, which a translation takes its citations from."""
    index = tantivy.Index(schema())
    writer = index.writer(WRITER_BYTES, 1)
    for at, (entry, chinese) in enumerate(entries):
        writer.add_document(_document(at, entry, chinese))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _document(at: int, entry: Entry, chinese: Front) -> tantivy.Document:
    front = entry.front
    found = tantivy.Document()
    body = "\n".join(entry.sections.values())
    asked = "\n".join((*front.questions, *front.keywords))
    found.add_text("title", " ".join(tokens(front.title)))
    found.add_text("questions", " ".join(tokens(asked)))
    found.add_text("asked_as", " ".join(tokens("\n".join(chinese.asked_as if front is chinese else ()))))
    found.add_text("body", " ".join(tokens(body)))
    found.add_text("stem", " ".join(stems(f"{front.title}\n{asked}\n{body}")))
    for citation in chinese.laws:
        found.add_text("cites", cite_key(citation.law, citation.article))
    found.add_unsigned("at", at)
    return found


def cite_key(law: str, article: str) -> str:
    return f"{law}#{article}"
