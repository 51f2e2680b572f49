"""The engine's side of versions: which flow a caller gets, and how a new one comes in without a restart."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from callcenter.asterisk.channel_control import ChannelGone, Finished
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import CallCenterError
from callcenter.ivr.flow import Flow
from callcenter.ivr.messages import Message, Messages, Speaker
from callcenter.ivr.order import SAMPLE
from callcenter.ivr.runtime import Chosen, IvrService
from callcenter.ivr.served import Caller
from callcenter.ivr.version import following, home_files, importing
from callcenter.ivr.version.flow_set import playable
from callcenter.ivr.version.playing import Playing, now_playing, once_played, structure
from callcenter.ivr.version.repository import FlowBook
from callcenter.ivr.version.service import together
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
DRAFT = "draft"
"""Script of the test number."""
ENTRY = "main"
SET = "CC_FLOWS"
"""Channel variable: number of the set the call began in. The dialplan reads it when the engine dies (`fallback.py`)."""


class Keeper:
    """The FastAGI server's handler. A caller gets the newest set; who comes back for the survey gets his own."""

    def __init__(
        self, settings: Settings, database: Database, clock: Clock, ivr: IvrService, trial: IvrService
    ) -> None:
        """`trial` plays drafts, and keeps nothing of what its callers leave."""
        self._settings = settings
        self._database = database
        self._clock = clock
        self._ivr = ivr
        self._trial = trial
        self._wake = asyncio.Event()
        self._now = Playing(0)
        self._sets: dict[int, Playing] = {}
        self._away = False

    def begin(self) -> None:
        """Before the first caller. With a database that went away again: what the home's files hold."""
        try:
            importing.import_folder(self._settings, self._database, self._clock)
            following.follow(self._settings, self._database)
        except (SQLAlchemyError, CallCenterError, OSError) as error:
            log.error("flows.not_followed reason=%s", _reason(error))
        self._take(now_playing(self._settings))
        for older in once_played(self._settings):
            self._sets.setdefault(older.number, older)

    def reload(self) -> None:
        """Look now."""
        self._wake.set()

    async def run(self) -> None:
        while True:
            # not wait_for: in Python 3.11 it may swallow a cancellation that comes together with the event
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            found = await asyncio.to_thread(self._look)
            if found is not None:
                self._take(found)

    def _look(self) -> Playing | None:
        """In a thread: the database, and files. None: nothing new."""
        try:
            number = following.follow(self._settings, self._database)
        except (SQLAlchemyError, CallCenterError, OSError) as error:
            if not self._away:
                log.warning("flows.not_followed reason=%s; callers meet what they met before", _reason(error))
            self._away = True
            return None
        self._away = False
        if number in (0, self._now.number):
            return None
        return now_playing(self._settings)

    def _take(self, found: Playing) -> None:
        self._now = found
        self._sets[found.number] = found
        for number in sorted(self._sets)[: -home_files.KEPT]:
            del self._sets[number]
        self._ivr.flows = dict(found.flows)
        log.info("flows.playing set=%d flows=%s", found.number, ",".join(sorted(found.flows)))

    async def handle(self, caller: Caller) -> None:
        """Serve one caller. Returns in any case."""
        if caller.script == DRAFT:
            flow = await asyncio.to_thread(self._draft)
            if flow is not None:
                await self._trial.handle(caller, Chosen(flow, DRAFT))
            return
        found = self._now
        if (flow := found.flows.get(caller.script)) is not None and flow.purpose == "survey":
            answer = await caller.get(SET)
            if isinstance(answer, ChannelGone):
                return
            if answer.value.isdecimal():
                found = self._sets.get(int(answer.value), found)
                flow = found.flows.get(caller.script)
        version = found.versions.get(caller.script)
        if flow is None or version is None:
            await self._ivr.handle(caller)
            return
        await self._ivr.handle(caller, Chosen(flow, str(version), {SET: str(found.number)}))

    def _draft(self) -> Flow | None:
        """The draft of the first flow, with every draft in its place; without any, what is published."""
        try:
            with self._database.read() as session:
                book = FlowBook(session)
                files = together(book.current_set(), book.drafts())
        except SQLAlchemyError as error:
            log.error("flows.draft_not_read reason=%s", _reason(error))
            return None
        return playable(files, structure(self._settings), only=[ENTRY]).get(ENTRY)


class NothingKept(Messages):
    """Messages of the test number: taken, and thrown away."""

    def __init__(self) -> None:
        """Needs no place to keep anything."""

    async def record(
        self, speaker: Speaker, max_s: int, silence_s: int, folder: str = ""
    ) -> tuple[Finished | ChannelGone, Message | None]:
        return Finished(), Message("", 0)

    async def keep(self, speaker: Speaker, message: Message, language: str) -> str:
        return SAMPLE

    async def keep_comment(self, speaker: Speaker, message: Message, language: str) -> bool:
        return True

    async def file(self, speaker: Speaker, number: str, language: str) -> str:
        return SAMPLE


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", error)).partition("\n")[0]
