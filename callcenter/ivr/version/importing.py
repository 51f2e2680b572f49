"""The flows' folder at a start: its files become versions, so that an empty home has something to begin with.

A file that has changed since it was read is published as a new version, unless somebody has published that flow in
another way meanwhile: then the file waits for `callcenter flows publish FLOW FILE`, and the log says so.
"""

import logging

from sqlalchemy.exc import IntegrityError

from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.ivr.check import flow_files
from callcenter.ivr.shipped import rules_of
from callcenter.ivr.version.flow_set import read_texts, refusals
from callcenter.ivr.version.repository import FlowBook
from callcenter.ivr.version.table import FlowVersionRow
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

BY = "system"


def import_folder(settings: Settings, database: Database, clock: Clock) -> int:
    """Number of versions made. Safe at every start and from several processes at once."""
    try:
        return _import(settings, database, clock)
    except IntegrityError:
        return 0  # another process has read the same files a moment before


def _import(settings: Settings, database: Database, clock: Clock) -> int:
    texts = _texts(settings)
    made = 0
    with database.begin() as session:
        book = FlowBook(session)
        now = book.current_set()
        wanted = {}
        for flow, text in texts.items():
            newest, read = book.newest(flow), book.newest_from_file(flow)
            if (read is not None and read.yaml == text) or (newest is not None and newest.yaml == text):
                continue
            if newest is not None and not newest.from_file:
                log.warning(
                    "flows.file_waits file=%s.yaml version=%d: the flow was published otherwise; "
                    "`callcenter flows publish %s FILE --why …` takes the file",
                    flow,
                    newest.version,
                    flow,
                )
                continue
            wanted[flow] = text
        if not wanted:
            return 0
        rules = rules_of(settings, clock=clock)
        before, together = read_texts(now.texts), read_texts({**now.texts, **wanted})
        for flow, text in wanted.items():
            if refused := refusals(flow, before, together, rules):
                for finding in refused:
                    log.error("ivr.flow_refused %s", finding.as_text())
                continue
            book.add(
                FlowVersionRow(
                    flow=flow,
                    version=now.versions.get(flow, 0) + 1,
                    yaml=text,
                    published_at=clock.now(),
                    published_by=BY,
                    why=f"{settings.flows_dir.name}/{flow}.yaml",  # reads the same in every language
                    from_file=True,
                )
            )
            made += 1
    return made


def _texts(settings: Settings) -> dict[str, str]:
    """By name of the file; one that is not text is left to the checker to name."""
    found = {}
    for path in flow_files(settings.flows_dir) if settings.flows_dir.is_dir() else []:
        try:
            found[path.stem] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as problem:
            log.error("ivr.flow_refused %s: %s", path.name, problem)
    return found
