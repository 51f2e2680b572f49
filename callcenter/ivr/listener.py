"""Hears a word: the caller's utterance is recorded by Asterisk and understood by a process of its own, which may crash
without taking a call with it (`callcenter/speech/`)."""

import asyncio
import logging
from pathlib import Path
from typing import Protocol

from callcenter.asterisk.channel_control import ALL_KEYS, ChannelControl, ChannelGone, Digits, NoInput
from callcenter.ids import Linkedid
from callcenter.ivr.model import Deaf, Heard
from callcenter.speech.client import Recogniser, RecogniserAway

log = logging.getLogger(__name__)

SILENCE_S = 2
"""Of silence end an utterance, also one that never began."""
READY_WITHIN_S = 0.5
UNDERSTOOD_WITHIN_S = 4.0
"""A caller is kept waiting no longer than this; then he is asked for a key."""


class Speaker(ChannelControl, Protocol):
    linkedid: Linkedid


class Listener:
    def __init__(self, recogniser: Recogniser, folder: Path) -> None:
        """`folder`: where Asterisk may write; every utterance is deleted at once when it has been heard."""
        self._recogniser = recogniser
        self._folder = folder

    async def ready(self) -> bool:
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                return await self._recogniser.ready()
        except (RecogniserAway, TimeoutError):
            return False

    async def listen(
        self, speaker: Speaker, words: tuple[str, ...], listen_s: int
    ) -> Heard | Digits | NoInput | Deaf | ChannelGone:
        stem = self._folder / f"utterance-{speaker.linkedid}"
        wav = stem.with_name(f"{stem.name}.wav")
        try:
            ended = await speaker.record(str(stem), listen_s, SILENCE_S, ALL_KEYS)
            if isinstance(ended, Digits | ChannelGone):
                return ended
            async with asyncio.timeout(UNDERSTOOD_WITHIN_S):
                heard = await self._recogniser.understand(wav, words)
        except (RecogniserAway, TimeoutError) as error:
            log.error("ivr.deaf call=%s reason=%s", speaker.linkedid, type(error).__name__)
            return Deaf()
        finally:
            await asyncio.to_thread(wav.unlink, missing_ok=True)
        return NoInput() if heard.silent else Heard(heard.word)
