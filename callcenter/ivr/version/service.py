"""Drafting, publishing and taking back flows: the use cases of screen and command line."""

import difflib
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.ivr.check import Rules
from callcenter.ivr.version import editing, fresh
from callcenter.ivr.version.flow_set import Files, findings_of, read_texts, refusals
from callcenter.ivr.version.importing import import_folder
from callcenter.ivr.version.model import (
    DRAFT_TEXT_MAX,
    WHY_MAX,
    DraftChanged,
    FlowRefused,
    FlowSet,
    finding_out,
)
from callcenter.ivr.version.repository import FlowBook
from callcenter.ivr.version.site_rules import SiteRules
from callcenter.ivr.version.table import FlowDraftRow, FlowVersionRow
from callcenter.storage.database import Database

TRIES = 5
"""Publications of others that may come in between a check and its commit."""


class FlowVersions:
    """`published` is called after each commit that changes what callers meet; it must not raise."""

    def __init__(
        self, settings: Settings, database: Database, clock: Clock, published: Callable[[], None] = lambda: None
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._published = published
        self._rules = SiteRules(settings, clock)

    def begin(self) -> None:
        """An empty home gets the delivered flows as version 1."""
        with self._database.read() as session:
            if FlowBook(session).number():
                return
        if import_folder(self._settings, self._database, self._clock):
            self._published()

    # --- reading

    def rules(self) -> Rules:
        return self._rules.now()

    def read(self) -> tuple[FlowSet, dict[str, FlowVersionRow], dict[str, FlowDraftRow]]:
        """What is published, and every draft, in one view."""
        self.begin()
        with self._database.read() as session:
            book = FlowBook(session)
            return book.current_set(), book.current(), book.drafts()

    def draft(self, flow: str) -> FlowDraftRow:
        with self._database.read() as session:
            return _draft(FlowBook(session), flow)

    def history(self, flow: str) -> list[FlowVersionRow]:
        self.begin()
        with self._database.read() as session:
            rows = list(FlowBook(session).history(flow))
        if not rows:
            raise NotFound(f"flow `{flow}` was never published")
        return rows

    def version(self, flow: str, version: int) -> tuple[FlowVersionRow, str]:
        """The row, and its difference to the version before."""
        with self._database.read() as session:
            book = FlowBook(session)
            row, before = _version(book, flow, version), book.version(flow, version - 1)
        return row, difference(flow, before.yaml if before else "", row.yaml)

    def draft_difference(self, flow: str) -> str:
        """To the version callers meet."""
        with self._database.read() as session:
            book = FlowBook(session)
            row, newest = _draft(book, flow), book.newest(flow)
        return difference(flow, newest.yaml if newest else "", row.yaml)

    # --- drafting

    def create(self, flow: str, title: str, purpose: str, copy_of: str | None, by: str) -> FlowDraftRow:
        """A new flow, as a draft only. Raises Conflict when there is one of this name."""
        published, _, drafts = self.read()
        if flow in published.texts or flow in drafts:
            raise Conflict(f"there is a flow `{flow}` already; choose another id")
        if copy_of is None:
            text = fresh.text(flow, title, purpose)
        else:
            source = drafts[copy_of].yaml if copy_of in drafts else published.texts.get(copy_of)
            if source is None:
                raise NotFound(f"there is no flow `{copy_of}` to copy")
            text = editing.with_head(source, copy_of, {"id": flow, "title": title, "purpose": purpose})
        return self._save(flow, by, None, lambda _: text, new=True)

    def save(self, flow: str, text: str, revision: int | None, by: str) -> FlowDraftRow:
        return self._save(flow, by, revision, lambda _: text)

    def put_node(self, flow: str, node: str, fields: dict[str, Any], revision: int | None, by: str) -> FlowDraftRow:
        return self._save(flow, by, revision, lambda text: editing.with_node(text, flow, node, fields))

    def drop_node(self, flow: str, node: str, revision: int | None, by: str) -> FlowDraftRow:
        return self._save(flow, by, revision, lambda text: editing.without_node(text, flow, node))

    def discard(self, flow: str) -> None:
        with self._database.begin() as session:
            if not FlowBook(session).drop_draft(flow):
                raise NotFound(f"flow `{flow}` has no draft")

    def _save(
        self, flow: str, by: str, revision: int | None, change: Callable[[str], str], *, new: bool = False
    ) -> FlowDraftRow:
        """`revision` None: of who has seen no draft."""
        self.begin()
        with self._database.begin() as session:
            book = FlowBook(session)
            draft, newest = book.draft(flow), book.newest(flow)
            _unchanged(draft, revision)
            if draft is None and newest is None and not new:
                raise NotFound(f"there is no flow `{flow}`")
            text = change(draft.yaml if draft else newest.yaml if newest else "")
            if len(text.encode()) > DRAFT_TEXT_MAX:
                raise BadInput(f"the text is longer than {DRAFT_TEXT_MAX} bytes; split the flow into parts")
            row = FlowDraftRow(
                flow=flow,
                yaml=text,
                revision=draft.revision + 1 if draft else 1,
                base_version=draft.base_version if draft else newest.version if newest else None,
                changed_at=self._clock.now(),
                changed_by=by,
            )
            book.put_draft(row)
            return row

    # --- publishing

    def publish(self, flow: str, revision: int, why: str, by: str) -> int:
        """The draft becomes the next version. Raises FlowRefused, and then nothing has changed."""

        def text(book: FlowBook) -> str:
            draft = _draft(book, flow)
            _unchanged(draft, revision)
            return draft.yaml

        return self._publish(flow, text, _why(why), by)

    def publish_text(self, flow: str, text: str, why: str, by: str) -> int:
        """A text that was no draft; a draft of the flow stays as it is."""
        return self._publish(flow, lambda _: text, _why(why), by, drop_draft=False)

    def roll_back(self, flow: str, version: int, why: str, by: str) -> int:
        """An older text becomes the newest version, so that the history stays whole."""

        def text(book: FlowBook) -> str:
            old, newest = _version(book, flow, version), book.newest(flow)
            if newest is not None and newest.version == version:
                raise Conflict(f"version {version} of `{flow}` is the one callers meet already")
            return old.yaml

        return self._publish(flow, text, _why(why), by, drop_draft=False, rolling_back=True)

    def _publish(
        self,
        flow: str,
        text_of: Callable[[FlowBook], str],
        why: str,
        by: str,
        *,
        drop_draft: bool = True,
        rolling_back: bool = False,
    ) -> int:
        self.begin()
        for _ in range(TRIES):
            with self._database.read() as session:
                book = FlowBook(session)
                now, text = book.current_set(), text_of(book)
            self._check(flow, now, text)
            try:
                with self._database.begin() as session:
                    version = self._add(session, flow, now, text_of, text, why, by, drop_draft, rolling_back)
            except IntegrityError:
                continue
            if version is not None:
                self._published()
                return version
        raise Conflict("others publish at the same time; try again")

    def _check(self, flow: str, now: FlowSet, text: str) -> None:
        before, after = read_texts(now.texts), read_texts(now.with_text(flow, text).texts)
        refused = refusals(flow, before, after, self.rules())
        if refused:
            message = f"{refused[0].as_text()}; nothing was published, callers meet what they met before"
            raise FlowRefused(message, findings=[finding_out(finding) for finding in refused])

    def _add(
        self,
        session: Session,
        flow: str,
        now: FlowSet,
        text_of: Callable[[FlowBook], str],
        text: str,
        why: str,
        by: str,
        drop_draft: bool,
        rolling_back: bool,
    ) -> int | None:
        """None: something else was published or drafted since the check."""
        book = FlowBook(session)
        if book.number() != now.number or text_of(book) != text:
            return None
        version = now.versions.get(flow, 0) + 1
        book.add(
            FlowVersionRow(
                flow=flow,
                version=version,
                yaml=text,
                published_at=self._clock.now(),
                published_by=by,
                why=why,
                rolled_back_from=now.versions[flow] if rolling_back else None,
                from_file=False,
            )
        )
        if drop_draft:
            book.drop_draft(flow)
        return version


def together(published: FlowSet, drafts: dict[str, FlowDraftRow]) -> Files:
    """What the test number plays: every draft in the place of its published text."""
    return read_texts({**published.texts, **{flow: row.yaml for flow, row in drafts.items()}})


def draft_findings(flow: str, published: FlowSet, text: str, rules: Rules) -> tuple[Files, list[dict[str, object]]]:
    files = read_texts(published.with_text(flow, text).texts)
    return files, [finding_out(finding) for finding in findings_of(flow, files, rules)]


def difference(flow: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{flow}.yaml", f"b/{flow}.yaml"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _why(why: str) -> str:
    why = why.strip()
    if not why or len(why) > WHY_MAX or not why.isprintable():
        raise BadInput(f"say why in one line of at most {WHY_MAX} characters; it stands beside the version")
    return why


def _draft(book: FlowBook, flow: str) -> FlowDraftRow:
    draft = book.draft(flow)
    if draft is None:
        raise NotFound(f"flow `{flow}` has no draft")
    return draft


def _version(book: FlowBook, flow: str, version: int) -> FlowVersionRow:
    row = book.version(flow, version)
    if row is None:
        raise NotFound(f"flow `{flow}` has no version {version}")
    return row


def _unchanged(draft: FlowDraftRow | None, revision: int | None) -> None:
    seen = draft.revision if draft else None
    if seen == revision:
        return
    if draft is None:
        raise DraftChanged("the draft was published or discarded meanwhile; load the flow anew", revision=None)
    raise DraftChanged(
        f"{draft.changed_by} has changed the draft meanwhile; load it anew",
        revision=draft.revision,
        changed_by=draft.changed_by,
        changed_at=draft.changed_at.isoformat(),
    )
