"""People come, go and learn a language while calls run."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.account.skills import Skills
from callcenter.asterisk.actions import Action
from callcenter.asterisk.link import LinkState
from callcenter.engine.pump import Pump
from callcenter.engine.registry import Registry
from callcenter.engine.repository import SeatAccount
from callcenter.engine.staff import Present, Staff
from callcenter.ids import Interface, QueueName, SeatId
from callcenter.routing.first_seat import queue_of
from callcenter.routing.model import Level
from callcenter.seat.model import Desired, SeatState, SeatView
from callcenter.seat.state import Membership, Seat
from tests.engine.conftest import StandingClock
from tests.story import Story, at


def account(seat: str, *languages: str) -> SeatAccount:
    return SeatAccount(seat=SeatId(seat), skills=Skills(languages=dict.fromkeys(languages, Level.NATIVE)))


def seat(account: SeatAccount, now: datetime) -> Seat:
    lines = tuple(QueueName(name) for name in account.skills.languages)
    return Seat(
        view=SeatView(seat=account.seat, since=now),
        queues=lines,
        penalties=dict.fromkeys(lines, 0),
        wrap_up_cap=timedelta(seconds=60),
    )


class Answer:
    def or_raise(self) -> None: ...


class Link:
    state = LinkState.READY

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, action: Action) -> Answer:
        self.sent.append(f"{action.name} {action.fields().get('Module')}")
        return Answer()


class Office:
    """What the database would say."""

    def __init__(self) -> None:
        self.present = Present((account("1001", "zh"), account("1002", "zh", "bo")), ("1001", "1002"))
        self.written = 0

    def write(self) -> None:
        self.written += 1


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def staff(registry: Registry, pump: Pump, clock: StandingClock, office: Office, link: Link) -> Staff:
    for known in registry.seats.values():
        known.penalties = dict.fromkeys(known.queues, 0)
    return Staff(
        registry,
        pump,
        link,  # type: ignore[arg-type]
        clock,
        read=lambda: office.present,
        seat=seat,
        write_phones=office.write,
    )


def look(staff: Staff, pump: Pump) -> list[str]:
    async def once() -> list[str]:
        await staff.look()
        job = pump.inbox.get_nowait()
        assert callable(job)
        return [type(event).__name__ for event in await job()]

    return asyncio.run(once())


def test_nothing_happens_while_nothing_changes(staff: Staff, pump: Pump, office: Office, link: Link) -> None:
    assert look(staff, pump) == look(staff, pump) == []
    assert (office.written, link.sent) == (0, [])


def test_a_new_lawyer_has_a_seat_and_a_phone_without_a_restart(
    staff: Staff, pump: Pump, registry: Registry, office: Office, link: Link
) -> None:
    look(staff, pump)
    office.present = Present((*office.present.seats, account("1010", "bo")), (*office.present.phones, "1010"))
    look(staff, pump)
    assert registry.seats[SeatId("1010")].queues == ("bo",)
    assert (office.written, link.sent) == (1, ["Reload res_pjsip.so", "Reload app_queue.so"])


def test_an_approved_language_is_a_line_at_once(staff: Staff, pump: Pump, registry: Registry, office: Office) -> None:
    office.present = replace(office.present, seats=(account("1001", "zh", "mn"), account("1002", "bo")))
    look(staff, pump)
    assert registry.seats[SeatId("1001")].queues == ("zh", "mn")
    assert registry.seats[SeatId("1002")].queues == ("bo",)


def test_whose_account_is_closed_in_a_talk_ends_it_and_is_signed_out_after_it(
    staff: Staff, pump: Pump, registry: Registry, office: Office
) -> None:
    story = Story(registry).dials(0).joins(1).rings(2, "1001").answered(4, "1001")
    office.present = Present((account("1002", "zh", "bo"),), ("1002",))
    assert look(staff, pump) == ["SeatDesired"]
    gone = registry.seats[SeatId("1001")]
    assert gone.view.state is SeatState.TALKING
    assert gone.view.desired is Desired.SIGNED_OUT
    story.completed(60, "1001", "caller").hangs_up(60)
    assert registry.calls[story.call].record.outcome is not None
    own = queue_of("1001")
    gone.members_are({own: Membership(Interface("PJSIP/w1001"), paused=False)}, at(61))
    assert "WrapUpEnded" in look(staff, pump)
    assert own not in gone.members, "Asterisk says nothing of members whose queue went with a reload"
    assert gone.view.state is SeatState.SIGNED_OUT
    assert look(staff, pump) == []


def test_whose_licence_ended_at_midnight_is_paused(
    staff: Staff, pump: Pump, registry: Registry, office: Office
) -> None:
    office.present = replace(office.present, unlicensed=frozenset({SeatId("1002")}))
    assert "SeatDesired" in look(staff, pump)
    assert registry.seats[SeatId("1002")].view.desired is Desired.PAUSED
    assert registry.seats[SeatId("1002")].view.reason == "licence"
    assert registry.seats[SeatId("1001")].view.desired is Desired.READY
