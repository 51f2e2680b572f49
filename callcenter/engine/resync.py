"""After each FullyBooted (first start, reconnect, Asterisk restarted): memory is brought in step with Asterisk.

1. what Asterisk wrote into its CEL file while nobody listened goes through the same fold as the live events;
2. calls whose caller is not there any more are closed; callers whom nobody knows are taken in;
3. seats take over phones and memberships as they are now; a seat busy with a call that is gone is freed.
What comes over the link meanwhile waits in the pump's line, and is heard after this.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from callcenter.asterisk import events as t
from callcenter.asterisk.cel import CelReader
from callcenter.asterisk.link import AmiLink
from callcenter.asterisk.snapshot import NodeSnapshot, take, trunk_answers
from callcenter.clock import Clock
from callcenter.engine.memberships import Memberships
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.engine.repository import EngineRepository
from callcenter.errors import IllegalTransition
from callcenter.ids import Linkedid, NodeName, Uniqueid
from callcenter.seat.model import overseer_of, phone_of
from callcenter.seat.state import Membership
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

ROOM = ("room-party", "spy-join")
"""Contexts of those in a room who are not its caller; the extension is the call (room.conf, listen.conf)."""
SPIES = ("spy-listen", "spy-whisper")
SAME_MOMENT = timedelta(seconds=1)
"""Between a channel's start and its place in Asterisk's lists."""


class Resync:
    def __init__(
        self,
        registry: Registry,
        memberships: Memberships,
        link: AmiLink,
        database: Database,
        cel_file: Path,
        node: NodeName,
        clock: Clock,
        cursor: tuple[int, int],
        seen_at: datetime,
        asks_trunk: bool = False,
    ) -> None:
        """`cursor`: inode and offset of the CEL file up to which everything is on record; `seen_at`: since when.
        `asks_trunk`: Asterisk asks the carrier for a sign of life."""
        self._registry = registry
        self._memberships = memberships
        self._link = link
        self._database = database
        self._cel = CelReader(cel_file)
        self._node = node
        self._clock = clock
        self.cursor = cursor
        self._seen_at = seen_at
        self._asks_trunk = asks_trunk
        self.done = 0
        """How often, since the engine started."""

    async def __call__(self, lost_at: datetime | None) -> list[DomainEvent]:
        """Raises LinkDown when the link breaks before anything has been changed; the next FullyBooted starts anew."""
        started = self._clock.now()
        snapshot = await take(self._link)
        self._registry.trunk_up = await trunk_answers(self._link) if self._asks_trunk else None
        missed = await asyncio.to_thread(self._read_missed)
        happened = [event for told in missed for event in self._hear(told)]
        happened += self._close_lost(snapshot, lost_at or self._seen_at, started)
        gone = {event.uniqueid for event in missed if isinstance(event, t.ChannelEnded)}
        happened += self._take_in(snapshot, gone, started)
        happened += self._rooms(snapshot, started)
        happened += self._spies(snapshot, started)
        happened += self._seats(snapshot, started)
        happened += self._registry.tick(started)
        self._registry.reserve()
        self._memberships.compare()
        self.done += 1
        live = sum(1 for _ in self._registry.live_calls())
        log.info("resync.done cel_events=%d happened=%d live_calls=%d", len(missed), len(happened), live)
        return happened

    def _read_missed(self) -> list[t.TelephonyEvent]:
        known = [
            (call.record.linkedid, None if any(ring.outside for ring in call.record.rings) else call.record.line)
            for call in list(self._registry.live_calls())
        ]
        batch = self._cel.read_from(*self.cursor, known=dict(known))
        if batch.bad_lines:
            log.warning("resync.cel_unreadable lines=%d", batch.bad_lines)
        self.cursor = (batch.inode, batch.offset)
        calls = {Linkedid(call) for event in batch.events if (call := getattr(event, "linkedid", None))}
        try:
            with self._database.read() as session:
                self._registry.remember_ended(EngineRepository(session, self._node).ended_among(calls))
        except DBAPIError as error:
            log.warning("resync.database_away reason=%s", error.orig)
        return list(batch.events)

    def _hear(self, event: t.TelephonyEvent) -> Iterable[DomainEvent]:
        try:
            return [*self._registry.tick(event.at), *self._registry.hear(event)]
        except IllegalTransition as error:
            log.warning("resync.illegal_transition reason=%s", error.message)
            return ()

    def _close_lost(self, snapshot: NodeSnapshot, lost_at: datetime, asked_at: datetime) -> Iterator[DomainEvent]:
        """The snapshot says nothing of callers who came after it; the CEL file, read later, knows them already."""
        for call in list(self._registry.live_calls()):
            if call.channel not in snapshot.channels and call.record.started_at < asked_at - SAME_MOMENT:
                record = call.record
                known = [record.started_at, record.queued_at, record.answered_at, record.ended_at, record.hold_since]
                at = max([lost_at, *(moment for moment in known if moment)])
                log.warning("resync.call_lost call=%s state=%s", record.linkedid, record.state)
                yield from self._registry.close(call, at, failure=True)

    def _take_in(self, snapshot: NodeSnapshot, gone: set[Uniqueid], now: datetime) -> Iterator[DomainEvent]:
        """Callers in a queue whom neither memory nor CEL file knows (the file was lost).

        `gone`: channels that ended, as the CEL file says; some of them after the snapshot."""
        for waiting in snapshot.waiting:
            channel = snapshot.channels.get(waiting.uniqueid)
            if channel is None or waiting.uniqueid in gone or channel.linkedid in self._registry.calls:
                continue
            log.warning("resync.unknown_call call=%s queue=%s", channel.linkedid, waiting.queue)
            self._registry.ended.pop(channel.linkedid, None)
            joined = t.QueueJoined(
                at=now - waiting.wait,
                uniqueid=waiting.uniqueid,
                linkedid=channel.linkedid,
                queue=waiting.queue,
                position=waiting.position,
                caller_number=channel.caller_number,
            )
            yield from self._hear(joined)

    def _rooms(self, snapshot: NodeSnapshot, now: datetime) -> Iterator[DomainEvent]:
        """Who is in a room now. The CEL file says when a caller began to wait, not who else came and went."""
        for channel in snapshot.channels.values():
            call = self._registry.calls.get(Linkedid(channel.exten)) if channel.context in ROOM else None
            if call is not None and channel.uniqueid not in call.parties:
                joined = t.RoomJoined(
                    at=now, linkedid=call.record.linkedid, channel=channel.channel, uniqueid=channel.uniqueid
                )
                yield from self._hear(joined)
        for call in list(self._registry.live_calls()):
            for uniqueid in [known for known in call.parties if known not in snapshot.channels]:
                yield from self._hear(t.RoomLeft(at=now, linkedid=call.record.linkedid, channel="", uniqueid=uniqueid))
            if call.called is not None and call.called[0] not in snapshot.channels:
                yield from self._hear(t.PartyUnreached(at=now, linkedid=call.record.linkedid, reason=0))

    def _spies(self, snapshot: NodeSnapshot, now: datetime) -> Iterator[DomainEvent]:
        """Supervisors who listen, or have ceased to: the CEL file says of the former nothing."""
        for channel in snapshot.channels.values():
            if channel.context in SPIES and channel.exten in self._registry.calls and channel.up:
                started = t.SpyStarted(
                    at=now,
                    linkedid=Linkedid(channel.exten),
                    channel=channel.channel,
                    uniqueid=channel.uniqueid,
                    spied="",
                    whisper=channel.context == "spy-whisper",
                )
                yield from self._hear(started)
        for call in list(self._registry.live_calls()):
            there = call.record.listener
            if there is not None and there.channel not in snapshot.channels:
                linkedid = call.record.linkedid
                gone = t.ChannelEnded(at=now, channel="", uniqueid=there.channel, linkedid=linkedid, cause=16)
                yield from self._hear(gone)
            elif call.overseer_called is not None and call.overseer_called not in snapshot.channels:
                yield from self._hear(t.OverseerUnreached(at=now, linkedid=call.record.linkedid))

    def _seats(self, snapshot: NodeSnapshot, now: datetime) -> Iterator[DomainEvent]:
        self._registry.forget_contacts()
        self._registry.overseer_phones |= {name for name, up in snapshot.contacts.items() if up and overseer_of(name)}
        reachable = [phone for endpoint, up in snapshot.contacts.items() if up and (phone := phone_of(endpoint))]
        for seat_id, seat in self._registry.seats.items():
            members = {
                m.queue: Membership(m.interface, m.paused, m.reason, m.penalty)
                for m in snapshot.members
                if m.seat == seat_id
            }
            yield from seat.members_are(members, now)
            yield from seat.phones_are({kind for owner, kind in reachable if owner == seat_id}, now)
        for seat in list(self._registry.busy_without_call()):
            log.warning("resync.seat_freed seat=%s", seat.view.seat)
            yield from seat.free(now)
        strangers = {m.seat for m in snapshot.members} - set(self._registry.seats)
        for stranger in sorted(strangers):
            log.warning("resync.unknown_member seat=%s: it takes calls, and has no account here", stranger)
