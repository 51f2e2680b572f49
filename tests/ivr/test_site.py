"""What a flow asks the site during a call: hours, calendar, past calls, lines, switches; and numbers spoken."""

import asyncio
import json
import wave
from datetime import timedelta
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.call.table import CallRow
from callcenter.config import Settings
from callcenter.ivr.check import check_folder
from callcenter.ivr.messages import Messages
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.ivr.runtime import IvrService
from callcenter.ivr.shipped import load_flows, rules_of
from callcenter.ivr.site import Emergency
from callcenter.ivr.site_facts import SiteFacts
from callcenter.ivr.table import CallerRequestRow
from callcenter.prompt.catalogue import PromptFiles
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault
from tests.ivr.conftest import NOON, OFFICE, flow_of
from tests.ivr.test_runtime import FakeCaller, FakeClock


class Lines:
    def waiting(self, line: str) -> int:
        return {"zh": 4, "bo": 1}.get(line, 0)

    def ready(self, line: str) -> int:
        return {"zh": 2}.get(line, 0)


class Bench:
    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.database = Database(self.settings)
        migrate(self.database)
        self.vault = NumberVault(secrets.ensure(home))
        self.emergency = Emergency.of(self.settings)
        self.clock = FakeClock()
        self.facts = SiteFacts(Lines(), self.database, self.vault, OFFICE, self.emergency, self.clock)
        self.book = StoredRequests(self.database, self.vault)
        self.messages = Messages(home / "recordings", self.book, self.clock)

    def look(self, *names: str, number: str = "13900000001", language: str = "zh") -> dict[str, str]:
        return dict(asyncio.run(self.facts.look(names, number, language)))

    def requests(self) -> list[CallerRequestRow]:
        with self.database.read() as session:
            return list(session.query(CallerRequestRow))

    def called_before(self, number: str, language: str | None, days_ago: int) -> None:
        at = NOON - timedelta(days=days_ago)
        with self.database.begin() as session:
            session.add(
                CallRow(id=f"c{days_ago}", caller_hash=self.vault.search_hash(number), language=language,
                        started_at=at, ended_at=at, left_at=at)
            )  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path / "home")


def test_the_clock_tells_chinas_time(bench: Bench) -> None:
    assert bench.look("time", "date", "weekday", "day", "open:zh", "open:mn") == {
        "time": "1200",
        "date": "2026-01-05",
        "weekday": "1",
        "day": "workday",
        "open:zh": "no",
    }


def test_the_engines_memory_tells_of_the_lines(bench: Bench) -> None:
    told = bench.look("queue_length", "seats_ready", "queue_length_bo", "seats_ready_bo")
    assert told == {"queue_length": "4", "seats_ready": "2", "queue_length_bo": "1", "seats_ready_bo": "0"}
    assert bench.look("queue_length", language="bo") == {"queue_length": "1"}


def test_past_calls_are_found_by_the_number_but_not_the_present_one(bench: Bench) -> None:
    assert bench.look("caller_known", "last_language") == {"caller_known": "no"}
    bench.called_before("13900000001", "bo", 3)
    bench.called_before("13900000001", None, 1)
    bench.called_before("13900000002", "mn", 2)
    assert bench.look("caller_known", "last_language") == {"caller_known": "yes", "last_language": "bo"}
    assert bench.look("caller_known", number="") == {}


def test_a_database_that_is_away_leaves_the_fact_unknown(bench: Bench) -> None:
    with bench.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE call RENAME TO gone")
    assert bench.look("caller_known", "weekday") == {"weekday": "1"}


def test_the_emergency_switch_is_seen_at_once(bench: Bench) -> None:
    assert bench.look("emergency") == {"emergency": "no"}
    bench.emergency.switch_on("supervisor", NOON)
    assert bench.look("emergency") == {"emergency": "yes"}
    assert bench.emergency.since()["by"] == "supervisor"
    assert json.loads(bench.emergency.file.read_text())["at"].startswith("2026-01-05")
    bench.emergency.switch_off()
    bench.emergency.switch_off()
    assert bench.look("emergency") == {"emergency": "no"}


LEAVING = """
start: offer
nodes:
  offer:
    callback: callback-offer
    confirm: callback-confirm
    thanks: callback-kept
    keys: {"0": person, "2": message}
    next: bye
    otherwise: person
  message: {voicemail: voicemail, thanks: voicemail-kept, next: bye, otherwise: person}
  bye: {goodbye: []}
  person: {queue: by-language}
"""


class Speaks(FakeCaller):
    """Leaves a message of so many seconds; then hangs up or stays."""

    def __init__(self, *keys: str, seconds: float, stays: bool = True) -> None:
        super().__init__(*keys)
        self.seconds, self.stays = seconds, stays

    async def exec(self, app: str, args: str = "") -> object:  # type: ignore[override]
        assert app == "Record"
        path = Path(args.partition(",")[0])
        path.parent.mkdir(parents=True)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(bytes(round(self.seconds * 16000)))
        if not self.stays:
            self.gone_at = self.commands
        return self._next() or await super().exec(app, args)


def serve(bench: Bench, caller: FakeCaller) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    flow = flow_of(LEAVING)
    files = PromptFiles(bench.settings.prompts_dir, "zh")
    for prompt in ("callback-offer", *(f"digit-{digit}" for digit in range(10))):
        path = bench.settings.prompts_dir / "zh" / f"{prompt}.alaw"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xd5" * 80)
    service = IvrService(
        {"main": flow}, files, lambda it: told.append((it.name, it.value)), bench.clock,
        facts=bench.facts, messages=bench.messages,
    )  # fmt: skip
    asyncio.run(service.handle(caller))
    return told


def test_a_callback_is_confirmed_by_the_number_spoken_and_one_key(bench: Bench) -> None:
    caller = FakeCaller("1")
    told = serve(bench, caller)
    assert caller.heard[:4] == ["zh/callback-offer", "zh/digit-1", "zh/digit-3", "zh/digit-9"]
    assert ("outcome", "callback_requested") in told
    assert "13900000001" not in str(told)
    [row] = bench.requests()
    assert (row.call, row.kind, bench.vault.open(row.number), row.state) == ("a-1.0", "callback", "13900000001", "open")


def test_a_caller_without_a_number_is_not_offered_a_callback(bench: Bench) -> None:
    caller = FakeCaller("1")
    caller.caller_number = ""
    serve(bench, caller)
    assert caller.variables["CC_NEXT"] == "queue"
    assert bench.requests() == []


@pytest.mark.parametrize("stays", [True, False])
def test_a_message_is_kept_whether_the_caller_stays_or_not(bench: Bench, stays: bool) -> None:
    caller = Speaks("2", seconds=2.5, stays=stays)
    told = serve(bench, caller)
    assert ("outcome", "voicemail") in told
    [row] = bench.requests()
    assert (row.kind, row.millis, row.file) == ("voicemail", 2500, "voicemail/2026/01/05/a-1.0.wav")
    assert caller.variables.get("CC_NEXT") == ("goodbye" if stays else None)


def test_a_click_of_the_receiver_is_no_message(bench: Bench) -> None:
    caller = Speaks("2", seconds=0.5)
    told = serve(bench, caller)
    assert ("outcome", "voicemail") not in told
    assert bench.requests() == []
    assert caller.variables["CC_NEXT"] == "queue"


def test_a_request_that_cannot_be_stored_leads_to_a_person(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with bench.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE caller_request")
    caller = FakeCaller("1")
    told = serve(bench, caller)
    assert caller.variables["CC_NEXT"] == "queue"
    assert ("outcome", "callback_requested") not in told
    assert "ivr.request_not_kept" in caplog.text
    assert "13900000001" not in caplog.text


def test_the_same_request_twice_is_one(bench: Bench) -> None:
    request = CallerRequest(call="a-1", kind="callback", at=NOON, number="13900000001", language="zh")
    assert bench.book.put(request)
    assert bench.book.put(request)
    assert len(bench.requests()) == 1
    assert "1390000" not in repr(request)


def test_a_part_is_put_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(
        "id: main\nstart: one\nnodes:\n  one: {subflow: topics, next: two}\n  two: {subflow: topics, next: person}\n"
        "  person: {queue: zh}\n"
    )
    (tmp_path / "topics.yaml").write_text(
        "id: topics\npurpose: part\nstart: labour\nnodes:\n"
        "  labour: {set: {topic: labour}, next: told}\n"
        "  told:\n    branch: [{fact: language, is: bo, go: back}]\n    otherwise: back\n  back: {return: done}\n"
    )
    settings = Settings(home=tmp_path / "home", flows_dir=tmp_path)
    (tmp_path / "prompts").symlink_to(Settings().flows_dir / "prompts")
    flows = load_flows(settings)
    assert set(flows) == {"main"}
    main = flows["main"]
    assert set(main.nodes) == {"one--labour", "one--told", "two--labour", "two--told", "person"}
    assert main.start == "one--labour"
    assert main.nodes["one--told"].otherwise == "two--labour"  # type: ignore[union-attr]
    assert main.nodes["two--told"].branch[0].go == "person"  # type: ignore[union-attr]


def test_the_limit_of_questions_is_the_sites(tmp_path: Path) -> None:
    ask = '{{menu: topic-menu, keys: {{"1": {next}, "0": person}}, otherwise: person}}'
    nodes = {f"q{n}": ask.format(next=f"q{n + 1}" if n < 3 else "person") for n in (1, 2, 3)}
    text = "id: main\nstart: q1\nnodes:\n  person: {queue: zh}\n" + "".join(f"  {k}: {v}\n" for k, v in nodes.items())
    (tmp_path / "main.yaml").write_text(text)
    assert check_folder(tmp_path, rules_of(Settings())) == []
    strict = rules_of(Settings(ivr_max_depth=2))
    assert [(it.code, it.line) for it in check_folder(tmp_path, strict)] == [("too-deep", 7)]


def test_words_that_are_not_those_recorded_are_found_where_they_are_played(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(
        "id: main\nstart: hi\nnodes:\n  hi: {play: welcome, next: p}\n  p: {queue: zh}\n"
    )
    recorded = tmp_path / "home" / "recorded-prompts" / "zh"
    recorded.mkdir(parents=True)
    (recorded / "welcome.wav").write_bytes(b"RIFF")
    (recorded / "welcome.json").write_text('{"speaker": "a", "approved_by": "b", "words_hash": "0123456789abcdef"}')
    found = check_folder(tmp_path, rules_of(Settings(home=tmp_path / "home")))
    assert [(it.code, it.line) for it in found] == [("words-changed", 4)]
