"""The one place where Asterisk's words about a call become ours.

`Call.hear(event)` returns the domain events that follow, and has folded them. What was heard before is heard again
without effect: the AMI and the CEL file may both tell it, in either order around a crash.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call import lines, listen, overflow, room
from callcenter.call.facts import said_before
from callcenter.call.live import LiveCall
from callcenter.call.model import CallState, EndedBy, Outcome, Ring, RingResult, Source
from callcenter.call.state import evolve
from callcenter.ids import Linkedid, Uniqueid

WAITING = frozenset({CallState.QUEUED, CallState.RINGING})
TALKING = frozenset({CallState.TALKING, CallState.HOLDING})

DIAL_RESULTS = {
    "BUSY": RingResult.REJECTED,
    "NOANSWER": RingResult.NO_ANSWER,
    "CANCEL": RingResult.CALLER_LEFT,
    "CHANUNAVAIL": RingResult.UNREACHABLE,
    "CONGESTION": RingResult.UNREACHABLE,
}
"""AMI DialEnd's DialStatus, for a phone that did not answer."""

MENU_FACTS = frozenset({"flow", "node", "key"})

SAME_MOMENT = timedelta(milliseconds=500)
"""Both put the phone down within that time: who was first ended the talk. app_queue says the same (SeatCompleted), but
not of which call when the channels are gone before it comes to it."""

CAUSE_RESULTS = {17: RingResult.REJECTED, 21: RingResult.REJECTED, 18: RingResult.NO_ANSWER, 19: RingResult.NO_ANSWER}
"""Q.850 cause of a ringing seat's channel that ended without a word from the queue."""


def begin(linkedid: Linkedid, at: datetime, caller: str, channel: Uniqueid) -> tuple["Call", list[e.CallEvent]]:
    own = channel if str(channel) != linkedid else None
    started = e.CallStarted(at=at, call=linkedid, caller=caller, source=Source.DIRECT, channel=own)
    return Call(evolve(None, started), channel), [started]


class Call(LiveCall):
    __slots__ = ()

    def hear(self, event: t.TelephonyEvent) -> list[e.CallEvent]:
        listen = LISTENERS.get(type(event))
        return self._fold(listen(self, event)) if listen is not None and self.record.live else []

    def close(self, at: datetime, by: EndedBy, failure: bool = False) -> list[e.CallEvent]:
        """The caller's channel is gone, as seen by its hang-up or by its absence in a snapshot."""
        return self._fold(self._closing(at, by, failure))

    def _fold(self, events: Iterator[e.CallEvent]) -> list[e.CallEvent]:
        folded = []
        for event in events:
            self.record = evolve(self.record, event)
            folded.append(event)
        return folded

    def _on_fact(self, ev: t.Fact) -> Iterator[e.CallEvent]:
        r, at, call = self.record, ev.at, self.record.linkedid
        if ev.name in MENU_FACTS and self.menu_told is not None and at <= self.menu_told:
            return
        if said_before(self.told, ev):
            return
        self.told.append(ev)
        match ev.name:
            case "flow":
                flow, _, version = ev.value.partition("@")
                yield e.FlowBegan(at=at, call=call, flow=flow, version=int(version) if version.isdecimal() else 0)
            case "node":
                yield e.IvrNodeEntered(at=at, call=call, node=ev.value)
            case "key":
                node, _, key = ev.value.partition("=")
                yield e.KeyPressed(at=at, call=call, node=node, key=key)
            case "language" if ev.value and ev.value != r.language:
                yield e.LanguageChosen(at=at, call=call, language=ev.value)
            case "topic" if ev.value and ev.value != r.topic:
                yield e.TopicChosen(at=at, call=call, topic=ev.value)
            case "priority" if ev.value and ev.value != r.priority:
                yield e.PriorityGiven(at=at, call=call, reason=ev.value[:32])
            case "source" if ev.value in set(Source) and ev.value != r.source:
                yield e.SourceNamed(at=at, call=call, source=Source(ev.value))
            case "seat" | "room":
                yield from room.on_fact(self, ev)
            case _ if ev.name in overflow.FACTS:
                yield from overflow.on_hop(self, ev)
            case "recording" if ev.value and ev.value != r.recording:
                yield e.RecordingStarted(at=at, call=call, file=ev.value)
            case "survey_offered" if r.answered_at and not r.survey_offered:
                yield from self._talk_over(at, EndedBy.SEAT)
                yield e.SurveyOffered(at=at, call=call)
            case "grade" if r.answered_at and r.grade is None and ev.value in {"1", "2", "3", "4", "5"}:
                yield e.SurveyAnswered(at=at, call=call, grade=int(ev.value))
            case "outcome" if ev.value in set(Outcome) and self.decided is None:
                self.decided = Outcome(ev.value)
                yield e.OutcomeDecided(at=at, call=call, outcome=self.decided)
                if r.state in WAITING:
                    yield from self._rings_over(at, RingResult.NO_ANSWER)
                    yield e.QueueLeftUnanswered(at=at, call=call)

    def _on_joined(self, ev: t.QueueJoined) -> Iterator[e.CallEvent]:
        if self.record.state is CallState.IVR or lines.handed_on(self, ev):
            self.channel = ev.uniqueid
            self.left_queue = self.abandoned = self.handing_on = self.in_wait = False
            self.seat_gone = None
            line = lines.line_of(self, ev)
            yield e.CallQueued(at=ev.at, call=self.record.linkedid, line=line, channel=ev.uniqueid)
        elif self.record.state in WAITING and ev.uniqueid == self.channel:
            # pressed 9 for a callback, and waits on; or was offered to one seat first, and comes to his line
            self.left_queue = self.abandoned = False

    def _on_left(self, ev: t.QueueLeft) -> Iterator[e.CallEvent]:
        self.left_queue = True
        return iter(())

    def _on_abandoned(self, ev: t.QueueAbandoned) -> Iterator[e.CallEvent]:
        self.abandoned = True
        if self.record.state in WAITING:
            yield from self._rings_over(ev.at, RingResult.CALLER_LEFT)

    def _on_called(self, ev: t.SeatCalled) -> Iterator[e.CallEvent]:
        if self.record.state in WAITING and self._ring(ev.seat_uniqueid) is None:
            yield e.SeatRang(at=ev.at, call=self.record.linkedid, seat=ev.seat, channel=ev.seat_uniqueid)

    def _on_dial_ended(self, ev: t.DialEnded) -> Iterator[e.CallEvent]:
        result = DIAL_RESULTS.get(ev.status)
        if result is not None:
            yield from self._ring_over(ev.uniqueid, ev.at, result)

    def _on_ring_ended(self, ev: t.SeatRingEnded) -> Iterator[e.CallEvent]:
        yield from self._ring_over(ev.seat_uniqueid, ev.at, RingResult.NO_ANSWER)

    def _on_answered(self, ev: t.SeatAnswered) -> Iterator[e.CallEvent]:
        if self.record.state not in WAITING:
            return
        if self._ring(ev.seat_uniqueid) is None:
            yield e.SeatRang(at=ev.at, call=self.record.linkedid, seat=ev.seat, channel=ev.seat_uniqueid)
        for ring in self.record.rings:
            if ring.channel != ev.seat_uniqueid:
                yield from self._ring_over(ring.channel, ev.at, RingResult.CALLER_LEFT)
        yield e.CallAnswered(at=ev.at, call=self.record.linkedid, seat=ev.seat, channel=ev.seat_uniqueid)

    def _on_held(self, ev: t.Held) -> Iterator[e.CallEvent]:
        if self.record.state is CallState.TALKING and ev.uniqueid != self.channel:
            yield e.CallHeld(at=ev.at, call=self.record.linkedid)

    def _on_unheld(self, ev: t.Unheld) -> Iterator[e.CallEvent]:
        if self.record.state is CallState.HOLDING and ev.uniqueid != self.channel:
            yield e.CallResumed(at=ev.at, call=self.record.linkedid)

    def _on_completed(self, ev: t.SeatCompleted) -> Iterator[e.CallEvent]:
        if self.record.state in WAITING or room.goes_on(self) or ev.seat_uniqueid not in ("", self.seat_channel):
            yield from room.seat_left(self, ev.at, ev.seat, ev.seat_uniqueid)
        else:
            yield from self._talk_over(ev.at, EndedBy(ev.ended_by))

    def _on_hangup_requested(self, ev: t.HangupRequested) -> Iterator[e.CallEvent]:
        if ev.uniqueid == self.channel:
            self.caller_hung_up = True
            self.seat_was_first = self.seat_hung_up is not None and ev.at - self.seat_hung_up <= SAME_MOMENT
        elif ev.uniqueid == self.seat_channel and not room.goes_on(self):
            self.seat_hung_up = None if self.caller_hung_up else ev.at
        elif ev.cause:
            yield from self._ring_over(ev.uniqueid, ev.at, CAUSE_RESULTS.get(ev.cause, RingResult.UNREACHABLE))

    def _on_channel_ended(self, ev: t.ChannelEnded) -> Iterator[e.CallEvent]:
        if listen.is_at(self, ev.uniqueid):
            yield from listen.on_gone(self, ev.at)
            return
        if room.calls(self, ev):
            yield from room.on_unreached(self, ev)
            return
        if ev.uniqueid == self.channel:
            hung_up = self.caller_hung_up or bool(ev.by_party)
            yield from self._closing(ev.at, EndedBy.CALLER if hung_up else EndedBy.SYSTEM, failure=False)
            return
        ring = self._ring(ev.uniqueid)
        if ring is not None and ring.result is RingResult.ANSWERED:
            if room.goes_on(self) or ring.channel != self.seat_channel or self.record.state in WAITING:
                yield from room.seat_left(self, ev.at, ring.seat, ring.channel)
            else:
                self.seat_gone = ev.at
        elif ring is not None and ev.cause in CAUSE_RESULTS:
            yield from self._ring_over(ev.uniqueid, ev.at, CAUSE_RESULTS[ev.cause])

    def _closing(self, at: datetime, by: EndedBy, failure: bool) -> Iterator[e.CallEvent]:
        if not self.record.live:
            return
        yield from self._rings_over(at, RingResult.CALLER_LEFT)
        yield from room.all_leave(self, at)
        waiting = self.record.state in WAITING
        if self.record.state in TALKING:
            by_seat = self.seat_was_first or (self.seat_gone and by is EndedBy.SYSTEM)
            talk_by = EndedBy.SEAT if by_seat and not failure else by
            yield from self._talk_over(self.seat_gone or at, talk_by)
        if waiting and not failure and not (self.left_queue and not self.abandoned):
            by = EndedBy.CALLER
        outcome = self._outcome(waiting, failure)
        yield e.CallEnded(at=at, call=self.record.linkedid, outcome=outcome, by=by)

    def _outcome(self, waiting: bool, failure: bool) -> Outcome:
        if self.record.answered_at is not None:
            return Outcome.ANSWERED
        if self.decided is not None:
            return self.decided
        if failure:
            return Outcome.SYSTEM_FAILURE
        if waiting:
            return Outcome.QUEUE_TIMEOUT if self.left_queue and not self.abandoned else Outcome.ABANDONED_QUEUE
        return Outcome.QUEUE_TIMEOUT if self.record.queued_at else Outcome.ABANDONED_IVR

    def _talk_over(self, at: datetime, by: EndedBy) -> Iterator[e.CallEvent]:
        if self.record.state in TALKING:
            yield e.TalkEnded(at=at, call=self.record.linkedid, by=by)

    def _ring(self, channel: Uniqueid) -> Ring | None:
        return next((ring for ring in self.record.rings if ring.channel == channel), None)

    def _ring_over(self, channel: Uniqueid, at: datetime, result: RingResult) -> Iterator[e.CallEvent]:
        ring = self._ring(channel)
        if ring is not None and ring.result is RingResult.RINGING:
            yield e.RingEnded(at=at, call=self.record.linkedid, seat=ring.seat, channel=channel, result=result)

    def _rings_over(self, at: datetime, result: RingResult) -> Iterator[e.CallEvent]:
        for ring in self.record.rings:
            yield from self._ring_over(ring.channel, at, result)


LISTENERS: dict[type[t.TelephonyEvent], Callable[[Call, Any], Iterator[e.CallEvent]]] = {
    t.Fact: Call._on_fact,
    t.QueueJoined: Call._on_joined,
    t.QueueLeft: Call._on_left,
    t.QueueAbandoned: Call._on_abandoned,
    t.SeatCalled: Call._on_called,
    t.DialEnded: Call._on_dial_ended,
    t.SeatRingEnded: Call._on_ring_ended,
    t.SeatAnswered: Call._on_answered,
    t.SeatCompleted: Call._on_completed,
    t.Held: Call._on_held,
    t.Unheld: Call._on_unheld,
    t.RoomJoined: room.on_joined,
    t.RoomLeft: room.on_left,
    t.PartyUnreached: room.on_unreached,
    t.SpyStarted: listen.on_spying,
    t.OverseerUnreached: listen.on_unreached,
    t.HangupRequested: Call._on_hangup_requested,
    t.ChannelEnded: Call._on_channel_ended,
}
