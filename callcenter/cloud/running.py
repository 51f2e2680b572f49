"""A flow at the provider: the same interpreter, asked once for each document that the provider fetches.

Pure. In the cloud nobody can be rung: where a flow would lead to a line or outside, the caller is told so and may ask
to be called back or leave a message (`ENDING`). What only the site knows stays unknown.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from callcenter.asterisk.channel_control import Digits, Finished, NoInput
from callcenter.errors import BadInput
from callcenter.ivr.facts import CALLER_NUMBER
from callcenter.ivr.flow import Flow, Play, Say, Voicemail
from callcenter.ivr.interpreter import step
from callcenter.ivr.model import (
    Ask,
    File,
    Input,
    Instruction,
    Kept,
    Known,
    Leave,
    Look,
    Overdue,
    PlayPrompts,
    Record,
    Session,
    Started,
)
from callcenter.ivr.node import BaseNode

_LEFT = {
    "away": {"play": "cloud-away", "interrupt": False, "next": "offer"},
    "message": {"voicemail": "voicemail", "thanks": "voicemail-kept", "next": "bye", "otherwise": "bye"},
    "bye": {"goodbye": "goodbye"},
}
ENDING = Flow.model_validate(
    {
        "id": "cloud",
        "purpose": "survey",
        "start": "away",
        "nodes": {
            **_LEFT,
            "offer": {
                "callback": "callback-offer",
                "confirm": "cloud-choice",
                "keys": {"2": "message"},
                "thanks": "callback-kept",
                "next": "end",
                "otherwise": "message",
            },
            "end": {"goodbye": []},
        },
    }
)
"""What takes the place of a person. Its purpose only says that nobody is rung."""

ASKED_BY = ("offer", "1")
"""Node and key of a request to be called back, in documents without a site behind them."""
ENDING_ALONE = Flow.model_validate(
    {
        "id": "cloud",
        "purpose": "survey",
        "start": "away",
        "nodes": {
            **_LEFT,
            "offer": {"menu": "cloud-choice", "keys": {"1": "asked", "2": "message"}, "otherwise": "message"},
            "asked": {"goodbye": "callback-kept"},
        },
    }
)
"""The same for documents without a site behind them: the number cannot be spoken, and that the document of the key
was fetched is the request."""

SHORTEST_S = 1
"""A shorter message is a click of the receiver."""

Tell = Callable[[str, str], str | None]
"""(fact, language) -> value, or None when it is not known."""
Book = Callable[[str, str], Kept]
"""(number, language) -> whether the request to be called back is on record; the number that the caller is told."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a caller is between two documents."""

    session: Session
    ending: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One document: what is done in order, the last of it answered by the next request, unless `over`."""

    state: State
    instructions: tuple[Instruction, ...]
    over: bool


def begin(language: str) -> State:
    return State(Session(language))


def go_on(flow: Flow, ending: Flow, state: State, event: Input, tell: Tell, book: Book) -> Turn:
    """On from `event` until the caller has to be heard, or it is over. Announcements that no key ends do not wait for
    an answer: the provider plays one after the other."""
    out: list[Instruction] = []
    while True:
        session, steps = step(ending if state.ending else flow, state.session, event)
        state = replace(state, session=session)
        last = steps[-1] if steps else Leave("goodbye")
        out += [it for it in steps if not isinstance(it, Look | File | Leave)]
        match last:
            case Leave("goodbye"):
                return Turn(state, tuple(out), over=True)
            case Leave():
                state, event = State(Session(session.language, topic=session.topic), ending=True), Started()
            case Look(names):
                told = {name: tell(name, session.language) for name in names}
                event = Known({name: value for name, value in told.items() if value is not None})
            case File(number):
                event = book(number, session.language)
            case PlayPrompts(_, False):
                event = Finished()
            case PlayPrompts() | Ask() | Record():
                return Turn(state, tuple(out), over=False)
            case _:
                event = Overdue()  # what the provider cannot do: on to the end that it can


def event_of(node: BaseNode, session: Session, params: Mapping[str, str]) -> Input:
    """What the caller did at this node, by the fields that the provider sends."""
    if isinstance(node, Voicemail) and not session.thanked:
        return Kept(has_message(params))
    if params.get("Digits") or params.get("FinishedOnKey"):
        return Digits(params.get("Digits", ""))
    return Finished() if isinstance(node, Play | Say | Voicemail) else NoInput()


def has_message(params: Mapping[str, str]) -> bool:
    seconds = params.get("RecordingDuration", "")
    return "RecordingSid" in params and seconds.isdecimal() and int(seconds) >= SHORTEST_S


def packed(state: State) -> str:
    """For the address of the next request, which the provider signs with all the rest. The caller's number is left
    out: each request brings it."""
    it = state.session
    short = {
        "e": state.ending,
        "l": it.language,
        "n": it.node,
        "c": len(it.path),
        "f": dict(it.facts),
        "t": it.topic,
        "g": it.grade,
        "w": it.wrong,
        "s": it.silent,
        "a": it.typed,
        "p": it.part,
        "k": {name: value for name, value in it.known.items() if name != CALLER_NUMBER},
        "d": it.thanked,
    }
    kept = {name: value for name, value in short.items() if value}
    return base64.urlsafe_b64encode(json.dumps(kept, separators=(",", ":")).encode()).decode().rstrip("=")


def unpacked(text: str, number: str) -> State:
    """Raises `BadInput` for anything `packed` did not write."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        session = Session(
            language=str(raw["l"]),
            facts=_texts(raw.get("f", {})),
            node=str(raw["n"]),
            path=("",) * min(int(raw.get("c", 0)), 1000),
            topic=str(raw.get("t", "")),
            grade=raw.get("g"),
            wrong=int(raw.get("w", 0)),
            silent=int(raw.get("s", 0)),
            typed=str(raw.get("a", "")),
            part=str(raw.get("p", "")),
            known={**_texts(raw.get("k", {})), **({CALLER_NUMBER: number} if number else {})},
            thanked=bool(raw.get("d", False)),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadInput("this address does not say where in the flow the caller is") from problem
    return State(session, ending=bool(raw.get("e", False)))


def _texts(raw: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in raw.items()}
