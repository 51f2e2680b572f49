"""Calls back those who asked for it. The database says who may be called (`callcenter/callback`): an attempt is claimed
there before Asterisk is asked, its id is the channel's Uniqueid, and only what Asterisk tells ends it.

Nothing here blocks the loop: the database is asked in a thread, by one task, in the order in which things happened.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from callcenter.asterisk import events as t
from callcenter.asterisk.actions import Originate
from callcenter.asterisk.link import ActionRefused, AmiLink, LinkDown, OutcomeUnknown
from callcenter.asterisk.snapshot import take
from callcenter.call.model import CallState
from callcenter.callback.model import AttemptState, First, Result
from callcenter.callback.rules import CallbackRules
from callcenter.callback.service import Attempt, CallbackService
from callcenter.callback.turn import LineNow, turn
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.engine.attempt import LiveAttempt
from callcenter.engine.registry import DomainEvent, Job, Registry
from callcenter.errors import CallCenterError
from callcenter.ids import Linkedid, SeatId
from callcenter.seat.model import REGISTERING, SeatState, interface_of

log = logging.getLogger(__name__)

CALLER_FIRST, SEAT_FIRST = "callback-caller", "callback-seat"
"""Contexts of asterisk_conf/extensions.d/callback.conf."""
ASKED_FOR = "cc-return"
"""Name shown to the seat's telephone: the page answers by itself, its person has just asked for this call."""
SEAT_WITHIN_S = 20
"""A seat's telephone rings so long."""
EVERY_S = 1.0
LOOK_EVERY = timedelta(seconds=30)
"""So often every live attempt is looked for in Asterisk, also when nothing seems wrong."""
GRACE = timedelta(seconds=15)
"""An attempt claimed less long ago may have been sent and not yet be seen in Asterisk."""
WRITTEN_WITHIN = timedelta(seconds=5)
"""A call that is over is on record after this: the journal writes behind what is heard."""
WAITING = (CallState.QUEUED, CallState.RINGING)
WORKING = (SeatState.READY, SeatState.RINGING, SeatState.TALKING, SeatState.HOLDING, SeatState.WRAP_UP)


class Dialler:
    def __init__(
        self,
        registry: Registry,
        link: AmiLink,
        service: CallbackService,
        rules: CallbackRules,
        settings: Settings,
        clock: Clock,
        synced: Callable[[], bool],
        put: Callable[[Job], None],
    ) -> None:
        """`put`: into the pump's line."""
        self._registry = registry
        self._link = link
        self._service = service
        self._rules = rules
        self._settings = settings
        self._clock = clock
        self._synced = synced
        self._put = put
        self._live: dict[str, LiveAttempt] = {}
        self._told: deque[Callable[[], object]] = deque()
        """What the database has still to learn."""
        self._looked_at: datetime | None = None

    def adopt(self, attempts: Sequence[Attempt]) -> None:
        """What an engine before this one had begun, before anything is heard from Asterisk."""
        for attempt in attempts:
            self._registry.dialled[attempt.id] = attempt.caller
            self._live[attempt.id] = LiveAttempt(attempt, known=False)

    def hear(self, event: t.TelephonyEvent) -> None:
        """Everything that Asterisk tells, in order. Must be quick."""
        if isinstance(event, t.LinkLost):
            for lost in self._live.values():
                lost.known = False
            return
        id_ = getattr(event, "linkedid", None) or ""
        live = self._live.get(id_)
        if live is None:
            return
        match live.hear(event):
            case AttemptState() as state:
                self._tell(lambda: self._service.move(id_, state))
            case Result() as result:
                self._end(live, result)

    def _end(self, live: LiveAttempt, result: Result) -> None:
        id_, at = live.attempt.id, self._clock.now()
        self._live.pop(id_, None)
        self._tell(lambda: self._service.over(id_, result, at))
        self._in_turn(lambda: self._registry.not_dialled(Linkedid(id_), at))

    def _in_turn(self, change: Callable[[], list[DomainEvent]]) -> None:
        """The registry is the pump's: it is changed between two events."""

        async def job() -> list[DomainEvent]:
            return change()

        self._put(job)

    def _tell(self, write: Callable[[], object]) -> None:
        self._told.append(write)

    # --- the task

    async def run(self) -> None:
        while True:
            try:
                await self._write_down()
                if self._synced():
                    await self._look_for_lost()
                    await self._round()
            except (SQLAlchemyError, CallCenterError, OSError) as error:
                log.warning("callback.waits reason=%s", str(error).partition("\n")[0])
            await asyncio.sleep(EVERY_S)

    async def _write_down(self) -> None:
        """In order; what the database does not take now is tried again before anything else is done."""
        while self._told:
            await asyncio.to_thread(self._told[0])
            self._told.popleft()

    async def _round(self) -> None:
        now = self._clock.now()
        await asyncio.to_thread(self._service.settle, now)
        for attempt in await asyncio.to_thread(self._service.take_orders, now):
            await self._dial(attempt)
        for line in self._settings.languages:
            if self._rules.policies.of(line).first is First.SEAT:
                continue  # a seat takes it (callcenter/callback/endpoints.py)
            while self._rules.permitted(line, now) and self._synced():
                whose = turn(self._line(line))
                if whose is None:
                    break
                claimed = await asyncio.to_thread(self._service.claim_next, line, now, whose.came_before)
                if claimed is None:
                    break
                await self._dial(claimed)

    def _line(self, line: str) -> LineNow:
        calls = [call for call in self._registry.live_calls() if call.record.line == line]
        waiting = [call.record.queued_at for call in calls if call.record.state in WAITING]
        working = [seat for seat in self._registry.seats.values() if line in seat.queues]
        held = {call.record.linkedid for call in calls if call.record.queued_at is not None}
        return LineNow(
            ready=self._registry.ready(line),
            on_duty=sum(1 for seat in working if seat.view.state in WORKING),
            waiting=[at for at in waiting if at is not None],
            called_back=sum(1 for id_, live in self._live.items() if live.attempt.line == line and id_ not in held),
        )

    async def _dial(self, attempt: Attempt) -> None:
        live = self._live[attempt.id] = LiveAttempt(attempt)
        action = self._rings_caller(attempt) if attempt.seat is None else self._rings_seat(attempt, attempt.seat)
        if action is None:
            self._end(live, Result.NO_SEAT)
            return
        self._registry.dialled[attempt.id] = attempt.caller
        log.info("callback.dials attempt=%s line=%s seat=%s", attempt.id, attempt.line, attempt.seat or "")
        try:
            await self._link.send(action)
        except (LinkDown, ActionRefused) as error:
            log.warning("callback.not_sent attempt=%s reason=%s", attempt.id, error.message)
            self._end(live, Result.NOT_SENT)
        except OutcomeUnknown:
            live.known = False
            self._tell(lambda: self._service.move(attempt.id, AttemptState.UNKNOWN))

    def _rings_caller(self, attempt: Attempt) -> Originate:
        policy = self._rules.policies.of(attempt.line)
        return Originate(
            channel=self._telephone(attempt),
            context=CALLER_FIRST,
            exten=attempt.id,
            channel_id=attempt.id,
            caller_id=self._settings.hotline_number,
            timeout_s=policy.ring_s,
            variables=_told(attempt) | {"CC_CONFIRM_S": str(policy.confirm_s)},
        )

    def _rings_seat(self, attempt: Attempt, seat_id: SeatId) -> Originate | None:
        """None: the seat cannot be rung now, or only on a mobile, whose channel of the trunk could not be told from
        the citizen's (`LiveAttempt`). Its dialplan calls the citizen, so it needs no engine from here on."""
        seat = self._registry.seats.get(seat_id)
        if seat is None or not seat.could_ring or seat.view.phone not in REGISTERING:
            return None
        self._in_turn(lambda: [*seat.ringing(Linkedid(attempt.id), self._clock.now())])
        variables = _told(attempt) | {
            "CC_SEAT": seat_id,
            "CC_CITIZEN": self._telephone(attempt),
            "CC_RING_S": str(self._rules.policies.of(attempt.line).ring_s),
        }
        return Originate(
            channel=interface_of(seat_id, seat.view.phone),
            context=SEAT_FIRST,
            exten=attempt.id,
            channel_id=attempt.id,
            caller_id=f'"{ASKED_FOR}" <{self._settings.hotline_number}>',
            timeout_s=SEAT_WITHIN_S,
            variables={f"__{name}": value for name, value in variables.items()},
        )

    def _telephone(self, attempt: Attempt) -> str:
        return f"PJSIP/trunk/sip:{attempt.number}@{self._settings.gateway}"

    async def _look_for_lost(self) -> None:
        """Attempts of which Asterisk may have told the end while nobody listened."""
        now = self._clock.now()
        often = self._looked_at is None or now - self._looked_at >= LOOK_EVERY
        if not self._live or not (often or any(not live.known for live in self._live.values())):
            return
        looked_for = [live for live in self._live.values() if now - live.attempt.claimed_at >= GRACE or not live.known]
        snapshot = await take(self._link)
        self._looked_at = now
        for live in looked_for:
            id_ = live.attempt.id
            call = self._registry.calls.get(Linkedid(id_))
            if self._live.get(id_) is not live:
                continue  # it ended meanwhile
            confirmed = live.confirmed
            if live.seen(snapshot, call.record if call is not None else None):
                live.known, live.gone_since = True, None
                if live.confirmed and not confirmed:
                    self._tell(partial(self._service.move, id_, AttemptState.CONFIRMED))
                continue
            live.gone_since = live.gone_since or now
            if now - live.gone_since >= WRITTEN_WITHIN and now - live.attempt.claimed_at >= GRACE:
                result = await asyncio.to_thread(self._service.told_by_record, id_)
                log.warning("callback.looked_for attempt=%s result=%s", id_, result.value)
                if self._live.get(id_) is live:
                    self._end(live, live.result or result)


def _told(attempt: Attempt) -> dict[str, str]:
    arrived = str(int(attempt.arrived.timestamp()))
    return {"CC_LANG": attempt.line, "CC_LINE": attempt.line, "CC_ARRIVED": arrived}
