"""A supervisor at a talk by the buttons of the page; what each one hears is measured where it arrives."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.asterisk import sound
from tests.asterisk.desk import Desk
from tests.asterisk.ear import Ear
from tests.asterisk.sipp import Caller, SippSeat
from tests.browser.seat import Browser, BrowserSeat
from tests.given import until

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]


class Talk:
    def __init__(self, story: Desk, folder: Path, stack: ExitStack) -> None:
        port = story.system.settings.sip_port
        self.at_caller, self.at_seat = Ear(sound.CALLER_HZ), Ear(sound.SEAT_HZ)
        self.seat = SippSeat(folder, port, story.system.person("1001").phone("sip"))
        self.caller = Caller(folder, port, "13812345678")
        for phone, ear in ((self.seat, self.at_seat), (self.caller, self.at_caller)):
            stack.callback(ear.close)
            stack.callback(phone.close)
            ear.given_to(phone)
        self.seat.start()
        story.ready("1001")
        self.caller.dial()
        self.call = until(lambda: story.system.the_call(story.since), saying="the call is not on record")["id"]
        story.until_node(self.call, "language")
        self.caller.press("1", "info")
        story.until_state(self.call, "talking")


@pytest.fixture
def talk(story: Desk, tmp_path: Path) -> Iterator[Talk]:
    with ExitStack() as stack:
        talk = Talk(story, tmp_path, stack)
        yield talk
        talk.seat.go_away()


def until_only(ear: Ear, hertz: int) -> None:
    until(lambda: ear.hears(hertz, 2.0) > 0.95 or None, within=40, saying="somebody else is heard there, or nobody")


def until_somebody_else(ear: Ear, hertz: int) -> None:
    until(lambda: 0 < ear.hears(hertz) < 0.9 or None, within=40, saying="the supervisor is not heard there")


def begin(page: Browser, seat: str, way: str) -> None:
    page.shows("phone-state", "registered")
    page.find(f"seat-menu-{seat}").click()
    page.find(f"listen-{way}").click()


def hears(page: BrowserSeat, more_than: float = 0.001) -> float:
    def energy() -> float | None:
        seen = page.stats()
        return seen["inbound"]["energy"] if seen and seen["inbound"]["energy"] > more_than else None

    return until(energy, within=30, saying=lambda: f"the supervisor hears nothing: {page.stats()}")


def test_all_ways_by_the_buttons(story: Desk, talk: Talk, screens: Callable[..., Browser]) -> None:
    overseer = screens(BrowserSeat)
    assert isinstance(overseer, BrowserSeat)
    overseer.sign_in("supervisor")
    begin(overseer, "1001", "listen")
    overseer.shows("listening", "listen")
    before = hears(overseer)
    hears(overseer, before + 0.001)
    until_only(talk.at_seat, sound.CALLER_HZ)
    until_only(talk.at_caller, sound.SEAT_HZ)

    overseer.press("go-whisper")
    overseer.shows("listening", "whisper")
    until_somebody_else(talk.at_seat, sound.CALLER_HZ)
    until_only(talk.at_caller, sound.SEAT_HZ)

    overseer.press("go-barge")
    overseer.shows("listening", "barge")
    until_somebody_else(talk.at_caller, sound.SEAT_HZ)
    until_somebody_else(talk.at_seat, sound.CALLER_HZ)

    overseer.press("go-take_over")
    overseer.press("take-over-sure")
    overseer.shows("listening", "take_over")
    story.until_seat("1001", "wrap_up")
    assert story.record(talk.call)["state"] == "talking"
    hears(overseer, hears(overseer) + 0.001)

    overseer.press("listening-stop")
    until(lambda: overseer.find("listening").count() == 0, within=20, saying="the bar stays")
    story.until_state(talk.call, "survey", "ended")
    assert overseer.complaints == []


def test_who_only_listens_is_silent_and_the_lawyer_sees_it(
    story: Desk, lawyer: BrowserSeat, screens: Callable[..., Browser]
) -> None:
    overseer = screens(BrowserSeat)
    assert isinstance(overseer, BrowserSeat)
    lawyer.arrive("1002")
    overseer.sign_in("supervisor")
    caller, call = story.call("2")
    lawyer.answer()
    story.until_state(call, "talking")
    assert lawyer.find("listened").count() == 0
    begin(overseer, "1002", "listen")
    overseer.shows("listening", "listen")
    lawyer.shows("listened", "listen")
    hears(overseer)
    assert "麦克风已关" in overseer.find("listening").inner_text()
    overseer.page.goto(story.system.base + "/calls")
    until(lambda: overseer.find("listening").count() == 0, within=30, saying="it still listens after a reload")
    until(lambda: lawyer.find("listened").count() == 0, within=20, saying="the lawyer is told of nobody")
    caller.hang_up()
    story.until_ended(call)
