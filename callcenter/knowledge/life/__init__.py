"""The life of an entry: draft, review, published, due, retired (docs/decisions/0025)."""
