"""Calls at the number in the cloud, document by document, while this site answers the provider."""

import logging
from collections.abc import Mapping
from urllib.parse import urlencode

from callcenter.clock import Clock
from callcenter.cloud.document import Way, document
from callcenter.cloud.number import local
from callcenter.cloud.repository import CloudCalls
from callcenter.cloud.running import ENDING, State, Turn, begin, event_of, go_on, has_message, packed, unpacked
from callcenter.cloud.setup import Cloud
from callcenter.cloud.voice import SiteVoice
from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.ivr.facts import CALLER_NUMBER
from callcenter.ivr.flow import Flow
from callcenter.ivr.hours import told_by_clock
from callcenter.ivr.model import Input, Kept, Started
from callcenter.ivr.site import Emergency, read_site
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

ROOT = "/api/cloud"
Params = Mapping[str, str]


class CloudLine:
    def __init__(
        self, settings: Settings, cloud: Cloud, database: Database, vault: NumberVault, clock: Clock, flow: Flow
    ) -> None:
        self._settings = settings
        self._cloud = cloud
        self._database = database
        self._vault = vault
        self._clock = clock
        self._flow = flow

    def first(self, params: Params) -> str:
        """The document for a call that comes in."""
        sid = _sid(params, "CallSid")
        return self._answer(sid, params, begin(self._settings.default_language), Started())

    def next(self, params: Params, where: str) -> str:
        """The document after what the caller did. `where`: as `packed` wrote it.

        A node that is no more, because the flow was published anew meanwhile: from the start, in his language.
        """
        sid = _sid(params, "CallSid")
        state = unpacked(where, local(params.get("From", "")))
        node = (ENDING if state.ending else self._flow).nodes.get(state.session.node)
        if node is None:
            return self._answer(sid, params, begin(state.session.language), Started())
        event = event_of(node, state.session, params)
        if event == Kept(True):
            event = self._message(sid, params, state.session.language)
        return self._answer(sid, params, state, event)

    def recorded(self, params: Params, language: str) -> None:
        """A message is ready at the provider's; the caller may be long gone. Any number of times."""
        if params.get("RecordingStatus", "completed") == "completed":
            self._message(_sid(params, "CallSid"), params, language)

    def _message(self, sid: str, params: Params, language: str) -> Kept:
        if not has_message(params):
            return Kept(False)
        seconds = int(params["RecordingDuration"])
        recording, now = _sid(params, "RecordingSid"), self._clock.now()
        with self._database.begin() as session:
            calls = CloudCalls(session, self._vault)
            row = calls.ensure(sid, now, local(params.get("From", "")), self._known_language(language))
            row.recording = row.recording or recording
            new = calls.ask_for(row, "voicemail", now, millis=seconds * 1000)
            order = calls.order_no(sid, "voicemail")
        log.info("cloud.message call=%s new=%s", sid, new)
        return Kept(True, order)

    def _callback(self, sid: str, number: str, language: str) -> Kept:
        now = self._clock.now()
        with self._database.begin() as session:
            calls = CloudCalls(session, self._vault)
            new = calls.ask_for(calls.ensure(sid, now, number, language), "callback", now)
            order = calls.order_no(sid, "callback")
        log.info("cloud.callback call=%s new=%s", sid, new)
        return Kept(True, order)

    def _answer(self, sid: str, params: Params, state: State, event: Input) -> str:
        number = local(params.get("From", ""))
        turn = go_on(
            self._flow,
            ENDING,
            state,
            event,
            lambda name, language: self._tell(name, number),
            lambda wanted, language: self._callback(sid, wanted, language),
        )
        self._note(sid, number, turn)
        return document(turn, self._way(turn), SiteVoice.of(self._settings, f"{self._cloud.public_url}{ROOT}/prompts"))

    def _note(self, sid: str, number: str, turn: Turn) -> None:
        """That this call was, and in which language: a message may come when the caller has gone."""
        language = turn.state.session.language
        with self._database.read() as session:
            row = CloudCalls(session, self._vault).get(sid)
            if row is not None and row.language == language:
                return
        with self._database.begin() as session:
            CloudCalls(session, self._vault).ensure(sid, self._clock.now(), number, language).language = language

    def _way(self, turn: Turn) -> Way:
        root = f"{self._cloud.public_url}{ROOT}"
        query = urlencode({"language": turn.state.session.language})
        return Way(
            keys=f"{root}/voice/step?{urlencode({'s': packed(turn.state)})}", recorded=f"{root}/recording?{query}"
        )

    def _tell(self, name: str, number: str) -> str | None:
        if name == CALLER_NUMBER:
            return number or None
        if name == "emergency":
            return "yes" if Emergency.of(self._settings).is_on else "no"
        return told_by_clock(name, read_site(self._settings.flows_dir).hours, self._clock.now())

    def _known_language(self, language: str) -> str:
        return language if language in self._settings.languages else self._settings.default_language


def _sid(params: Params, name: str) -> str:
    sid = params.get(name, "")
    if not (2 < len(sid) <= 40 and sid.isalnum() and sid.isascii()):
        raise BadInput(f"{name} is missing or is none")
    return sid
