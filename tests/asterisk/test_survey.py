"""Grades on a real Asterisk: every key, none, a wrong one, in three languages; what is said after a bad one; and who
hung up first, whom a message invites to the page."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from redis import Redis

from callcenter import secrets
from callcenter.survey.repository import Surveys
from tests.asterisk import desk
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of, system_of
from tests.asterisk.sipp import Caller
from tests.given import until
from tests.message.gateways import SECRET, Heard, carrier

pytestmark = pytest.mark.asterisk

RULES = """
gateway: http
hours: "00:00-24:00"
invite_after_hang_up: true
http:
  url: {address}/send
  account: office
  fields: {{account: "{{account}}", mobile: "{{number}}", content: "{{text}}", outId: "{{id}}", timestamp: "{{at}}",
           sign: "{{signature}}"}}
  signature: {{method: md5, of: "{{account}}{{secret}}{{at}}", upper: true}}
  taken_at: code
  taken_if: ["0"]
  id_at: data.msgid
"""


@pytest.fixture(scope="module")
def gateway() -> Iterator[Heard]:
    with carrier() as heard:
        yield heard


@pytest.fixture(scope="module")
def own(_asterisk: None, gateway: Heard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """With the survey that asks why, and a carrier's gateway."""
    folder = tmp_path_factory.mktemp("g")
    flows = flows_of(folder / "flows", messages=RULES.format(address=gateway.address))
    shutil.copy(flows / "examples" / "survey.yaml", flows / "survey.yaml")
    system = system_of(folder, flows)
    secrets.ensure(system.home)
    with (system.home / secrets.FILE).open("a") as file:
        file.write(f'message_secret = "{SECRET}"\n')
    system.environment["CALLCENTER_PUBLIC_URL"] = f"http://127.0.0.1:{system.environment['CALLCENTER_HTTP_PORT']}"
    with system:
        yield system


@pytest.fixture
def story(own: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(own, tmp_path) as opened:
        yield opened


def in_the_survey(story: Desk) -> dict[str, tuple[Caller, str]]:
    """Three callers, one of each language, whose seats have hung up: by language."""
    found = {}
    for language, key, number in (("bo", "2", "1002"), ("mn", "3", "1003"), ("zh", "1", "1001")):
        seat = story.seat(number)
        caller, call = story.call(key, number=f"1390000{number}")
        seat.talks()
        story.until_state(call, "talking")
        found[language] = (caller, call, seat)
    for _, _, seat in found.values():
        seat.hang_up()
    for _, call, _ in found.values():
        story.until_node(call, "grade", within=40)
    return {language: (caller, call) for language, (caller, call, _) in found.items()}


def keys_heard(story: Desk, call: str, key: str, times: int = 1) -> None:
    until(
        lambda: story.events(call, "KeyPressed", "key").count(key) >= times,
        within=40,
        saying=lambda: f"{key} not heard {times} times: {story.events(call, 'KeyPressed', 'key')}",
    )


def test_a_wrong_key_is_asked_again_once_and_no_key_is_no_grade(story: Desk) -> None:
    asked = in_the_survey(story)
    (bo, bo_call), (_, mn_call), (zh, zh_call) = asked["bo"], asked["mn"], asked["zh"]
    bo.press("9")
    zh.press("9")
    keys_heard(story, bo_call, "9")
    keys_heard(story, zh_call, "9")
    bo.press("1")
    zh.press("8")
    bo_record, mn_record, zh_record = (story.until_ended(call, within=90) for call in (bo_call, mn_call, zh_call))
    assert [record["language"] for record in (bo_record, mn_record, zh_record)] == ["bo", "mn", "zh"]
    assert [record["grade"] for record in (bo_record, mn_record, zh_record)] == [1, None, None]
    assert [record["survey_via"] for record in (bo_record, mn_record, zh_record)] == [None] * 3
    assert [record["survey_offered"] for record in (bo_record, mn_record, zh_record)] == [True] * 3


def test_after_a_bad_grade_he_may_say_why_and_after_a_good_one_he_is_not_asked(story: Desk) -> None:
    asked = in_the_survey(story)
    (bo, bo_call), (mn, mn_call), (zh, zh_call) = asked["bo"], asked["mn"], asked["zh"]
    bo.press("5")
    mn.press("4")
    zh.press("3")
    for call in (bo_call, mn_call):
        story.until_node(call, "why", within=40)
    mn.hang_up()
    zh.wait_for_goodbye()
    folder = story.system.settings.recordings_dir / "comment"
    said = until(
        lambda: [file for file in folder.rglob(f"{bo_call}.wav") if file.stat().st_size > 40_000],
        within=60,
        saying="nothing is recorded",
    )
    bo.hang_up()
    records = [story.until_ended(call) for call in (bo_call, mn_call, zh_call)]
    assert [record["grade"] for record in records] == [5, 4, 3]
    assert [record["outcome"] for record in records] == ["answered"] * 3
    overseer = story.system.person("supervisor")
    millis = until(lambda: overseer.get(f"/api/surveys/{bo_call}")["spoken_millis"], saying="the comment is not kept")
    assert millis > 2000
    assert said[0].is_file()
    assert overseer.get(f"/api/surveys/{mn_call}")["spoken_millis"] == 0


def test_who_hung_up_first_is_invited_and_grades_on_the_page(story: Desk, gateway: Heard) -> None:
    text = {"purpose": "survey", "language": "zh", "text": "请评价：{link} 拒收回TD"}
    written = story.system.person("supervisor").post("/api/messages/templates", **text)
    story.system.person("manager").post(f"/api/messages/templates/{written['id']}/approve")
    seat = story.seat("1001")
    caller, call = story.call("1", number="13811112222")
    seat.talks()
    story.until_state(call, "talking")
    caller.hang_up()
    story.until_ended(call)
    with Redis.from_url(story.system.settings.redis) as redis:
        redis.flushall()  # reminders and locks are gone: the row is sent all the same, and once
    sent = until(lambda: gateway.taken, within=120, saying="no message comes")
    assert [it["mobile"] for it in sent] == ["13811112222"]
    link = re.findall(r"http\S+", sent[0]["content"])[0]
    answer = httpx.post(link, data={"grade": "2", "comment": "很好"})
    assert answer.status_code == 200, answer.text
    record = story.record(call)
    assert (record["grade"], record["survey_offered"], record["survey_via"]) == (2, True, "web")
    assert httpx.get(link).status_code == 410
    assert len(gateway.taken) == 1
    with story.system.database.read() as session:
        row = Surveys(session).get(call)
        assert row is not None
        assert row.answered_at is not None
