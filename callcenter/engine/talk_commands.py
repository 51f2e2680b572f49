"""Verbs by which a seat asks something of its talk; `callcenter.engine.commands` takes them from the bus."""

import re
from collections.abc import Callable, Collection
from datetime import datetime

from callcenter.bus.commands import Command
from callcenter.engine.party import Directory
from callcenter.engine.registry import DomainEvent
from callcenter.engine.talks import Talks
from callcenter.errors import BadInput, NotFound
from callcenter.seat.state import Seat

Carried = list[DomainEvent]
NAME = re.compile(r"[a-z_]{1,32}")
TOPIC = re.compile(r"[a-z][a-z0-9_.-]{0,63}")


class TalkCommands:
    def __init__(self, talks: Talks, directory: Directory, lines: Collection[str]) -> None:
        self._talks = talks
        self._directory = directory
        self._lines = lines
        self._simple: dict[str, Callable[[Seat], None]] = {
            "join": talks.join,
            "back": talks.back,
            "leave": talks.leave,
        }

    def carry_out(self, seat: Seat, command: Command, now: datetime) -> Carried:
        """`action`: consult | interpret | join | back | leave | transfer | end; `to`: seat | outside | line; `target`:
        its name, of `end` the reason, of `interpret` the language. `topic`: of a transfer to a line."""
        action, to, name = (command.args.get(key) for key in ("action", "to", "target"))
        if action in self._simple:
            self._simple[str(action)](seat)
            return []
        if action == "end":
            if not isinstance(name, str) or not NAME.fullmatch(name):
                raise BadInput("a talk is ended with the id of a reason")
            return self._talks.end(seat, name, command.by, now)
        if action == "transfer" and to == "line":
            if name not in self._lines:
                raise NotFound(f"there is no line {name}; known: {', '.join(self._lines)}")
            topic = command.args.get("topic") or ""
            if not isinstance(topic, str) or (topic and not TOPIC.fullmatch(topic)):
                raise BadInput("a topic is the id of one in the catalogue")
            return self._talks.hand_to_line(seat, str(name), topic, now)
        if action == "interpret":
            interpreter = self._directory.find("interpreter", name, seat.view.seat)
            return self._talks.consult(seat, interpreter, command.by, now, caller_waits=False)
        if action not in ("consult", "transfer"):
            raise BadInput("action is consult, interpret, join, back, leave, transfer or end")
        party = self._directory.find(to, name, seat.view.seat)
        ask = self._talks.consult if action == "consult" else self._talks.hand_on
        return ask(seat, party, command.by, now)
