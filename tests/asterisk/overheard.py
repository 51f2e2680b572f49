"""A talk with a supervisor at it: who hears whom is told by the tones that arrive at each telephone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from callcenter.account.table import AuditRow
from tests.asterisk import sound
from tests.asterisk.desk import Desk
from tests.asterisk.ear import Ear, Heard
from tests.asterisk.sipp import Caller, Sipp, SippSeat
from tests.given import until

CALLER, SEAT, SUPERVISOR = sound.CALLER_HZ, sound.SEAT_HZ, 700
PRESENT, ABSENT = 0.15, 0.03
"""Parts of the power. Of two tones each has about a half, of three a third."""


@dataclass
class Talk:
    story: Desk
    caller: Caller
    seat: Sipp
    overseer: SippSeat
    at_caller: Ear
    at_seat: Ear
    at_overseer: Ear
    call: str = ""

    def asks(self, mode: str) -> None:
        self.story.system.person("supervisor").post("/api/seats/1001/listen", mode=mode)

    def refused(self, mode: str, person: str = "manager", seat: str = "1001") -> str:
        answer = self.story.system.person(person).try_post(f"/api/seats/{seat}/listen", mode=mode)
        assert not answer.is_success
        return str(answer.json()["code"])

    def until_told(self, kind: str, times: int = 1) -> None:
        told = lambda: len(self.story.events(self.call, kind, "person"))  # noqa: E731
        until(lambda: told() == times or None, within=20, saying=lambda: f"{kind}: {told()} times, not {times}")

    def audited(self) -> list[tuple[str, str, str]]:
        with self.story.system.database.read() as session:
            rows = session.scalars(
                select(AuditRow)
                .where(AuditRow.action.like("talk-%"), AuditRow.person == "supervisor")
                .order_by(AuditRow.id)
            ).all()
            return [(row.action, row.object, row.person) for row in rows if row.detail.get("call") == self.call]

    def until_heard(self, ear: Ear, *wanted: int, without: tuple[int, ...] = ()) -> Heard:
        """Within half a minute a second comes in which all of these tones are there, and none of those."""

        def enough() -> Heard | None:
            heard = ear.listens(1.0)
            there = all(heard(tone) > PRESENT for tone in wanted)
            return heard if there and all(heard(tone) < ABSENT for tone in without) else None

        def words() -> str:
            heard = ear.listens(1.0)
            return (
                f"heard {[(tone, round(heard(tone), 3)) for tone in (CALLER, SEAT, SUPERVISOR)]} in {heard.seconds} s"
            )

        return until(enough, within=30, saying=words)


@contextmanager
def talk_of(story: Desk, folder: Path, seat: Sipp, on_duty: Callable[[], object]) -> Iterator[Talk]:
    """A caller talks with a seat on this phone, when `on_duty` has made it ready; the supervisor's desk phone is
    registered and answers by itself."""
    system, port = story.system, story.system.settings.sip_port
    with ExitStack() as stack:
        ears = [Ear(tone) for tone in (CALLER, SEAT, SUPERVISOR)]
        for ear in ears:
            stack.callback(ear.close)
        caller = Caller(folder, port)
        overseer = SippSeat(folder, port, system.person("supervisor").phone("sip"))
        for phone, ear in zip((caller, seat, overseer), ears, strict=True):
            stack.callback(phone.close)
            ear.given_to(phone)
        seat.start()
        overseer.start()
        on_duty()
        caller.dial()
        call = until(lambda: system.the_call(story.since), saying="the call is not on record")["id"]
        story.until_node(call, "language")
        caller.press("1", "info")
        story.until_state(call, "talking", within=30)
        yield Talk(story, caller, seat, overseer, *ears, call)
        overseer.go_away()
