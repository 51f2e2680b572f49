"""Search over entries and statutes. Why it is made this way: docs/decisions/0010-knowledge-search.md."""
