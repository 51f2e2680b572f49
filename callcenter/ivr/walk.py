"""A flow without a telephone: given keys in, the path node by node out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from callcenter.asterisk.channel_control import Digits, Finished, NoInput
from callcenter.errors import BadInput
from callcenter.ivr.facts import SPEECH
from callcenter.ivr.flow import KEYPAD, Flow
from callcenter.ivr.interpreter import step
from callcenter.ivr.model import (
    Ask,
    File,
    Heard,
    Input,
    Instruction,
    Kept,
    Known,
    Leave,
    Listen,
    Look,
    Note,
    PlayPrompts,
    Record,
    Session,
    Spoken,
    Started,
)

NO_KEY = ""
Look_ = Callable[[str], str | None]
"""Tells a fact by its name, or None."""


@dataclass(slots=True)
class Row:
    """One node the caller was in; a question asked again is a row of its own.

    `key`: what was pressed there, None when nothing was. `spoken`: `<language>/<prompt>` in the order heard.
    `facts`: what went on the call's record there.
    """

    node: str
    kind: str
    played: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    key: str | None = None
    next: str | None = None
    facts: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Walk:
    rows: list[Row]
    end: Leave
    session: Session

    def as_json(self) -> list[dict[str, Any]]:
        end: dict[str, Any] = {"end": self.end.next}
        if self.end.next == "queue":
            end["queue"] = self.end.queue
        if self.end.next == "transfer":
            end["to"] = self.end.to
        return [row.as_json() for row in self.rows] + [end]


def parse_keys(text: str) -> list[str]:
    """`2,0` -> ["2", "0"]; an empty place means that no key is pressed; a word such as 劳动 is spoken. Raises
    `BadInput`."""
    if not text.strip():
        return []
    entries = [entry.strip() for entry in text.split(",")]
    for entry in entries:
        if any(key not in KEYPAD for key in entry) and not is_word(entry):
            raise BadInput(f"--keys: `{entry}` is not a key; use 0-9, * and #, separated by commas, such as 2,0")
    return entries


def is_word(entry: str) -> bool:
    return not entry.isascii() and entry.replace(" ", "").isalpha()


def walk(
    flow: Flow,
    keys: Sequence[str] = (),
    *,
    language: str,
    facts: Mapping[str, str] | None = None,
    look: Look_ = lambda _name: None,
) -> Walk:
    """Each entry of `keys` answers one question; when they are used up, the caller presses nothing more.

    `facts` go before what `look` tells. A message is spoken, a wish to be called back is kept, the entries of the
    knowledge base are valid, and what is said is understood.
    """
    entries = list(keys)
    rows: list[Row] = []
    brought = dict(facts or {})
    session = Session(language, brought, topic=brought.get("topic", ""))
    event: Input = Started()
    while True:
        session, instructions = step(flow, session, event)
        for instruction in instructions:
            _record(flow, rows, instruction)
        last = instructions[-1]
        if isinstance(last, Leave):
            return Walk(rows, last, session)
        match last:
            case Ask():
                entry = entries.pop(0) if entries else NO_KEY
                rows[-1].key = (entry if rows[-1].kind in ("collect", "progress") else entry[:1]) or None
                event = Digits(entry) if entry else NoInput()
            case Look(names):
                told = {name: brought.get(name, look(name) or _usual(name)) for name in names}
                event = Known({name: value for name, value in told.items() if value is not None})
            case Listen():
                entry = entries.pop(0) if entries else NO_KEY
                rows[-1].key = (entry if is_word(entry) else entry[:1]) or None
                event = Heard(entry) if is_word(entry) else Digits(entry) if entry else NoInput()
            case Record() | File():
                event = Kept(True)
            case _:
                event = Finished()


def _record(flow: Flow, rows: list[Row], instruction: Instruction) -> None:
    match instruction:
        case Note("node", node_id):
            _row(flow, rows, node_id)
        case Note("key", pressed) if rows[-1].key is None:
            rows[-1].key = pressed.partition("=")[2]
        case Note(name, value) if name not in ("node", "key"):
            rows[-1].facts[name] = value
        case PlayPrompts(prompts):
            _played(rows[-1], prompts)
        case Ask(prompts) | Listen(prompts):
            if rows[-1].played or rows[-1].key is not None:
                _row(flow, rows, rows[-1].node)
            _played(rows[-1], prompts)


def _usual(name: str) -> str | None:
    return "yes" if name == SPEECH or name.startswith("entry:") else None


def _row(flow: Flow, rows: list[Row], node_id: str) -> None:
    if rows:
        rows[-1].next = node_id
    rows.append(Row(node_id, flow.nodes[node_id].kind))


def _played(row: Row, prompts: tuple[Spoken, ...]) -> None:
    row.played += [spoken.prompt for spoken in prompts]
    row.spoken += [f"{spoken.language}/{spoken.prompt}" for spoken in prompts]
