"""An alarm by short message: to the site's numbers, at the raising and at the end; and what watches the messages."""

import dataclasses
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select

from callcenter.alarm.model import SPECS, Rule
from callcenter.alarm.repository import Alarms
from callcenter.alarm.sms import NAMES
from callcenter.alarm.table import AlarmRow
from callcenter.config import Settings
from callcenter.message.model import Purpose
from callcenter.message.table import MessageRow
from tests.alarm.test_watch import Night
from tests.message.given import Office, write_rules
from tests.site import HandClock, Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)

RULES = """
gateway: twilio
twilio: {account: AC00000000000000000000000000000009, sender: "+8610123456789"}
alarm_numbers: ["13800000001", "13800000002"]
"""


@pytest.fixture
def settings(database_settings: Settings, redis_url: str, tmp_path: Path) -> Settings:
    write_rules(tmp_path / "flows", RULES)
    return database_settings.model_copy(update={"redis_url": redis_url, "flows_dir": tmp_path / "flows"})


@pytest.fixture
def night(site: Site, redis: Redis, clock: HandClock) -> Night:
    return Night(site, redis, clock)


def told(night: Night) -> list[str]:
    with night.site.api.database.read() as session:
        rows = session.scalars(select(MessageRow).order_by(MessageRow.made_at, MessageRow.subject)).all()
    return [night.site.api.vault.open(row.given) for row in rows if row.purpose == Purpose.ALARM.value]


def wants_sms(night: Night, rule: Rule) -> None:
    with night.site.api.database.begin() as session:
        Alarms(session).set(rule, dataclasses.replace(SPECS[rule].default, sms=True))


def test_staff_is_told_of_the_raising_and_of_the_end(night: Night) -> None:
    wants_sms(night, Rule.ENGINE_SILENT)
    night.engine_dies()
    night.goes_on(20)
    assert len(told(night)) == 2, "one for each number"
    assert "话务引擎无消息" in told(night)[0]
    night.engine_speaks()
    night.goes_on(20)
    assert len(told(night)) == 4
    assert "已恢复" in told(night)[-1]


def test_a_rule_that_does_not_say_so_sends_none(night: Night) -> None:
    night.engine_dies()
    night.goes_on(20)
    assert told(night) == []


def test_messages_that_wait_too_long_are_an_alarm_which_is_not_sent_by_message(night: Night, site: Site) -> None:
    wants_sms(night, Rule.SMS_DOWN)
    Office(site.api.database, site.api.vault, night.clock).asks()
    night.goes_on(400)
    with site.api.database.read() as session:
        rules = [row.rule for row in session.scalars(select(AlarmRow))]
    assert Rule.SMS_DOWN.value in rules
    assert told(night) == []


def test_every_rule_has_words_for_a_message(database_settings: Settings) -> None:
    assert set(NAMES) == set(Rule)
