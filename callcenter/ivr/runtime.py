"""Flows on real calls: one task per FastAGI session feeds the interpreter and obeys what it says.

A session always ends: in time, and so that the dialplan knows what to do. When anything here fails the socket closes
with `CC_NEXT` empty, and the dialplan goes on by itself (`[fallback]`): a caller never meets silence.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from callcenter.asterisk.channel_control import ALL_KEYS, ChannelGone, Finished
from callcenter.asterisk.events import Fact
from callcenter.clock import Clock
from callcenter.ivr.facts import SPEECH, FlowFacts, is_looked_up
from callcenter.ivr.flow import Flow, Voicemail
from callcenter.ivr.interpreter import step
from callcenter.ivr.listener import Listener
from callcenter.ivr.messages import Messages
from callcenter.ivr.model import (
    Ask,
    Deaf,
    File,
    Input,
    Instruction,
    Kept,
    Known,
    Leave,
    Listen,
    Look,
    Note,
    Overdue,
    PlayPrompts,
    Record,
    Session,
    SetVariable,
    Spoken,
    Started,
)
from callcenter.ivr.served import Caller, Served
from callcenter.ivr.speak import speak
from callcenter.prompt.catalogue import PromptFiles
from callcenter.routing.first_seat import Offer, offered

log = logging.getLogger(__name__)

Noticed = PlayPrompts | Ask | Listen | Record | File
"""What the caller takes notice of."""

LAWYER = "lawyer"
"""The fact by which a caller asks for a seat: its number, collected by the flow."""
WAIT_ABOUT, WAIT_MINUTES = "wait-about", "wait-minutes"
"""Prompts around the minutes."""
VOICEMAIL = "voicemail"
"""The outcome of a call that left a message."""
GRACE_S = 30.0
"""A session that does not come to an end by itself (Asterisk does not answer) is cut so long after its flow's time."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The flow for one caller, when it is not simply the one of the script's name."""

    flow: Flow
    version: str
    """For the record: the flow's version, or `draft`."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Set on the channel before anything is heard."""


class FirstChoice(Protocol):
    async def choose(self, number: str, line: str, topic: str, asked: str) -> Offer | None: ...


@dataclass(slots=True)
class IvrCounts:
    """Since the engine started. `ends`: by `queue`, `goodbye`, `hung_up`, `failed`, `cut`."""

    sessions: int = 0
    now: int = 0
    ends: Counter[str] = field(default_factory=Counter)


class IvrService:
    """The FastAGI server's handler. Immutable flows: an exchanged mapping counts for the next caller only."""

    def __init__(
        self,
        flows: Mapping[str, Flow],
        prompts: PromptFiles,
        sink: Callable[[Fact], None],
        clock: Clock,
        *,
        default_language: str = "zh",
        facts: FlowFacts | None = None,
        messages: Messages | None = None,
        listener: Listener | None = None,
        first: FirstChoice | None = None,
        expected: Callable[[str], int | None] = lambda _line: None,
    ) -> None:
        """Without `facts` nothing can be looked up; without `messages` nothing can be left behind: such nodes go their
        `otherwise`. Without `listener` speech menus ask for keys; without `first` nobody is offered to one seat.
        `expected`: minutes of waiting in a line, None when nobody can say."""
        self.flows = dict(flows)
        self.counts = IvrCounts()
        self._prompts = prompts
        self._sink = sink
        self._clock = clock
        self._default_language = default_language
        self._facts = facts
        self._messages = messages
        self._listener = listener
        self._first = first
        self._expected = expected

    async def handle(self, caller: Caller, chosen: Chosen | None = None) -> None:
        """Serve one caller to the end of his flow. Returns in any case; raises only `CancelledError`."""
        flow = chosen.flow if chosen else self.flows.get(caller.script)
        if flow is None:
            self.counts.ends["failed"] += 1
            known = ", ".join(self.flows)
            log.error("ivr.unknown_flow linkedid=%s script=%s known=%s", caller.linkedid, caller.script, known)
            return
        self.counts.sessions += 1
        self.counts.now += 1
        end = "failed"
        try:
            async with asyncio.timeout(flow.deadline_s + _longest_message(flow) + GRACE_S):
                end = await self._run(flow, caller, chosen)
        except TimeoutError:
            end = "cut"
            log.error("ivr.cut linkedid=%s flow=%s after_s=%s", caller.linkedid, flow.id, flow.deadline_s + GRACE_S)
        except Exception:
            log.exception("ivr.failed linkedid=%s flow=%s", caller.linkedid, flow.id)
        finally:
            self.counts.now -= 1
            self.counts.ends[end] += 1
        log.info("ivr.ended linkedid=%s flow=%s end=%s", caller.linkedid, flow.id, end)

    async def _run(self, flow: Flow, caller: Caller, chosen: Chosen | None) -> str:
        """How it ended, for the counts."""
        session = await self._begin(flow, caller)
        served = Served(caller, self._sink, self._clock)
        if chosen is not None:
            served.note("flow", f"{flow.id}@{chosen.version}")
            for name, value in chosen.variables.items():
                served.put(name, value)
        ends_at = self._clock.now() + timedelta(seconds=flow.deadline_s)
        event: Input = Started() if session else ChannelGone()
        session = session or Session(self._default_language)
        while not isinstance(event, ChannelGone):
            session, instructions = step(flow, session, event)
            for instruction in instructions:
                began = self._now()
                event = await self._obey(instruction, served, session)
                if isinstance(event, ChannelGone):
                    break
                if isinstance(instruction, Record):
                    ends_at += self._now() - began  # speaking is not dawdling
            if session.ended and not isinstance(event, ChannelGone):
                return instructions[-1].next if isinstance(instructions[-1], Leave) else "failed"
            event = self._in_time(event, ends_at)
        return "hung_up"

    async def _begin(self, flow: Flow, caller: Caller) -> Session | None:
        """The session with what the call brings along, or None when the caller is gone already."""
        language, facts = self._default_language, dict[str, str]()
        wanted = {"language": "CC_LANG"} if flow.purpose == "survey" else {}
        wanted |= {name: f"CC_{name.upper()}" for name in sorted(flow.outside_facts) if not is_looked_up(name)}
        for name, variable in wanted.items():
            answer = await caller.get(variable)
            if isinstance(answer, ChannelGone):
                return None
            if answer.value:
                facts[name] = answer.value
        return Session(facts.pop("language", language), facts)

    async def _obey(self, instruction: Instruction, served: Served, session: Session) -> Input:
        match instruction:
            case Note(name, value):
                served.note(name, value)
                return Finished()
            case SetVariable(name, value):
                served.put(name, value)
                return Finished()
            case Look((name,)) if name == SPEECH:
                return Known({SPEECH: "yes" if self._listener and await self._listener.ready() else "no"})
            case Look(names):
                number = served.caller.caller_number
                return Known(await self._facts.look(names, number, session.language) if self._facts else {})
            case Leave(where):
                if where == "queue" and not await self._offer(served, session):
                    await self._tell_wait(served, session)
                served.put("CC_NEXT", where)
                return await served.tell()
        told = await served.tell()
        return told if isinstance(told, ChannelGone) else await self._heard(instruction, served, session)

    async def _tell_wait(self, served: Served, session: Session) -> None:
        """How long he will wait, when that is known and every word of it is recorded. A key passes over it."""
        minutes = self._expected(session.line)
        words = (WAIT_ABOUT, *speak("number", str(minutes or ""), session.language), WAIT_MINUTES)
        files = self._files(tuple(Spoken(word, session.language, own_voice=True) for word in words)) if minutes else []
        if len(files) == len(words):
            await served.tell()
            await served.caller.play(files, ALL_KEYS)

    async def _offer(self, served: Served, session: Session) -> bool:
        """To one seat before the line, when there is one for him."""
        if self._first is None:
            return False
        number, asked = served.caller.caller_number, session.facts.get(LAWYER, "")
        offer = await self._first.choose(number, session.line, session.topic, asked)
        if offer is not None:
            served.note("node", f"first-seat-{offer.why}")
        for name, value in offered(offer).items():
            served.put(name, value)
        return offer is not None

    async def _heard(self, instruction: Noticed, served: Served, session: Session) -> Input:
        caller = served.caller
        match instruction:
            case PlayPrompts(prompts, interrupt):
                return await caller.play(self._files(prompts), ALL_KEYS if interrupt else "")
            case Ask(prompts, digits, timeout_s, terminator):
                files = self._files(prompts)
                if prompts and not files:
                    log.error("ivr.unplayable linkedid=%s prompt=%s", caller.linkedid, prompts[0].prompt)
                    return Overdue()
                return await caller.collect(files, digits, timeout_s, terminator)
            case Listen(prompts, words, listen_s):
                return await self._listen(caller, self._files(prompts), words, listen_s)
            case Record(max_s, silence_s, comment) if comment:
                return await self._comment(served, session, max_s, silence_s)
            case Record(max_s, silence_s):
                return await self._record(served, session, max_s, silence_s)
            case File(number):
                order = await self._messages.file(caller, number, session.language) if self._messages else ""
                return Kept(bool(order), order)

    async def _listen(self, caller: Caller, files: list[str], words: tuple[str, ...], listen_s: int) -> Input:
        """The prompt, which a key ends, and then what the caller says or presses."""
        if self._listener is None or not files:
            return Deaf()
        played = await caller.play(files, ALL_KEYS)
        return played if not isinstance(played, Finished) else await self._listener.listen(caller, words, listen_s)

    async def _record(self, served: Served, session: Session, max_s: int, silence_s: int) -> Input:
        """Most callers end their message by hanging up: it is kept all the same, before Asterisk says that he left."""
        if self._messages is None:
            return Kept(False)
        ended, message = await self._messages.record(served.caller, max_s, silence_s)
        order = ""
        if message is not None:
            served.note("outcome", VOICEMAIL)
            order = await self._messages.keep(served.caller, message, session.language)
        return ended if isinstance(ended, ChannelGone) else Kept(bool(order), order)

    async def _comment(self, served: Served, session: Session, max_s: int, silence_s: int) -> Input:
        """After a grade. It is kept also when he hangs up at its end, and changes nothing of the call's outcome."""
        if self._messages is None:
            return Kept(False)
        caller = served.caller
        ended, said = await self._messages.record(caller, max_s, silence_s, "comment")
        kept = said is not None and await self._messages.keep_comment(caller, said, session.language)
        return ended if isinstance(ended, ChannelGone) else Kept(kept)

    def _files(self, prompts: tuple[Spoken, ...]) -> list[str]:
        found = (self._prompts.resolve(it.prompt, it.language, own_voice=it.own_voice) for it in prompts)
        return [str(path) for path in found if path is not None]

    def _in_time(self, event: Input, ends_at: datetime) -> Input:
        return Overdue() if self._now() >= ends_at and not isinstance(event, ChannelGone) else event

    def _now(self) -> datetime:
        return self._clock.now()


def _longest_message(flow: Flow) -> int:
    return max((node.max_s for node in flow.nodes.values() if isinstance(node, Voicemail)), default=0)
