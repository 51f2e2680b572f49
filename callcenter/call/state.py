"""The record as a fold: `evolve(record, event)` for each domain event, in order. The only way a record changes.

The live engine, the rebuild after a crash and an auditor's recomputation all use this one function.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from callcenter.call import events as e
from callcenter.call.model import CallRecord, CallState, Listener, ListenMode, Party, Ring, RingResult
from callcenter.errors import IllegalTransition
from callcenter.ids import Uniqueid

S = CallState

NEXT: dict[CallState, frozenset[CallState]] = {
    S.IVR: frozenset({S.QUEUED, S.RINGING, S.ENDED}),
    S.QUEUED: frozenset({S.RINGING, S.TALKING, S.IVR, S.ENDED}),
    S.RINGING: frozenset({S.QUEUED, S.RINGING, S.TALKING, S.IVR, S.ENDED}),
    S.TALKING: frozenset({S.HOLDING, S.QUEUED, S.SURVEY, S.ENDED}),
    S.HOLDING: frozenset({S.TALKING, S.QUEUED, S.SURVEY, S.ENDED}),
    S.SURVEY: frozenset({S.ENDED}),
    S.ENDED: frozenset(),
}
"""`survey` is everything after the talk, whether a survey is asked or not."""


def evolve(record: CallRecord | None, event: e.CallEvent) -> CallRecord:
    """Raises IllegalTransition for an event that cannot follow; the record is unchanged then."""
    if isinstance(event, e.CallStarted):
        if record is not None:
            raise IllegalTransition(f"call {event.call}: started twice")
        return CallRecord(linkedid=event.call, caller=event.caller, source=event.source, started_at=event.at)
    if record is None:
        raise IllegalTransition(f"call {event.call}: {type(event).__name__} before CallStarted")
    return FOLDS[type(event)](record, event)


def _to(record: CallRecord, state: CallState, **changes: Any) -> CallRecord:
    if state not in NEXT[record.state]:
        raise IllegalTransition(f"call {record.linkedid}: {record.state} -> {state}")
    return replace(record, state=state, **changes)


def _queued(r: CallRecord, ev: e.CallQueued) -> CallRecord:
    """Also a second time, when a talk is handed on to a line: the clocks of the first stay, this wait is hold time."""
    waits_since = (r.hold_since or ev.at) if r.answered_at else None
    language, queued_at = r.language or ev.line, r.queued_at or ev.at
    return _to(r, S.QUEUED, line=r.line or ev.line, language=language, queued_at=queued_at, hold_since=waits_since)


def _rang(r: CallRecord, ev: e.SeatRang) -> CallRecord:
    ring = Ring(seat=ev.seat, channel=ev.channel, at=ev.at)
    return _to(r, S.RINGING, rings=(*r.rings, ring), first_ring_at=r.first_ring_at or ev.at)


def _ring_ended(r: CallRecord, ev: e.RingEnded) -> CallRecord:
    rings = _close_ring(r.rings, ev.channel, ev.result, ev)
    if r.state is not S.RINGING or any(ring.result is RingResult.RINGING for ring in rings):
        return replace(r, rings=rings)
    return _to(r, S.QUEUED, rings=rings)


def _answered(r: CallRecord, ev: e.CallAnswered) -> CallRecord:
    rings = _close_ring(r.rings, ev.channel, RingResult.ANSWERED, ev)
    first = {"answered_at": r.answered_at or ev.at, "seat": r.seat or ev.seat}
    return _to(r, S.TALKING, rings=rings, **first, **_hold_until(r, ev))


def _held(r: CallRecord, ev: e.CallHeld) -> CallRecord:
    return _to(r, S.HOLDING, hold_since=ev.at)


def _resumed(r: CallRecord, ev: e.CallResumed) -> CallRecord:
    return _to(r, S.TALKING, **_hold_until(r, ev))


def _party_called(r: CallRecord, ev: e.PartyCalled) -> CallRecord:
    party = Party(channel=ev.channel, seat=ev.seat, place=ev.place, called_at=ev.at)
    return replace(r, parties=(*r.parties, party))


def _party_joined(r: CallRecord, ev: e.PartyJoined) -> CallRecord:
    """Also one whom nobody called: a seat that is back, or whose calling was not heard."""
    if any(party.channel == ev.channel for party in r.parties):
        joined = (replace(p, joined_at=ev.at) if p.channel == ev.channel else p for p in r.parties)
        return replace(r, parties=tuple(joined))
    party = Party(channel=ev.channel, seat=ev.seat, called_at=ev.at, joined_at=ev.at)
    return replace(r, parties=(*_party_gone(r, ev).parties, party))


def _party_gone(r: CallRecord, ev: e.PartyEvent) -> CallRecord:
    """A seat takes part once: of one that comes and goes with another channel, the older part is over."""

    def is_over(party: Party) -> bool:
        return party.left_at is None and (party.channel == ev.channel or party.seat == ev.seat is not None)

    return replace(r, parties=tuple(replace(p, left_at=ev.at) if is_over(p) else p for p in r.parties))


def _at_talk(mode: ListenMode) -> Callable[[CallRecord, e.SupervisorEvent], CallRecord]:
    def there(r: CallRecord, ev: e.SupervisorEvent) -> CallRecord:
        return replace(r, listener=Listener(person=ev.person, mode=mode, seat=ev.seat, channel=ev.channel))

    return there


def _talk_ended(r: CallRecord, ev: e.TalkEnded) -> CallRecord:
    return _to(r, S.SURVEY, ended_at=ev.at, ended_by=ev.by, **_hold_until(r, ev))


def _ended(r: CallRecord, ev: e.CallEnded) -> CallRecord:
    return _to(
        r,
        S.ENDED,
        parties=tuple(replace(party, left_at=party.left_at or ev.at) for party in r.parties),
        left_at=ev.at,
        ended_at=r.ended_at or ev.at,
        ended_by=r.ended_by or ev.by,
        outcome=ev.outcome,
        **_hold_until(r, ev),
    )


def _hold_until(r: CallRecord, ev: e.CallEvent) -> dict[str, Any]:
    if r.hold_since is None:
        return {}
    return {"hold": r.hold + max(ev.at - r.hold_since, timedelta(0)), "hold_since": None}


def _close_ring(rings: tuple[Ring, ...], channel: Uniqueid, result: RingResult, ev: e.CallEvent) -> tuple[Ring, ...]:
    return tuple(
        replace(ring, result=result, ended_at=ev.at)
        if ring.channel == channel and ring.result is RingResult.RINGING
        else ring
        for ring in rings
    )


FOLDS: dict[type[e.CallEvent], Callable[[CallRecord, Any], CallRecord]] = {
    e.FlowBegan: lambda r, ev: replace(r, flow=r.flow or f"{ev.flow}@{ev.version or 'draft'}"),
    e.IvrNodeEntered: lambda r, ev: r,
    e.KeyPressed: lambda r, ev: r,
    e.LanguageChosen: lambda r, ev: replace(r, language=ev.language),
    e.TopicChosen: lambda r, ev: replace(r, topic=ev.topic),
    e.PriorityGiven: lambda r, ev: replace(r, priority=ev.reason),
    e.SourceNamed: lambda r, ev: replace(r, source=ev.source),
    e.CallQueued: _queued,
    e.QueueLeftUnanswered: lambda r, ev: _to(r, S.IVR),
    e.OutcomeDecided: lambda r, ev: r,
    e.SeatRang: _rang,
    e.RingEnded: _ring_ended,
    e.CallAnswered: _answered,
    e.CallHeld: _held,
    e.CallResumed: _resumed,
    e.PartyCalled: _party_called,
    e.PartyUnreached: _party_gone,
    e.PartyJoined: _party_joined,
    e.PartyLeft: _party_gone,
    e.EndReasonGiven: lambda r, ev: replace(r, end_reason=ev.reason),
    e.SupervisorListened: _at_talk(ListenMode.LISTEN),
    e.SupervisorWhispered: _at_talk(ListenMode.WHISPER),
    e.SupervisorJoined: _at_talk(ListenMode.BARGE),
    e.SupervisorTookOver: _at_talk(ListenMode.TAKE_OVER),
    e.SupervisorLeft: lambda r, ev: replace(r, listener=None),
    e.TalkEnded: _talk_ended,
    e.RecordingStarted: lambda r, ev: replace(r, recording=ev.file),
    e.SurveyOffered: lambda r, ev: replace(r, survey_offered=True, survey_via=ev.via or None),
    e.SurveyAnswered: lambda r, ev: replace(r, grade=ev.grade, survey_via=ev.via or None),
    e.CallEnded: _ended,
    e.WrapUpEnded: lambda r, ev: replace(r, wrap_up_ended_at=max(ev.at, r.ended_at or ev.at)),
}
