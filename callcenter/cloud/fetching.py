"""What callers left in the cloud while the site was down, brought home: the worker's sweeper looks now and then."""

import logging
import re
import wave
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from callcenter.clock import Clock
from callcenter.cloud.number import local
from callcenter.cloud.provider import CloudCall, Provider
from callcenter.cloud.repository import CloudCalls
from callcenter.cloud.running import ASKED_BY, SHORTEST_S
from callcenter.config import Settings
from callcenter.errors import Unavailable
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

MESSAGES_EVERY = timedelta(seconds=30)
CALLS_EVERY = timedelta(minutes=5)
LOOK_BACK = timedelta(days=7)
"""So long the site may have been down."""
KNOWN_AFTER = timedelta(minutes=16)
"""The provider tells which documents a call fetched a quarter of an hour after its end."""
DOCUMENT = re.compile(r"\.(?P<language>[a-z]{2,3})(\.[^./]+)?\.xml$")
"""A document's name as `static.py` makes it."""
ASKED = re.compile(r"/cloud-{}(\.\d+)?\.[a-z]{{2,3}}\.{}\.xml$".format(*ASKED_BY))


class CloudFetch:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: NumberVault,
        clock: Clock,
        provider: Callable[[], Provider],
    ) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock
        self._provider = provider
        self._messages_at = self._calls_at = clock.now()
        self._done: set[str] = set()

    def look(self) -> None:
        """What is due. Raises `Unavailable`, SQLAlchemyError."""
        now = self._clock.now()
        calls, messages = now >= self._calls_at, now >= self._messages_at
        if not calls and not messages:
            return
        provider = self._provider()
        try:
            if calls:
                self._calls_at = now + CALLS_EVERY
                self.calls(provider)
            self._messages_at = now + MESSAGES_EVERY
            self.messages(provider)
        finally:
            provider.close()

    def calls(self, provider: Provider) -> int:
        """Calls that documents at the provider's served without us. Returns how many left something new."""
        now, found = self._clock.now(), 0
        for call in provider.calls(now - LOOK_BACK):
            if call.sid in self._done or call.ended_at is None or now - call.ended_at < KNOWN_AFTER:
                continue
            found += self._take(provider, call)
            self._done.add(call.sid)
        return found

    def _take(self, provider: Provider, call: CloudCall) -> bool:
        asked, language = _read(provider.addresses_of(call.sid), self._settings)
        message = max(provider.recordings_of(call.sid), key=lambda it: it.seconds, default=None)
        new, number = False, local(call.number)
        with self._database.begin() as session:
            calls = CloudCalls(session, self._vault)
            row = calls.ensure(call.sid, call.began_at, number, language)
            at = call.ended_at or call.began_at
            if message is not None and message.seconds >= SHORTEST_S:
                row.recording = row.recording or message.sid
                new |= calls.ask_for(row, "voicemail", at, millis=message.seconds * 1000)
            if asked and number:
                new |= calls.ask_for(row, "callback", at)
            elif asked:
                log.warning("cloud.callback_without_number call=%s", call.sid)
        return new

    def messages(self, provider: Provider) -> int:
        """Messages that are on record and still at the provider's. Returns how many came."""
        with self._database.read() as session:
            rows = CloudCalls(session, self._vault).to_fetch()
        came = 0
        for row in rows:
            file = f"voicemail/{row.began_at.astimezone(UTC):%Y/%m/%d}/{row.id}.wav"
            try:
                provider.fetch(row.recording, self._settings.recordings_dir / file)
                number = local(provider.number_of(row.id)) if row.number is None else ""
            except Unavailable as error:
                log.warning("cloud.message_not_here call=%s reason=%s", row.id, error.message)
                self._tried(row.id)
                continue
            self._keep(row.id, file, number, self._clock.now())
            came += 1
        return came

    def _keep(self, call: str, file: str, number: str, at: datetime) -> None:
        with self._database.begin() as session:
            calls = CloudCalls(session, self._vault)
            row = calls.get(call)
            if row is None:
                return
            if number:
                calls.give_number(row, number)
            calls.message_is_here(row, file, _millis(self._settings.recordings_dir / file), at)
        log.info("cloud.message_here call=%s", call)

    def _tried(self, call: str) -> None:
        with self._database.begin() as session:
            row = CloudCalls(session, self._vault).get(call)
            if row is not None:
                row.tries += 1


def _read(addresses: list[str], settings: Settings) -> tuple[bool, str]:
    """(whether the document of the request was fetched, the language of the last one)."""
    asked, language = False, settings.default_language
    for address in addresses:
        path = urlsplit(address).path
        asked = asked or ASKED.search(path) is not None
        if (found := DOCUMENT.search(path)) and found["language"] in settings.languages:
            language = found["language"]
    return asked, language


def _millis(path: Path) -> int:
    try:
        with wave.open(str(path)) as file:
            return int(file.getnframes() * 1000 // file.getframerate())
    except (OSError, EOFError, wave.Error):
        return 0
