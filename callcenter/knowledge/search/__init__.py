"""Search over entries and statutes. Why it is made this way: docs/decisions/0012-knowledge-search.md."""
