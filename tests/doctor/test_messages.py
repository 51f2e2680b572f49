from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from callcenter import secrets
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.doctor import messages
from callcenter.doctor.model import Result, Status
from callcenter.message.table import MessageRow
from callcenter.storage.database import Database
from tests.message.gateways import SECRET, carrier
from tests.message.given import CARRIER, write_rules
from tests.site import free_port

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


@pytest.fixture
def settings(database: Database, database_settings: Settings, tmp_path: Path) -> Settings:
    secrets.ensure(database_settings.home)
    return database_settings.model_copy(update={"flows_dir": tmp_path / "flows"})


def told(settings: Settings) -> tuple[Status, str]:
    (result,) = messages.gateway(settings)
    assert isinstance(result, Result)
    assert bool(result.advice) == (result.status is not Status.OK)
    return result.status, result.message


def chosen(settings: Settings, address: str, **more: Any) -> None:
    write_rules(
        settings.flows_dir, yaml.safe_dump({"gateway": "http", "http": {"url": f"{address}/send", **CARRIER}, **more})
    )


def with_secret(settings: Settings) -> None:
    with (settings.home / secrets.FILE).open("a") as file:
        file.write(f'message_secret = "{SECRET}"\n')


def test_a_site_without_a_gateway_lacks_nothing(settings: Settings) -> None:
    assert told(settings) == (Status.OK, "no gateway: short messages are noted and not sent")


def test_a_fault_of_the_file_is_named_with_its_line(settings: Settings) -> None:
    write_rules(settings.flows_dir, "gateway: pigeon\n")
    status, said = told(settings)
    assert (status, "messages.yaml, line 1" in said) == (Status.WARN, True)


def test_a_chosen_gateway_needs_its_secret_and_an_address_that_answers(settings: Settings) -> None:
    chosen(settings, f"http://127.0.0.1:{free_port()}", invite_after_hang_up=True)
    status, said = told(settings)
    assert status is Status.WARN
    assert "`message_secret` in secrets.toml and `public_url` missing" in said
    with_secret(settings)
    reachable = settings.model_copy(update={"public_url": "http://here"})
    status, said = told(reachable)
    assert (status, "does not answer" in said) == (Status.WARN, True)
    assert SECRET not in said


def test_one_that_answers_is_well_until_a_message_waits_too_long(settings: Settings, database: Database) -> None:
    with_secret(settings)
    with carrier() as heard:
        chosen(settings, heard.address)
        assert told(settings) == (Status.OK, "http at 127.0.0.1, nothing waits too long")
        assert heard.taken == [], "nothing is sent to find out"
        then = SystemClock().now() - timedelta(minutes=7)
        waiting = MessageRow(
            id="1", purpose="test", subject="x", language="zh", state="queued", made_at=then, due_at=then, next_at=then
        )
        with database.begin() as session:
            session.add(waiting)
        assert told(settings) == (Status.WARN, "the oldest message waits for 7 minutes")
