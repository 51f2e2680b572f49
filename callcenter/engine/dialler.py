"""Calls back those who asked for it. The database says who may be called (`callcenter/callback`): an attempt is claimed
there before Asterisk is asked, its id is the channel's Uniqueid, and only what Asterisk tells ends it.

Nothing here blocks the loop: the database is asked in a thread, by one task, in the order in which things happened.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from callcenter.asterisk import events as t
from callcenter.asterisk.actions import Originate
from callcenter.asterisk.link import ActionRefused, AmiLink, LinkDown, OutcomeUnknown
from callcenter.asterisk.snapshot import take
from callcenter.call.model import CallState
from callcenter.callback.model import AttemptState, Result
from callcenter.callback.rules import CallbackRules
from callcenter.callback.service import Attempt, CallbackService
from callcenter.callback.state import result_of_cause
from callcenter.callback.turn import LineNow, turn
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.engine.registry import Registry
from callcenter.errors import CallCenterError
from callcenter.seat.model import SeatState

log = logging.getLogger(__name__)

CONTEXT = "callback-caller"
EVERY_S = 1.0
LOOK_EVERY = timedelta(seconds=30)
"""So often every live attempt is looked for in Asterisk, also when nothing seems wrong."""
GRACE = timedelta(seconds=15)
"""An attempt claimed less long ago may have been sent and not yet be seen in Asterisk."""
UNREACHED = {1: Result.NO_ANSWER, 3: Result.NO_ANSWER, 5: Result.BUSY}
"""OriginateResponse's reason, a control frame (`include/asterisk/frame.h`): hung up, still ringing, busy. Of a refused
call it is 0, whatever the telephone said; the cause of the channel's end knows."""
WAITING = (CallState.QUEUED, CallState.RINGING)
WORKING = (SeatState.READY, SeatState.RINGING, SeatState.TALKING, SeatState.HOLDING, SeatState.WRAP_UP)


@dataclass(slots=True)
class _Live:
    attempt: Attempt
    known: bool = True
    """False: whether Asterisk has it must be looked up."""
    started: bool = False
    """Asterisk has made its channel, and will say how that ends."""
    answered: bool = False
    confirmed: bool = False
    cause: int = 0
    """Q.850, as his telephone said it; Asterisk's own word at the end of the channel is less exact."""
    unreached: Result | None = None
    """What Asterisk said of the attempt before its channel ended; a refusal it does not explain."""
    result: Result | None = None
    """Decided already, though the channel still lives."""


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
    ) -> None:
        self._registry = registry
        self._link = link
        self._service = service
        self._rules = rules
        self._settings = settings
        self._clock = clock
        self._synced = synced
        self._live: dict[str, _Live] = {}
        self._told: deque[Callable[[], object]] = deque()
        """What the database has still to learn."""
        self._looked_at: datetime | None = None

    def adopt(self, attempts: Sequence[Attempt]) -> None:
        """What an engine before this one had begun, before anything is heard from Asterisk."""
        for attempt in attempts:
            self._registry.dialled[attempt.id] = attempt.caller
            self._live[attempt.id] = _Live(attempt, known=False)

    def hear(self, event: t.TelephonyEvent) -> None:
        """Everything that Asterisk tells, in order. Must be quick."""
        if isinstance(event, t.LinkLost):
            for live in self._live.values():
                live.known = False
            return
        id_ = getattr(event, "linkedid", None)
        if id_ not in self._live:
            return
        live = self._live[id_]
        own = getattr(event, "uniqueid", id_) == id_
        match event:
            case t.ChannelStarted() if own:
                live.known = live.started = True
                self._tell(lambda: self._service.move(live.attempt.id, AttemptState.DIALLING))
            case t.Fact(name="source"):
                live.answered = True
            case t.Fact(name="callback", value="confirmed"):
                live.answered = live.confirmed = True
                self._tell(lambda: self._service.move(live.attempt.id, AttemptState.CONFIRMED))
            case t.Fact(name="callback", value="declined"):
                live.result = Result.DECLINED
            case t.SeatAnswered():
                live.result = Result.SERVED
            case t.HangupRequested() if own:
                live.cause = event.cause
            case t.ChannelEnded() if own:
                self._over(live, live.unreached or result_of_cause(live.cause or event.cause))
            case t.PartyUnreached() if live.started:
                live.unreached = UNREACHED.get(event.reason)
            case t.PartyUnreached():
                self._over(live, Result.UNREACHABLE)

    def _over(self, live: _Live, not_answered: Result) -> None:
        left = Result.LEFT if live.confirmed else Result.UNCONFIRMED
        self._end(live, live.result or (left if live.answered else not_answered))

    def _end(self, live: _Live, result: Result) -> None:
        id_ = live.attempt.id
        self._live.pop(id_, None)
        at = self._clock.now()
        self._tell(lambda: self._service.over(id_, result, at))

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
        policy = self._rules.policies.of(attempt.line)
        live = self._live[attempt.id] = _Live(attempt)
        self._registry.dialled[attempt.id] = attempt.caller
        log.info("callback.dials attempt=%s line=%s", attempt.id, attempt.line)
        try:
            await self._link.send(
                Originate(
                    channel=f"PJSIP/trunk/sip:{attempt.number}@{self._settings.gateway}",
                    context=CONTEXT,
                    exten=attempt.id,
                    channel_id=attempt.id,
                    caller_id=self._settings.hotline_number,
                    timeout_s=policy.ring_s,
                    variables={
                        "CC_LANG": attempt.line,
                        "CC_LINE": attempt.line,
                        "CC_ARRIVED": str(int(attempt.arrived.timestamp())),
                        "CC_CONFIRM_S": str(policy.confirm_s),
                    },
                )
            )
        except (LinkDown, ActionRefused) as error:
            log.warning("callback.not_sent attempt=%s reason=%s", attempt.id, error.message)
            self._end(live, Result.NOT_SENT)
        except OutcomeUnknown:
            live.known = False
            self._tell(lambda: self._service.move(attempt.id, AttemptState.UNKNOWN))

    async def _look_for_lost(self) -> None:
        """Attempts of which Asterisk may have told the end while nobody listened."""
        now = self._clock.now()
        often = self._looked_at is None or now - self._looked_at >= LOOK_EVERY
        if not self._live or not (often or any(not live.known for live in self._live.values())):
            return
        snapshot = await take(self._link)
        self._looked_at = now
        for id_, live in list(self._live.items()):
            channel = snapshot.channels.get(live.attempt.id)  # type: ignore[call-overload]
            if channel is not None:
                live.known = True
                live.answered = live.answered or channel.up
                record = self._registry.calls.get(id_)  # type: ignore[call-overload]
                if record is not None and record.record.queued_at is not None:
                    live.confirmed = True
                if record is not None and record.record.answered_at is not None:
                    live.result = Result.SERVED
            elif now - live.attempt.claimed_at >= GRACE and self._live.get(id_) is live:
                result = await asyncio.to_thread(self._service.told_by_record, id_)
                log.warning("callback.looked_for attempt=%s result=%s", id_, result.value)
                if self._live.get(id_) is live:
                    self._end(live, live.result or result)
