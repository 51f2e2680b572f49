"""What a caller leaves behind: a message in his own voice, or the wish to be called back."""

import asyncio
import logging
import wave
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from callcenter.asterisk.channel_control import ChannelControl, ChannelGone, Finished
from callcenter.clock import Clock
from callcenter.ids import Linkedid
from callcenter.ivr.requests import CallerRequest, RequestBook

log = logging.getLogger(__name__)

SHORTEST_MS = 1000
"""A shorter message is a click of the receiver."""


class Speaker(ChannelControl, Protocol):
    linkedid: Linkedid
    caller_number: str


class CommentBook(Protocol):
    def put(self, call: str, language: str, file: str, millis: int, at: datetime) -> bool:
        """Blocks. False: it is not on record."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    file: str
    """Under the recordings folder."""
    millis: int


class Messages:
    """Messages lie beside the talks: `<recordings>/voicemail/YYYY/MM/DD/<call>.wav`, which Asterisk may write; what is
    said in a survey under `comment/`."""

    def __init__(self, recordings: Path, book: RequestBook, clock: Clock, comments: CommentBook | None = None) -> None:
        """`comments`: where what is said in a survey is kept; None: nothing is."""
        self._recordings = recordings
        self._book = book
        self._clock = clock
        self._comments = comments

    async def record(
        self, speaker: Speaker, max_s: int, silence_s: int, folder: str = "voicemail"
    ) -> tuple[Finished | ChannelGone, Message | None]:
        """Until `#`, silence, the time, or a hang-up. None: nothing was said."""
        name = message_file(speaker.linkedid, self._clock.now(), folder)
        path = self._recordings / name
        ended = await speaker.exec("Record", f"{path},{silence_s},{max_s},kq")
        millis = millis_of(path)
        return ended, Message(name, millis) if millis >= SHORTEST_MS else None

    async def keep(self, speaker: Speaker, message: Message, language: str) -> str:
        """The order's number; empty: it could not be kept."""
        return await self._put(
            CallerRequest(
                call=speaker.linkedid,
                kind="voicemail",
                at=self._clock.now(),
                number=speaker.caller_number,
                language=language,
                file=message.file,
                millis=message.millis,
            )
        )

    async def keep_comment(self, speaker: Speaker, message: Message, language: str) -> bool:
        """Said after a bad grade. Nobody is owed an answer: it belongs to the call's survey."""
        if self._comments is None:
            return False
        now, put = self._clock.now(), self._comments.put
        return await asyncio.to_thread(put, speaker.linkedid, language, message.file, message.millis, now)

    async def file(self, speaker: Speaker, number: str, language: str) -> str:
        """As `keep`, a wish to be called back."""
        return await self._put(
            CallerRequest(
                call=speaker.linkedid, kind="callback", at=self._clock.now(), number=number, language=language
            )
        )

    async def _put(self, request: CallerRequest) -> str:
        order = await asyncio.to_thread(self._book.put, request)
        log.info("ivr.request call=%s kind=%s kept=%s", request.call, request.kind, bool(order))
        return order


def message_file(call: Linkedid, at: datetime, folder: str = "voicemail") -> str:
    """Under the recordings folder."""
    return f"{folder}/{at.astimezone(UTC):%Y/%m/%d}/{call}.wav"


def millis_of(path: Path) -> int:
    """0: there is none, or it cannot be read."""
    try:
        with wave.open(str(path)) as file:
            return int(file.getnframes() * 1000 // file.getframerate())
    except (OSError, EOFError, wave.Error):
        return 0
