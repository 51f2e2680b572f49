"""What `callcenter kb check` says: its codes and what each means."""

from callcenter.finding import FileFinding

CODES: dict[str, str] = {
    "not-readable": "the file cannot be opened",
    "too-large": "the file is larger than any entry needs",
    "not-utf-8": "the file is not text in UTF-8",
    "no-front-matter": "the file does not begin with a block of `---`",
    "not-yaml": "the block at the top is not valid YAML",
    "yaml-alias": "the block at the top uses YAML anchors",
    "key-twice": "a key is given twice",
    "unknown-key": "a key that an entry does not have",
    "missing-key": "a key that must be there",
    "bad-value": "a value that cannot be",
    "id-is-not-file-name": "`id` and file name differ",
    "id-twice": "two entries with the same id",
    "topic-is-not-folder": "`topic` and folder differ",
    "unknown-topic": "a topic that topics.yaml does not have",
    "unknown-group": "a group of people that the catalogue does not have",
    "unknown-section": "a section that an entry does not have",
    "missing-section": "a section that must be there",
    "section-twice": "a section is given twice",
    "empty-section": "a section with nothing in it",
    "section-order": "sections out of order",
    "html": "HTML in the text; it would never be shown as such",
    "bad-link": "a link that is not http, https, tel or mailto",
    "no-statutes": "no statutes are imported, so that no citation can be checked",
    "unknown-law": "a cited statute that is not imported",
    "unknown-version": "a cited version that is not imported",
    "unknown-article": "a cited article that does not exist",
    "repealed-law": "a cited statute that is no longer law",
    "cited-twice": "the same article is cited twice",
    "newer-version": "a newer version of a cited statute than the review saw",
    "expired": "the entry is no longer valid",
    "review-due": "the review is overdue",
    "no-chinese-entry": "a translation of an entry that is not there",
    "stale-translation": "the Chinese entry changed after it was translated",
    "bad-words": "a file of callers' words is faulty",
    "unused-words": "words of the statutes that no statute uses",
}
"""Stable: other programs test them."""

WARNINGS = frozenset({"newer-version", "expired", "review-due", "stale-translation", "cited-twice", "unused-words"})
"""For the owner's list of tasks; the entry still works. Everything else is an error."""


class Finding(FileFinding):
    __slots__ = ()

    codes = CODES
    warnings = WARNINGS
