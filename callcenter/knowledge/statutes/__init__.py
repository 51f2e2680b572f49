"""Statutes: read from Markdown, kept by version and article."""
