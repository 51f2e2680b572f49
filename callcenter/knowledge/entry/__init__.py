"""Entries: one question callers ask, in `knowledge_base/<topic>/<id>.md`."""
