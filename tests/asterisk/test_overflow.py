"""Nobody of the line comes in time: the other site, the duty mobile, a callback, a message. On a real Asterisk, with
SIPp as the places outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callcenter.ivr.table import CallerRequestRow
from tests.asterisk import desk, ports
from tests.asterisk.api import Record
from tests.asterisk.citizens import Citizens
from tests.asterisk.desk import Desk
from tests.asterisk.own_flows import flows_of, system_of
from tests.given import until

pytestmark = pytest.mark.asterisk

SITE, MOBILE = "09711234567", "13800000001"
DESTINATIONS = """
destinations:
  other-site: {{number: "09711234567", via: "127.0.0.1:{site}", ring_s: 5}}
  duty-mobile: {{number: "13800000001", via: "127.0.0.1:{mobile}", ring_s: 5, press_1: true}}
"""
LINES = """
lines:
  zh: {wait_s: 2, overflow: [other-site, duty-mobile, callback, voicemail]}
  bo: {wait_s: 2, overflow: [voicemail]}
"""


class Floor:
    def __init__(self, folder: Path) -> None:
        self.site, self.mobile = ports.block(1), ports.block(1)
        places = DESTINATIONS.format(site=self.site, mobile=self.mobile)
        self.system = system_of(folder, flows_of(folder / "flows", destinations=places, lines=LINES))


@pytest.fixture(scope="module")
def floor(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    floor = Floor(tmp_path_factory.mktemp("o"))
    with floor.system:
        yield floor
    ports.give_back(floor.site, 1)
    ports.give_back(floor.mobile, 1)


class Story:
    def __init__(self, floor: Floor, folder: Path, desk: Desk) -> None:
        self.desk, self.system = desk, floor.system
        self._floor, self._folder = floor, folder
        self._open: list[Citizens] = []

    def site(self, **plan: Any) -> Citizens:
        return self._place(self._floor.site, key="", **plan)

    def mobile(self, **plan: Any) -> Citizens:
        return self._place(self._floor.mobile, key_s=2.0, **plan)

    def _place(self, port: int, **plan: Any) -> Citizens:
        place = Citizens(self._folder, self.system.settings.sip_port, port, **plan)
        self._open.append(place)
        return place.start()

    def request(self, call: str, kind: str) -> CallerRequestRow:
        def seen() -> CallerRequestRow | None:
            with self.system.database.read() as session:
                return session.get(CallerRequestRow, (call, kind))

        return until(seen, within=40, saying=f"no {kind} of {call} is on record")

    def close(self) -> None:
        for place in self._open:
            place.close()


@pytest.fixture
def story(floor: Floor, tmp_path: Path) -> Iterator[Story]:
    with desk.opened(floor.system, tmp_path) as opened:
        story = Story(floor, tmp_path, opened)
        yield story
        story.close()


def hops(record: Record) -> list[tuple[str, str]]:
    return [(ring["seat"], ring["result"]) for ring in record["rings"]]


def test_the_other_site_takes_the_call_and_it_counts_like_a_seats(story: Story) -> None:
    site = story.site(talk_s=2.0)
    _, call = story.desk.call("1")
    record = story.desk.until_state(call, "survey", within=30)
    assert site.times("ringing", SITE) == 1
    record = story.desk.until_ended(call)
    assert hops(record) == [("other-site", "answered")]
    assert (record["outcome"], record["seat"], record["survey_offered"]) == ("answered", "other-site", True)
    assert record["wait_s"] >= 2
    assert 1 < record["talk_s"] < 5
    sealed = story.desk.until_sealed(call)
    assert sealed["state"] == "sealed"
    assert min(sealed["caller_rms"], sealed["seat_rms"]) > 0.01


def test_the_other_site_is_busy_and_the_duty_mobile_presses_1(story: Story) -> None:
    story.site(then="reject")
    story.mobile()
    caller, call = story.desk.call("1")
    record = story.desk.until_state(call, "talking", within=40)
    assert hops(record) == [("other-site", "rejected"), ("duty-mobile", "answered")]
    caller.hang_up()
    record = story.desk.until_ended(call)
    assert (record["outcome"], record["seat"], record["ended_by"]) == ("answered", "duty-mobile", "caller")


def test_a_carriers_voicemail_is_no_answer_and_a_callback_is_offered(story: Story) -> None:
    story.site(ring_s=None)
    story.mobile(key="", talk_s=3.0)
    caller, call = story.desk.call("1")
    story.desk.until_node(call, "overflow-callback", within=60)
    caller.press("1")
    caller.wait_for_goodbye()
    record = story.desk.until_ended(call)
    assert hops(record) == [("other-site", "no_answer"), ("duty-mobile", "unconfirmed")]
    assert (record["outcome"], record["answered_at"]) == ("callback_requested", None)
    assert story.request(call, "callback").at is not None


def test_a_message_is_the_last_place_and_is_kept(story: Story) -> None:
    caller, call = story.desk.call("2")
    story.desk.until_node(call, "overflow-voicemail", within=40)
    until(lambda: _recorded(story, call), within=30, saying="nothing is recorded")
    caller.hang_up()
    assert story.desk.until_ended(call)["outcome"] == "voicemail"
    row = story.request(call, "voicemail")
    assert (row.language, row.state) == ("bo", "open")
    assert row.millis >= 1000


def test_without_an_engine_the_duty_mobile_is_called_all_the_same(story: Story) -> None:
    story.site(then="reject")
    mobile = story.mobile(talk_s=2.0)
    with story.system.held_down("engine"):
        caller = story.desk.caller("13900000077").dial()
        caller.press("1")
        mobile.until("answered", MOBILE, within=60)
        mobile.until("hung up", MOBILE, within=30)
        caller.press("1")
        caller.wait_for_goodbye()
    found = until(lambda: story.system.the_call(story.desk.since), within=60, saying="the call is not on record")
    record = story.desk.until_ended(found["id"], within=60)
    assert hops(record) == [("other-site", "rejected"), ("duty-mobile", "answered")]
    assert (record["outcome"], record["seat"], record["grade"]) == ("answered", "duty-mobile", 1)


def _recorded(story: Story, call: str) -> bool:
    """Some seconds of sound."""
    files = list((story.system.settings.recordings_dir / "voicemail").rglob(f"{call}.wav"))
    return bool(files) and files[0].stat().st_size > 40_000
