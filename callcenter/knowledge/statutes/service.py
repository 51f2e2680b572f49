"""Import a folder of statutes: repeatable, reads only what changed, takes back nothing that was imported before."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from callcenter.errors import BadInput
from callcenter.knowledge.statutes.model import Article, Statute, Unreadable
from callcenter.knowledge.statutes.names import DATED
from callcenter.knowledge.statutes.numerals import sort_key
from callcenter.knowledge.statutes.parser import MAX_BYTES, read_statute
from callcenter.knowledge.statutes.repeals import note_repeals
from callcenter.knowledge.statutes.repository import Statutes
from callcenter.storage.database import Database

VERSIONS_AT_ONCE = 40
"""Versions written in one transaction: others who write, such as a running engine, wait for some 50 ms at most."""

Group = tuple[str, date]
"""Name and version: what becomes one version, from one file or from several (民法典 has a file for each part)."""


@dataclass
class Imported:
    files: int = 0
    unchanged: int = 0
    new_versions: int = 0
    changed_versions: int = 0
    same_text: list[str] = field(default_factory=list)
    """Files whose text is that of another version: nothing new."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    laws: int = 0
    versions: int = 0
    articles: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.new_versions or self.changed_versions)


def import_laws(database: Database, folder: Path, told: Callable[[str, int, int], None]) -> Imported:
    """`told(what, done, all)` is called often. Raises BadInput when there is nothing to read."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder; name the one that holds the Markdown statutes")
    paths = sorted(
        (
            path
            for path in folder.rglob("*.md")
            if not any(part.startswith(".") for part in path.relative_to(folder).parts)
        ),
        key=lambda path: (
            DATED.search(path.stem) is None,
            str(path),
        ),  # a dated file names its version best: it goes first
    )
    if not paths:
        raise BadInput(f"{folder} holds no file that ends in .md")
    return _Import(database, folder, told).run(paths)


class _Import:
    def __init__(self, database: Database, folder: Path, told: Callable[[str, int, int], None]) -> None:
        self._database = database
        self._folder = folder
        self._told = told
        self._result = Imported()
        self._digests: dict[str, str] = {}
        self._read: dict[Group, list[tuple[str, Statute]]] = {}

    def run(self, paths: list[Path]) -> Imported:
        with self._database.read() as session:
            known = {path: row.digest for path, row in Statutes(session).files().items()}
        self._result.files = len(paths)
        self._read_changed(paths, known)
        self._complete_groups()
        self._write()
        with (
            self._database.begin() as session
        ):  # also when nothing is new: an earlier run may have been killed before it
            note_repeals(session)
            _new_mark(Statutes(session))
        with self._database.read() as session:
            statutes = Statutes(session)
            self._result.laws, self._result.versions, self._result.articles = statutes.counts()
            self._report_known_faults(statutes)
        return self._result

    def _read_changed(self, paths: list[Path], known: dict[str, str]) -> None:
        for at, path in enumerate(paths):
            self._told("read", at, len(paths))
            name = path.relative_to(self._folder).as_posix()
            try:
                data = _content(path)
            except OSError as error:
                self._refuse(name, "", f"cannot be opened: {error.strerror}")
                continue
            digest = hashlib.sha256(data).hexdigest()
            if known.get(name) == digest:
                self._result.unchanged += 1
                continue
            self._digests[name] = digest
            self._parse(name, data)
        self._told("read", len(paths), len(paths))

    def _parse(self, name: str, data: bytes) -> None:
        try:
            if len(name) > 500:
                raise Unreadable("the path is longer than 500 characters")
            statute = read_statute(data, name)
        except Unreadable as problem:
            self._refuse(name, self._digests[name], str(problem))
            return
        self._read.setdefault((statute.name, statute.version), []).append((name, statute))

    def _refuse(self, name: str, digest: str, reason: str) -> None:
        self._result.unreadable.append((name, reason))
        if digest and len(name) <= 500:
            with self._database.begin() as session:
                Statutes(session).keep_file(name, digest, None, [reason])

    def _complete_groups(self) -> None:
        """A version of several files of which some changed is read anew as a whole."""
        with self._database.read() as session:
            others = {group: Statutes(session).files_of(*group) for group in self._read}
        for (name, version), files in others.items():
            have = {file for file, _ in self._read[name, version]}
            for file in files:
                path = self._folder / file
                if file in have or file in self._digests or not path.is_file():
                    continue
                data = _content(path)
                self._digests[file] = hashlib.sha256(data).hexdigest()
                self._parse(file, data)

    def _write(self) -> None:
        groups = list(self._read)
        for start in range(0, len(groups), VERSIONS_AT_ONCE):
            self._told("store", start, len(groups))
            with self._database.begin() as session:
                statutes = Statutes(session)
                for group in groups[start : start + VERSIONS_AT_ONCE]:
                    self._write_group(statutes, group)
        self._told("store", len(groups), len(groups))

    def _write_group(self, statutes: Statutes, group: Group) -> None:
        name, version = group
        files = self._read[group]
        articles, remarks = _merge(files)
        digest = _digest(articles)
        law = statutes.law(name, files[0][1].kind)
        same = statutes.same_text(law, digest)
        row = statutes.version(law, version)
        if same is not None and (row is None or row.id == same.id):
            row = same
            self._result.same_text += [file for file, _ in files if same.version != version]
        else:
            if row is None:
                self._result.new_versions += 1
            else:
                self._result.changed_versions += 1
            in_force = max(statute.in_force for _, statute in files)
            repeals = sorted({repealed for _, statute in files for repealed in statute.repeals})
            row = statutes.keep_version(law, version, in_force, digest, repeals, articles)
        for file, statute in files:
            statutes.keep_file(file, self._digests[file], row.id, [*statute.remarks, *remarks.get(file, [])])

    def _report_known_faults(self, statutes: Statutes) -> None:
        """Also those of files that were read in an earlier run: they are still not right."""
        told = {file for file, _ in self._result.unreadable}
        for path, row in sorted(statutes.files().items()):
            if row.version_id is None and path not in told and (self._folder / path).is_file():
                self._result.unreadable += [(path, reason) for reason in row.remarks]
            elif row.version_id is not None and path in self._digests:
                self._result.remarks += [(path, remark) for remark in row.remarks]


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _merge(files: list[tuple[str, Statute]]) -> tuple[list[Article], dict[str, list[str]]]:
    """The articles of all files of one version, in order; of two that differ the first file's is kept."""
    kept: dict[str, tuple[str, Article]] = {}
    remarks: dict[str, list[str]] = {}
    for file, statute in files:
        for article in statute.articles:
            other = kept.setdefault(article.number, (file, article))
            if other[1].text != article.text:
                remark = (
                    f"line {article.line}: article {article.number} differs from the one in {other[0]}, which is kept"
                )
                remarks.setdefault(file, []).append(remark)
    return sorted((article for _, article in kept.values()), key=lambda article: sort_key(article.number)), remarks


def _digest(articles: list[Article]) -> str:
    whole = hashlib.sha256()
    for article in articles:
        whole.update(f"{article.number}\0{article.heading}\0{article.text}\0".encode())
    return whole.hexdigest()


def _new_mark(statutes: Statutes) -> None:
    whole = hashlib.sha256()
    for version in statutes.versions():
        whole.update(f"{version.id} {version.digest} {version.in_force}\0".encode())
    for law in statutes.laws():
        whole.update(f"{law.name} {law.repealed_on}\0".encode())
    statutes.set_mark(whole.hexdigest()[:16])
