"""Lines of the CEL file, call by call, into the events that the AMI would have told.

The CEL file knows nothing of seats and little of queues; what is missing is inferred, each rule from a recorded call
(`tests/traces/`):

- a channel that starts in a call which is in a queue is a seat's phone that rings;
- a phone that stops ringing without a cause (0) let it ring out, unless the caller leaves in the same moment;
- a caller whose HANGUP follows the end of Queue with nothing between gave up; otherwise the dialplan went on;
- Queue that ends in the context of its keys was left by a key: the phone that rang just then was not let ring out;
- a seat on a mobile is the first half of its Local channel, not the second one and not what that has dialled;
- after the fact `hop` no phone is a seat's: the dialplan says itself what becomes of places outside;
- who ended a talk is `hangupsource` of the first of the two channels to end. It is stale afterwards: the caller's own
  HANGUP after a survey still names the seat;
- a talk is over when the one of the two who ends first leaves the bridge and does nothing else before he ends. His
  HANGUP may come a second later on a machine that is held up.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from callcenter.asterisk import events as ev
from callcenter.asterisk import trail
from callcenter.asterisk.cel_call import (
    CANCEL,
    NO_ANSWER,
    STATUS_OF_CAUSE,
    StoryCall,
    StorySeat,
    ends_there,
    on_the_way,
)
from callcenter.asterisk.cel_line import CelLine
from callcenter.asterisk.decoders import seat_of
from callcenter.asterisk.trail import read_trail
from callcenter.ids import Interface, Linkedid, QueueName, Uniqueid

KEYS = "queue-keys"
"""Context of asterisk_conf/extensions.d/callback.conf."""
HOP = "hop"
"""The fact by which a caller who has left his queue is offered to a place outside."""


class CelStory:
    """Keeps what it must remember of live calls from line to line."""

    def __init__(self, known: Mapping[Linkedid, str | None]) -> None:
        """`known`: live calls that began before the first line, and their queue if they have come to one."""
        self._calls = {
            linkedid: StoryCall(linkedid, Uniqueid(linkedid), queue=QueueName(line) if line else None)
            for linkedid, line in known.items()
        }

    def tell(self, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        linkedid = Linkedid(line.linkedid)
        call = self._calls.get(linkedid)
        if call is None:
            call = self._calls[linkedid] = StoryCall(linkedid, Uniqueid(linkedid))
        if line.type == "LINKEDID_END":
            yield from self._clear_up(call, None)
            del self._calls[linkedid]
            return
        if line.type == "CHAN_END":
            return
        if line.uniqueid == call.caller:
            call.channel = line.channel
        yield from self._clear_up(call, line)
        told = TELLERS.get(line.type)
        if told is not None:
            yield from told(self, call, line)

    def end_of_batch(self) -> Iterator[ev.TelephonyEvent]:
        """A phone that stopped ringing while its caller still waits did so by itself. The rest stays open: the next
        line will tell, or the AMI has."""
        for call in self._calls.values():
            if call.left is None:
                yield from self._rings_over(call, NO_ANSWER)

    def _clear_up(self, call: StoryCall, line: CelLine | None) -> Iterator[ev.TelephonyEvent]:
        """Decide what was unclear, now that the next line of the call is there."""
        if call.left is not None:
            gave_up = line is not None and line.type == "HANGUP" and line.uniqueid == call.caller
            yield from self._rings_over(call, CANCEL if gave_up or call.left.context == KEYS else NO_ANSWER)
            at, call.left = call.left.at, None
            queue = call.queue or QueueName("")
            if gave_up:
                yield ev.QueueAbandoned(at=at, uniqueid=call.caller, linkedid=call.linkedid, queue=queue)
            yield ev.QueueLeft(at=at, uniqueid=call.caller, linkedid=call.linkedid, queue=queue)
        elif call.unclear and not (line is not None and self._may_explain(call, line)):
            yield from self._rings_over(call, NO_ANSWER)

    def _may_explain(self, call: StoryCall, line: CelLine) -> bool:
        if line.type == "APP_END":
            return line.uniqueid == call.caller
        return line.type == "HANGUP" and line.uniqueid != call.caller

    def _rings_over(self, call: StoryCall, status: str) -> Iterator[ev.TelephonyEvent]:
        unclear, call.unclear = call.unclear, []
        for line, seat in unclear:
            yield from self._not_answered(call, line, seat, status)

    def _not_answered(
        self, call: StoryCall, line: CelLine, seat: StorySeat, status: str
    ) -> Iterator[ev.TelephonyEvent]:
        yield ev.DialEnded(at=line.at, uniqueid=seat.uniqueid, linkedid=call.linkedid, status=status)
        if status != CANCEL and call.queue is not None:
            yield self._seat_event(ev.SeatRingEnded, call, seat, line.at)
        yield _ended(line)

    def _seat_event(
        self,
        kind: type[ev.SeatCalled] | type[ev.SeatRingEnded] | type[ev.SeatAnswered],
        call: StoryCall,
        seat: StorySeat,
        at: datetime,
    ) -> ev.TelephonyEvent:
        return kind(
            at=at,
            uniqueid=call.caller,
            linkedid=call.linkedid,
            queue=call.queue or QueueName(""),
            interface=seat.interface,
            seat=seat.seat,
            seat_uniqueid=seat.uniqueid,
        )

    def _seat(self, call: StoryCall, line: CelLine) -> StorySeat | None:
        """The seat whose phone this channel is; None for the caller, and while no queue is in play."""
        if line.uniqueid == call.caller or call.queue is None or on_the_way(call, line):
            return None
        if line.uniqueid not in call.seats:
            interface = Interface(line.interface)
            call.seats[line.uniqueid] = StorySeat(Uniqueid(line.uniqueid), line.channel, interface, seat_of(interface))
        return call.seats[line.uniqueid]

    def _chan_start(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        yield ev.ChannelStarted(
            at=line.at,
            channel=line.channel,
            uniqueid=Uniqueid(line.uniqueid),
            linkedid=call.linkedid,
            caller_number=line.number,
            context=line.context,
            exten=line.exten,
        )
        seat = self._seat(call, line)
        if seat is not None:
            yield self._seat_event(ev.SeatCalled, call, seat, line.at)

    def _answer(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        seat = self._seat(call, line)
        if seat is not None:
            seat.rings = False
            yield ev.DialEnded(at=line.at, uniqueid=seat.uniqueid, linkedid=call.linkedid, status="ANSWER")

    def _bridge_enter(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        seat = self._seat(call, line)
        if seat is None:
            call.served = True
        elif not seat.talks:
            seat.rings, seat.talks = False, True
            call.served, call.first_out = True, ""
            yield self._seat_event(ev.SeatAnswered, call, seat, line.at)
        call.out.pop(line.uniqueid, None)
        yield ev.BridgeEntered(
            at=line.at,
            channel=line.channel,
            uniqueid=Uniqueid(line.uniqueid),
            linkedid=call.linkedid,
            bridge=line.bridge,
        )

    def _bridge_exit(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        seat = self._seat(call, line)
        if seat is not None:
            seat.rings, seat.talks = False, True
        call.served, call.out[line.uniqueid] = True, line
        if not on_the_way(call, line):
            call.first_out = call.first_out or line.uniqueid
        yield ev.BridgeLeft(
            at=line.at,
            channel=line.channel,
            uniqueid=Uniqueid(line.uniqueid),
            linkedid=call.linkedid,
            bridge=line.bridge,
        )

    def _hangup(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        seat = self._seat(call, line)
        if seat is None and not on_the_way(call, line):
            for talking in [s for s in call.seats.values() if s.talks]:
                yield from self._talk_over(call, line, talking)
        elif seat is not None and seat.talks:
            yield from self._talk_over(call, line, seat)
        elif seat is not None and seat.rings:
            seat.rings = False
            status = STATUS_OF_CAUSE.get(line.cause)
            if status is None:
                call.unclear.append((line, seat))
            else:
                yield from self._not_answered(call, line, seat, status)
            return
        yield _ended(line)

    def _talk_over(self, call: StoryCall, line: CelLine, seat: StorySeat) -> Iterator[ev.TelephonyEvent]:
        seat.talks = False
        by = {call.channel: "caller", seat.channel: "seat"}.get(line.source)
        if by is None:  # e.g. the sound stayed away: as app_queue does it, by who left first
            by = {call.caller: "caller", seat.uniqueid: "seat"}.get(Uniqueid(call.first_out), "system")
        out = call.out.get(line.uniqueid)
        yield ev.SeatCompleted(
            at=out.at if out is not None and ends_there(line, out) else line.at,
            uniqueid=call.caller,
            linkedid=call.linkedid,
            queue=call.queue or QueueName(""),
            interface=seat.interface,
            seat=seat.seat,
            seat_uniqueid=seat.uniqueid,
            ended_by=by,
        )

    def _app_start(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        if line.app != "Queue":
            return
        call.caller, call.channel = Uniqueid(line.uniqueid), line.channel
        call.queue, call.served = QueueName(line.data.partition(",")[0]), False
        yield ev.QueueJoined(
            at=line.at,
            uniqueid=call.caller,
            linkedid=call.linkedid,
            queue=call.queue,
            position=0,
            caller_number=line.number,
        )

    def _app_end(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        if line.app == "Queue" and line.uniqueid == call.caller and not call.served:
            call.queue = call.queue or QueueName(line.data.partition(",")[0])
            call.left = line
        return iter(())

    def _user_defined(self, call: StoryCall, line: CelLine) -> Iterator[ev.TelephonyEvent]:
        if line.name == HOP:
            call.queue = None  # what rings from here on is no seat
        told = read_trail(line.value) if line.name == trail.NAME else [(line.at, line.name, line.value)]
        for at, name, value in told:
            yield ev.Fact(at=at, uniqueid=Uniqueid(line.uniqueid), linkedid=call.linkedid, name=name, value=value)


def _ended(line: CelLine) -> ev.ChannelEnded:
    return ev.ChannelEnded(
        at=line.at,
        channel=line.channel,
        uniqueid=Uniqueid(line.uniqueid),
        linkedid=Linkedid(line.linkedid),
        cause=line.cause,
        by_party=line.source == line.channel,
    )


TELLERS: Mapping[str, Callable[[CelStory, StoryCall, CelLine], Iterator[ev.TelephonyEvent]]] = {
    "CHAN_START": CelStory._chan_start,
    "ANSWER": CelStory._answer,
    "BRIDGE_ENTER": CelStory._bridge_enter,
    "BRIDGE_EXIT": CelStory._bridge_exit,
    "HANGUP": CelStory._hangup,
    "APP_START": CelStory._app_start,
    "APP_END": CelStory._app_end,
    "USER_DEFINED": CelStory._user_defined,
}
