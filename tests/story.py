"""Telling a call in Asterisk's words, second by second, for the pure tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from callcenter.asterisk import events as t
from callcenter.call.model import CallRecord
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.ids import Interface, Linkedid, QueueName, SeatId, Uniqueid
from callcenter.seat.model import Desired, PhoneKind, SeatState, SeatView, interface_of
from callcenter.seat.state import Membership, Seat

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def ready_seat(seat: str, *queues: str) -> Seat:
    names = tuple(QueueName(q) for q in queues or ("zh",))
    return Seat(
        view=SeatView(
            seat=SeatId(seat), state=SeatState.READY, since=NOON, desired=Desired.READY, phone=PhoneKind.WEBRTC
        ),
        queues=names,
        wrap_up_cap=timedelta(seconds=60),
        phones={PhoneKind.WEBRTC},
        members=dict.fromkeys(names, Membership(interface_of(seat, PhoneKind.WEBRTC), False)),
    )


class Story:
    """One caller, told to a registry. Every line takes the second at which it happens."""

    def __init__(self, registry: Registry | None = None, call: str = "a-1.1") -> None:
        self.registry = registry or Registry()
        self.call = Linkedid(call)
        self.caller = Uniqueid(call)
        self.happened: list[DomainEvent] = []
        self.told: list[t.TelephonyEvent] = []
        self.last: CallRecord | None = None
        self._rings = 0

    @property
    def record(self) -> CallRecord:
        assert self.last is not None, "the call never began"
        return self.last

    def hear(self, event: t.TelephonyEvent) -> "Story":
        self.told.append(event)
        self.happened += self.registry.hear(event)
        self.last = self.registry.record(self.call) or self.last
        self.registry.settle()
        return self

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.happened]

    def _channel(
        self, second: float, uniqueid: str | None = None, name: str = "PJSIP/trunk-00000001"
    ) -> dict[str, Any]:
        return {
            "at": at(second),
            "channel": name,
            "uniqueid": Uniqueid(uniqueid or self.caller),
            "linkedid": self.call,
        }

    def _seat_channel(self, second: float) -> dict[str, Any]:
        """Of the phone that was rung last."""
        return self._channel(second, f"{self.call}-ring{self._rings}", "PJSIP/w1001-00000002")

    def _seat(self, second: float, seat: str, queue: str, ring: int) -> dict[str, Any]:
        return {
            "at": at(second),
            "uniqueid": self.caller,
            "linkedid": self.call,
            "queue": QueueName(queue),
            "interface": Interface(f"PJSIP/w{seat}"),
            "seat": SeatId(seat),
            "seat_uniqueid": Uniqueid(f"{self.call}-ring{ring}"),
        }

    def dials(self, second: float = 0, number: str = "13912345678") -> "Story":
        return self.hear(
            t.ChannelStarted(**self._channel(second), caller_number=number, context="from-trunk", exten="12348")
        )

    def fact(self, second: float, name: str, value: str) -> "Story":
        return self.hear(t.Fact(at=at(second), uniqueid=self.caller, linkedid=self.call, name=name, value=value))

    def joins(self, second: float, queue: str = "zh") -> "Story":
        return self.hear(
            t.QueueJoined(at=at(second), uniqueid=self.caller, linkedid=self.call, queue=QueueName(queue), position=1)
        )

    def rings(self, second: float, seat: str, queue: str = "zh") -> "Story":
        self._rings += 1
        return self.hear(t.SeatCalled(**self._seat(second, seat, queue, self._rings)))

    def dial_ends(self, second: float, status: str) -> "Story":
        ring = Uniqueid(f"{self.call}-ring{self._rings}")
        return self.hear(t.DialEnded(at=at(second), uniqueid=ring, linkedid=self.call, status=status))

    def not_taken(self, second: float, seat: str, queue: str = "zh") -> "Story":
        return self.hear(t.SeatRingEnded(**self._seat(second, seat, queue, self._rings)))

    def leaves_queue(self, second: float, queue: str = "zh") -> "Story":
        return self.hear(t.QueueLeft(at=at(second), uniqueid=self.caller, linkedid=self.call, queue=QueueName(queue)))

    def abandons(self, second: float, queue: str = "zh") -> "Story":
        event = t.QueueAbandoned(at=at(second), uniqueid=self.caller, linkedid=self.call, queue=QueueName(queue))
        return self.hear(event).leaves_queue(second, queue).hangs_up(second)

    def answered(self, second: float, seat: str, queue: str = "zh") -> "Story":
        return self.hear(t.SeatAnswered(**self._seat(second, seat, queue, self._rings)))

    def completed(self, second: float, seat: str, by: str, queue: str = "zh") -> "Story":
        return self.hear(t.SeatCompleted(**self._seat(second, seat, queue, self._rings), ended_by=by))

    def hold(self, second: float, on: bool) -> "Story":
        channel = self._seat_channel(second)
        return self.hear(t.Held(**channel) if on else t.Unheld(**channel))

    def hangs_up(self, second: float) -> "Story":
        return self.puts_down(second).gone(second)

    def seat_puts_down(self, second: float) -> "Story":
        return self.hear(t.HangupRequested(**self._seat_channel(second)))

    def seat_gone(self, second: float) -> "Story":
        return self.hear(t.ChannelEnded(**self._seat_channel(second), cause=16))

    def puts_down(self, second: float) -> "Story":
        return self.hear(t.HangupRequested(**self._channel(second)))

    def gone(self, second: float) -> "Story":
        return self.hear(t.ChannelEnded(**self._channel(second), cause=16))
