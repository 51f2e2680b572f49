"""The hotline when nothing of ours runs but Asterisk: language, queue, talk, survey, all in the plain dialplan."""

import csv
import itertools
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.confgen import files, hold_music, installation, machine, render
from callcenter.confgen.render import CEL_COLUMNS, SeatPhones
from callcenter.config import Settings
from callcenter.ids import SeatId
from callcenter.processes import first_start
from callcenter.processes.telephone_user import TelephoneUser
from callcenter.prompt import build as prompt_build
from tests.asterisk import manager, ports
from tests.asterisk.manager import Manager
from tests.asterisk.sipp import Caller, Sipp, SippSeat
from tests.given import until

pytestmark = pytest.mark.asterisk
_seats = itertools.count(1001)
RTP_PORTS = 200


class Alone:
    """An Asterisk with our configuration, and nobody at its side."""

    def __init__(self, folder: Path) -> None:
        first, rtp = ports.block(5), ports.block(RTP_PORTS, step=7)
        self.folder = folder
        self.settings = Settings(
            **dict(zip(("sip_port", "ws_port", "ami_port", "agi_port"), range(first, first + 4), strict=True)),
            home=folder / "home",
            rtp_ports=f"{rtp}-{rtp + RTP_PORTS - 1}",
            max_wait_s=4,
            wrap_up_guard_s=1,
        )
        self.secrets = secrets.ensure(self.settings.home)
        self.installation = installation.find()
        first_start.make_folders(self.settings, TelephoneUser(""))
        prompt_build.build(self.settings)
        hold_music.lay_out(self.settings.asterisk_dir / "moh", self.settings.prompts_dir, self.settings.languages)
        seats = [SeatPhones(SeatId(str(number))) for number in range(1001, 1011)]
        text = render.render(self.settings, self.secrets, seats, machine.look(self.installation))
        self.etc = self.settings.asterisk_dir / "etc"
        files.write(self.etc, text)

    def start(self) -> "subprocess.Popen[bytes]":
        with (self.folder / "asterisk.out").open("wb") as output:
            started = subprocess.Popen(
                [*self.installation.command, "-f", "-C", str(self.etc / "asterisk.conf")], stdout=output, stderr=output
            )
        until(self._answers, within=20, saying="Asterisk does not start")
        return started

    def _answers(self) -> bool:
        try:
            with self.manager():
                return True
        except OSError:
            return False

    def manager(self, user: str = "engine") -> AbstractContextManager[Manager]:
        return manager.line(self.settings.ami_port, user, self.secrets.ami_password(user))

    def caller(self, number: str = "13900000001") -> Caller:
        return Caller(self.folder, self.settings.sip_port, number)

    def waiting(self, line: str) -> int:
        with self.manager() as asked:
            return sum(answer.get("Event") == "QueueEntry" for answer in asked.ask("QueueStatus", Queue=line))

    def events(self) -> list[dict[str, str]]:
        """The event log on file, oldest first."""
        with (self.settings.asterisk_dir / "log/cel-custom/cel.csv").open() as file:
            return [dict(zip(CEL_COLUMNS, row, strict=True)) for row in csv.reader(file)]

    def facts(self, number: str) -> dict[str, str]:
        """Facts of the calls from this number."""
        mine = [event for event in self.events() if event["cidnum"] == number]
        return {event["userdeftype"]: event["appdata"].partition(",")[2] for event in mine if event["userdeftype"]}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    asterisk = Alone(tmp_path_factory.mktemp("alone"))
    process = asterisk.start()
    yield asterisk
    with asterisk.manager() as asked:
        left = asked.channels()
    process.terminate()
    process.wait(20)
    assert left == [], "a test left channels behind"


@pytest.fixture
def seat(alone: Alone) -> Iterator[SippSeat]:
    """A desk phone that answers, member of the line bo."""
    endpoint = f"d{next(_seats)}"
    member = {"Queue": "bo", "Interface": f"PJSIP/{endpoint}"}
    phone = {"user": endpoint, "password": alone.secrets.phone_password(endpoint)}
    with SippSeat(alone.folder, alone.settings.sip_port, phone) as phone_of_seat:
        phone_of_seat.start()
        with alone.manager() as asked:
            asked.ask("QueueAdd", MemberName=endpoint[1:], **member)
        yield phone_of_seat
        with alone.manager() as asked:
            asked.ask("QueueRemove", **member)


@pytest.mark.parametrize(
    ("key", "way", "line"),
    [("1", "rtp", "zh"), ("2", "rtp", "bo"), ("3", "info", "mn"), ("7", "info", "zh"), ("", "", "zh")],
)
def test_one_key_chooses_the_line_and_no_key_is_the_first(alone: Alone, key: str, way: str, line: str) -> None:
    with alone.caller() as caller:
        caller.dial()
        if key:
            caller.press(key, way)
        until(lambda: alone.waiting(line) == 1, within=40, saying=f"nobody waits in {line}")
        caller.hang_up()
    until(lambda: alone.waiting(line) == 0)


def test_a_talk_is_recorded_on_both_sides_and_rated_by_a_key(alone: Alone, seat: SippSeat) -> None:
    number = "13900000002"
    with alone.caller(number) as caller:
        caller.dial().press("2")
        seat.talks(within=30)
        until(lambda: _bytes_of(alone, number) > 2 * 16_000, within=15, saying="nothing is recorded")
        seat.hang_up()
        caller.press("4")
        caller.wait_for_goodbye()
    facts = alone.facts(number)
    assert facts["line"] == facts["language"] == "bo"
    assert (facts["survey_offered"], facts["grade"]) == ("1", "4")
    for side, hertz in (("caller", 440), ("seat", 1000)):
        file = alone.settings.recordings_dir / f"{facts['recording']}-{side}.wav"
        assert _hertz(file) == pytest.approx(hertz, rel=0.1)


def _bytes_of(alone: Alone, number: str) -> int:
    stem = alone.facts(number).get("recording", "none")
    return sum(file.stat().st_size for file in alone.settings.recordings_dir.glob(f"{stem}-*.wav"))


def _hertz(file: Path) -> float:
    """sox's estimate of the dominant frequency."""
    said = subprocess.run(["sox", file, "-n", "stat"], capture_output=True, text=True, check=True).stderr
    return float(next(line.split()[-1] for line in said.splitlines() if line.startswith("Rough")))


def test_a_key_pressed_just_before_hanging_up_still_counts(alone: Alone, seat: SippSeat) -> None:
    number = "13900000003"
    with alone.caller(number) as caller:
        caller.dial().press("2")
        seat.talks(within=30)
        seat.hang_up()
        until(lambda: alone.facts(number).get("survey_offered"))
        caller.press("1")
        caller.hang_up()
    assert until(lambda: alone.facts(number).get("grade")) == "1"


def test_who_waits_too_long_hears_an_apology(alone: Alone) -> None:
    number = "13900000004"
    with alone.caller(number) as caller:
        caller.dial().press("3")
        caller.wait_for_goodbye()
    assert alone.facts(number)["outcome"] == "queue_timeout"


def test_a_wrong_password_does_not_register(alone: Alone) -> None:
    options = ("-s", "d1001", "-au", "d1001", "-ap", alone.secrets.phone_password("w1001"), "-m", 1)
    with Sipp(alone.folder, "register", alone.settings.sip_port, *options) as phone:
        assert phone.start().wait() == 1
    with alone.manager() as asked:
        assert [answer for answer in asked.ask("PJSIPShowContacts") if "d1001" in answer.get("Aor", "")] == []


@pytest.mark.parametrize("name", ["trunk", "d1001", "13900000001", "anonymous"])
def test_a_stranger_is_refused_whatever_name_he_gives(alone: Alone, name: str) -> None:
    options = ("-s", "12348", "-key", "name", name, "-m", 1, "-i", "127.0.0.2")
    with Sipp(alone.folder, "stranger", alone.settings.sip_port, *options) as stranger:
        assert stranger.start().wait() == 0, stranger.errors()


def test_the_carrier_is_told_that_another_number_does_not_exist(alone: Alone) -> None:
    options = ("-s", "110", "-key", "name", "13900000001", "-m", 1)
    with Sipp(alone.folder, "stranger", alone.settings.sip_port, *options) as carrier:
        assert carrier.start().wait() == 0, carrier.errors()


def test_the_engine_may_ask_for_all_that_it_needs_after_a_reconnect(alone: Alone) -> None:
    with alone.manager() as asked:
        for action in ("CoreShowChannels", "BridgeList", "QueueStatus", "PJSIPShowContacts"):
            assert asked.ask(action)[0]["Response"] == "Success", action
        assert asked.ask("Command", Command="core show version")[0]["Response"] == "Error"


def test_the_doctor_may_look_but_not_touch(alone: Alone) -> None:
    with alone.manager("doctor") as asked:
        assert asked.ask("CoreStatus")[0]["Response"] == "Success"
        refused = asked.ask("QueueAdd", Queue="zh", Interface="PJSIP/d1001")
    assert (refused[0]["Response"], "permission" in refused[0]["Message"].lower()) == ("Error", True)
