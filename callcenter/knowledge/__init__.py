"""The lawyers' knowledge base: entries, statutes, and the search over both."""
