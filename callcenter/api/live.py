"""The live feed: one board per process, followed from the Redis stream, told to every open screen.

`snapshot` first, then `delta`s, numbered without gaps; a `beat` in every quiet stretch. Whenever the board cannot go on
(a gap in the events, an event that does not fit, Redis lost) it is read anew and every screen gets a new snapshot.
Numbers of the feed are its own: figures and the engine's silence are news too, but no events.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from callcenter.account.model import Role
from callcenter.alarm.feed import read_alarms
from callcenter.api.screen import Screen, event_lag
from callcenter.api.view import View, seen, view_of
from callcenter.board.board import Board, OutOfStep
from callcenter.board.figures import read_figures
from callcenter.board.model import Entity, Patch, iso
from callcenter.board.repository import read_board
from callcenter.board.today import read_today
from callcenter.bus import heartbeat, names
from callcenter.bus.envelope import from_json
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import CallCenterError
from callcenter.instants import CHINA
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

BEAT_S = 5.0
BLOCK_MS = 1_000
ANSWER_S = 10.0
"""A Redis that is silent for so long is away."""
AGAIN_S = 1.0
"""Between two attempts to read everything anew."""
FIGURES_S = 2.0
"""Figures that changed are told at most so often."""
FIGURES_AT_LEAST_S = 20.0
"""The 24 hours roll on without any event."""
ALARMS_S = 1.0
"""Alarms are looked up in the database so often: what they tell of may be Redis itself."""
COMPARE_S = 60.0
"""The board is compared with the database so often."""
BATCH = 500

T = TypeVar("T")


class Hub:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: NumberVault,
        clock: Clock,
        *,
        connect: Callable[[], Redis] | None = None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock
        # no socket_timeout: redis-py then sends through wait_for, which in Python 3.11 may swallow a cancellation
        self._connect = connect or (lambda: Redis.from_url(settings.redis, socket_timeout=None))
        self._screens: set[Screen] = set()
        self._seq = 0
        self._told = time.monotonic()
        self._board: Board | None = None
        self._figures: Entity | None = None
        self._today: Entity | None = None
        self._alarms: dict[str, Entity | None] = {}
        self._watch: Entity | None = None
        self._engine: Entity = {"state": "silent", "at": iso(clock.now()), "expected": {}}
        self.lag = event_lag()
        self._dirty = asyncio.Event()
        self.compare_soon = False  # set when people changed: names and languages of seats are no events
        self._ready = asyncio.Event()

    # screens

    async def open(self, role: Role) -> Screen:
        """A screen whose first message is the snapshot."""
        await self._ready.wait()
        screen = Screen(role)
        screen.put(self._render("snapshot", {"state": self._state()})[view_of(role)])
        self._screens.add(screen)
        return screen

    def close(self, screen: Screen) -> None:
        self._screens.discard(screen)

    def told(self) -> dict[str, Any]:
        """What a new screen would be told, and how many `screens` are open."""
        return self._state() | {"screens": len(self._screens)}

    # news

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._beats())
            tasks.create_task(self._count())
            tasks.create_task(self._look_at_alarms())

    async def _follow(self) -> None:
        redis = self._connect()
        try:
            while True:
                try:
                    await self._from_start(redis)
                except OutOfStep as gap:
                    log.warning("live.start-over reason=%s", gap.message)
                except (RedisError, OSError) as error:
                    log.warning("live.redis-away reason=%s", error)
                    await self._alone()
                except (SQLAlchemyError, CallCenterError) as error:
                    log.error("live.not-readable reason=%s", str(error).splitlines()[0])
                await asyncio.sleep(AGAIN_S)
        finally:
            await redis.aclose()

    async def _from_start(self, redis: Redis) -> None:
        """The database at one event, then the stream after it (`<seq>-0` names its entries). Ends only by an error."""
        await self._look_for_engine(redis)
        board = await self._seed()
        position = f"{board.seq}-0".encode()
        compared = time.monotonic()
        while True:
            position = await self._news(redis, position)
            await self._look_for_engine(redis)
            if self.compare_soon or time.monotonic() - compared > COMPARE_S:
                self.compare_soon, compared = False, time.monotonic()
                await self._compare()

    async def _seed(self) -> Board:
        board = await self._read(self._read_board)
        self._figures, self._today = await self._read(self._read_figures)
        self._alarms, self._watch = await self._read(self._read_alarms)
        self._board = board
        self._seq += 1
        self._tell("snapshot", {"state": self._state()})
        self._ready.set()
        return board

    async def _news(self, redis: Redis, position: bytes) -> bytes:
        """One batch of events, told as one delta: a busy second costs a screen few messages."""
        async with asyncio.timeout(ANSWER_S):
            answer: Any = await redis.xread({names.EVENTS: position}, count=BATCH, block=BLOCK_MS)
        board = self._board
        if board is None:
            raise OutOfStep("there is no board yet")
        patch = board.turn_day(self._clock.now().astimezone(CHINA).date())
        happened: list[str] = []
        for entry, fields in answer[0][1] if answer else ():
            position = entry
            envelope = from_json(fields[b"e"])
            if envelope.node != self._settings.node or envelope.seq <= board.seq:
                continue
            patch = patch.then(board.apply(envelope))
            happened.append(envelope.at)
        self._spread(patch)
        now = self._clock.now()
        for at in happened:
            self.lag.observe((now - datetime.fromisoformat(at)).total_seconds())
        if answer:
            self._dirty.set()
        return position

    async def _look_for_engine(self, redis: Redis) -> None:
        async with asyncio.timeout(ANSWER_S):
            beat = heartbeat.read(await redis.get(names.HEARTBEAT.format(node=self._settings.node)))
        self._engine_is("ok" if beat else "silent", beat.expected if beat else {})

    async def _alone(self) -> None:
        """Without Redis: what the database says, and that there is no news."""
        self._engine_is("silent", {})
        if self._board is None:
            with contextlib.suppress(SQLAlchemyError, CallCenterError):
                await self._seed()

    async def _compare(self) -> None:
        """The database is the truth; a board that differs at the same number has gone astray."""
        fresh, board = await self._read(self._read_board), self._board
        if board is None or fresh.seq > board.seq:
            return  # events are on their way; look again later
        if fresh.seq < board.seq or fresh.state() != board.state():
            raise OutOfStep("the board differs from the database")

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S - min(time.monotonic() - self._told, BEAT_S - 0.1))
            if time.monotonic() - self._told >= BEAT_S - 0.1:
                self._tell("beat", {})

    async def _count(self) -> None:
        """Figures, soon after they may have changed, but never more than a twentieth of the time."""
        await self._ready.wait()
        while True:
            # not wait_for: in Python 3.11 it may swallow a cancellation that comes together with the event
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FIGURES_AT_LEAST_S):
                    await self._dirty.wait()
            self._dirty.clear()
            began = time.monotonic()
            try:
                self._figures, self._today = await self._read(self._read_figures)
                self._spread(Patch(figures=self._figures, today=self._today))
            except (SQLAlchemyError, CallCenterError) as error:
                log.error("live.figures-not-readable reason=%s", str(error).splitlines()[0])
            await asyncio.sleep(max(FIGURES_S, 20 * (time.monotonic() - began)))

    async def _look_at_alarms(self) -> None:
        await self._ready.wait()
        while True:
            try:
                alarms, watch = await self._read(self._read_alarms)
            except (SQLAlchemyError, CallCenterError):
                alarms, watch = self._alarms, (self._watch or {}) | {"state": "silent"}
            # that the rules are still judged is no news
            patch = Patch(watch=watch if self._watch is None or watch["state"] != self._watch["state"] else None)
            patch.alarms = {id_: alarm for id_, alarm in alarms.items() if alarm != self._alarms.get(id_)}
            patch.alarms |= dict.fromkeys(self._alarms.keys() - alarms.keys())
            self._alarms, self._watch = alarms, watch
            self._spread(patch)
            await asyncio.sleep(ALARMS_S)

    # telling

    def _engine_is(self, state: str, expected: Mapping[str, int]) -> None:
        at = self._engine["at"] if self._engine["state"] == state else iso(self._clock.now())
        if self._engine != (now := {"state": state, "at": at, "expected": dict(expected)}):
            self._engine = now
            self._spread(Patch(engine=now))

    def _spread(self, patch: Patch) -> None:
        if patch and self._board is not None:
            self._seq += 1
            self._tell("delta", {"patch": patch.as_json()})

    def _tell(self, kind: str, content: dict[str, Any]) -> None:
        self._told = time.monotonic()
        if not self._screens:
            return
        messages = self._render(kind, content)
        for screen in list(self._screens):
            if not screen.put(messages[view_of(screen.role)]):
                log.warning("live.screen-too-slow role=%s", screen.role)
                self._screens.discard(screen)

    def _render(self, kind: str, content: dict[str, Any]) -> dict[View, str]:
        """The message for each view; what is the same for several is made once for all screens."""
        head = {"type": kind, "seq": self._seq, "at": iso(self._clock.now())}
        shown = self._settings.listening_shown
        messages: dict[View, str] = {}
        for view in View:
            own = {name: seen(view, part, shown) for name, part in content.items()}
            same = view is not View.WHOLE and all(own[name] is part for name, part in content.items())
            messages[view] = messages[View.WHOLE] if same else _text(head | own)
        return messages

    def _state(self) -> dict[str, Any]:
        board = self._board.state() if self._board else {}
        told = {"figures": self._figures, "today": self._today, "engine": self._engine}
        return board | told | {"alarms": self._alarms, "watch": self._watch}

    # reading

    async def _read(self, read: Callable[[Session], T]) -> T:
        def in_thread() -> T:
            with self._database.read() as session:
                return read(session)

        return await asyncio.to_thread(in_thread)

    def _read_board(self, session: Session) -> Board:
        return read_board(session, self._settings.node, self._vault, self._settings.languages, self._clock.now())

    def _read_figures(self, session: Session) -> tuple[Entity, Entity]:
        now = self._clock.now()
        return read_figures(session, self._settings, now), read_today(session, self._settings, now)

    def _read_alarms(self, session: Session) -> tuple[dict[str, Entity | None], Entity]:
        return read_alarms(session, self._clock.now())


def _text(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
