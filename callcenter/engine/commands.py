"""Commands from the api: read from the stream, carried out in the pump's order, answered.

A command changes what is wanted. What is so, Asterisk's events tell.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from callcenter.bus import names
from callcenter.bus.commands import ANSWER_WITHIN_S, Command
from callcenter.call.model import ListenMode
from callcenter.clock import Clock
from callcenter.engine.listening import Listening
from callcenter.engine.pump import Pump
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.engine.talk_commands import TalkCommands
from callcenter.errors import BadInput, CallCenterError, NotFound
from callcenter.ids import NodeName, PersonId, SeatId
from callcenter.seat.model import Desired, PhoneKind
from callcenter.seat.state import Seat

log = logging.getLogger(__name__)

RETRY_S = 1.0
BLOCK_MS = 2_000
REPLY_KEPT_S = 30
EXTENSION = timedelta(seconds=60)
"""By which one press prolongs the wrap-up."""
REASON_MAX = 64
STOP = "stop"
"""The mode by which a supervisor leaves a talk."""

Result = dict[str, Any]


class Commands:
    def __init__(
        self,
        redis: Redis,
        registry: Registry,
        pump: Pump,
        node: NodeName,
        clock: Clock,
        reload_flows: Callable[[], None] = lambda: None,
        talks: TalkCommands | None = None,
        listening: Listening | None = None,
    ) -> None:
        self._redis = redis
        self._registry = registry
        self._pump = pump
        self._stream = names.COMMANDS.format(node=node)
        self._clock = clock
        self._reload_flows = reload_flows
        self._talks = talks
        self._listening = listening
        self._answers: set[asyncio.Task[None]] = set()
        self._verbs: dict[str, Callable[[Command, datetime], tuple[list[DomainEvent], Result]]] = {
            "seat.want": self._seat_want,
            "seat.phone": self._seat_phone,
            "seat.microphone": self._seat_microphone,
            "seat.wrap_up": self._seat_wrap_up,
            "seat.free": self._seat_free,
            "talk": self._talk,
            "seat.listen": self._seat_listen,
            "flows.reload": self._flows_reload,
        }

    async def run(self) -> None:
        """Read for ever. Redis may come and go; what is too old by then is dropped: nobody waits for it."""
        last = f"{int((self._clock.now().timestamp() - ANSWER_WITHIN_S) * 1000)}-0"
        while True:
            try:
                batch: Any = await self._redis.xread({self._stream: last}, count=50, block=BLOCK_MS)
                for entry, fields in batch[0][1] if batch else []:
                    last = entry
                    self._take(fields)
            except RedisError as error:
                log.warning("commands.redis_away reason=%s", error)
                await asyncio.sleep(RETRY_S)

    def _take(self, fields: dict[bytes, bytes]) -> None:
        try:
            command = Command(**json.loads(fields[b"c"]))
        except (KeyError, TypeError, ValueError) as error:
            log.error("commands.unreadable reason=%s", error)
            return
        self._pump.inbox.put_nowait(lambda: self._carry_out(command))

    async def _carry_out(self, command: Command) -> Iterable[DomainEvent]:
        now = self._clock.now()
        if now.timestamp() - command.asked_at > ANSWER_WITHIN_S:
            log.warning("commands.expired name=%s by=%s", command.name, command.by)
            return []
        events: list[DomainEvent] = []
        try:
            verb = self._verbs.get(command.name)
            if verb is None:
                raise BadInput(f"the engine knows no command {command.name}; api and engine are of different releases")
            events, result = verb(command, now)
            reply: Result = {"result": result}
        except CallCenterError as error:
            reply = {
                "error": {
                    "code": error.code,
                    "status": error.status,
                    "message": error.message,
                    "details": error.details,
                }
            }
        self._answers.add(task := asyncio.create_task(self._answer(command.id, reply)))
        task.add_done_callback(self._answers.discard)
        return events

    async def _answer(self, id_: str, reply: Result) -> None:
        key = names.REPLY.format(id=id_)
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.lpush(key, json.dumps(reply, ensure_ascii=False))
                pipe.expire(key, REPLY_KEPT_S)
                await pipe.execute()
        except RedisError as error:
            log.warning("commands.answer_lost reason=%s", error)

    def _seat(self, command: Command) -> Seat:
        seat = self._registry.seats.get(SeatId(str(command.args.get("seat"))))
        if seat is None:
            raise NotFound(f"there is no seat {command.args.get('seat')}; an administrator can add it")
        return seat

    def _seat_free(self, command: Command, now: datetime) -> tuple[list[DomainEvent], Result]:
        """A supervisor says that this seat is in no call, whatever it looks like."""
        seat = self._seat(command)
        events = self._registry.free(seat, now)
        self._pump.compare(seat.view.seat)
        return events, _shown(seat)

    def _talk(self, command: Command, now: datetime) -> tuple[list[DomainEvent], Result]:
        seat = self._seat(command)
        if self._talks is None:
            raise BadInput("this engine has no link by which a talk could be changed")
        return self._talks.carry_out(seat, command, now), _shown(seat)

    def _seat_listen(self, command: Command, now: datetime) -> tuple[list[DomainEvent], Result]:
        """`mode`: a ListenMode, or stop."""
        seat, mode = self._seat(command), str(command.args.get("mode"))
        if self._listening is None:
            raise BadInput("this engine has no link by which a talk could be heard")
        if mode == STOP:
            call = self._listening.stop(PersonId(command.by))
        elif mode in set(ListenMode):
            call = self._listening.ask(seat, ListenMode(mode), PersonId(command.by))
        else:
            raise BadInput(f"mode is one of {', '.join(ListenMode)}, {STOP}")
        return [], _shown(seat) | {"call": call.record.linkedid}

    def _flows_reload(self, _command: Command, _now: datetime) -> tuple[list[DomainEvent], Result]:
        """Somebody published: no need to wait until it is looked for."""
        self._reload_flows()
        return [], {}

    def _seat_want(self, command: Command, now: datetime) -> tuple[list[DomainEvent], Result]:
        seat = self._seat(command)
        try:
            desired = Desired(str(command.args.get("desired")))
        except ValueError:
            raise BadInput(f"state is one of {', '.join(Desired)}") from None
        reason = str(command.args.get("reason") or "") if desired is Desired.PAUSED else ""
        if len(reason) > REASON_MAX or not reason.isprintable():
            raise BadInput(f"a reason is one line of at most {REASON_MAX} characters")
        events = self._registry.want(seat, desired, reason, command.by, now)
        self._pump.compare(seat.view.seat)
        return events, _shown(seat)

    def _seat_phone(self, command: Command, now: datetime) -> tuple[list[DomainEvent], Result]:
        seat = self._seat(command)
        try:
            phone = PhoneKind(str(command.args.get("phone")))
        except ValueError:
            raise BadInput(f"phone is one of {', '.join(PhoneKind)}") from None
        return list(seat.wish_phone(phone, command.by, now)), _shown(seat)

    def _seat_microphone(self, command: Command, now: datetime) -> tuple[list[DomainEvent], Result]:
        seat, tried = self._seat(command), command.args.get("tried")
        if not isinstance(tried, bool):
            raise BadInput("tried is true or false")
        return list(seat.microphone(tried, now)), _shown(seat)

    def _seat_wrap_up(self, command: Command, now: datetime) -> tuple[list[DomainEvent], Result]:
        seat = self._seat(command)
        match command.args.get("action"):
            case "done":
                events = self._registry.end_wrap_up(seat, now)
            case "extend":
                events = list(seat.extend_wrap_up(EXTENSION, now))
            case _:
                raise BadInput("action is done or extend")
        self._pump.compare(seat.view.seat)
        return events, _shown(seat)


def _shown(seat: Seat) -> Result:
    return {"seat": seat.view.seat, "state": seat.view.state.value, "desired": seat.view.desired.value}
