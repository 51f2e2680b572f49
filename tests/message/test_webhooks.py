"""What gateways tell us: signed as they sign, in any order, more than once; and what is forged."""

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest
import yaml
from twilio.request_validator import RequestValidator

from callcenter.api.deps import Api
from callcenter.config import Settings
from tests.message.gateways import ACCOUNT, SECRET, SENDER, TOKEN, Heard
from tests.message.given import CARRIER, NUMBER, Office, carrier_rules, twilio_at, write_rules
from tests.site import START, HandClock, Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
PUBLIC = "http://testserver"
STATUS, REPLY = "/api/message-gateway/twilio/status", "/api/message-gateway/twilio/reply"


@pytest.fixture
def settings(database_settings: Settings, redis_url: str, tmp_path: Path) -> Settings:
    flows = tmp_path / "flows"
    changes = {"redis_url": redis_url, "public_url": PUBLIC, "flows_dir": flows}
    secret = database_settings.home / "secrets.toml"
    from callcenter import secrets

    secrets.ensure(database_settings.home)
    secret.write_text(secret.read_text() + f'message_secret = "{TOKEN}"\n')
    write_rules(flows, f"gateway: twilio\ntwilio: {{account: {ACCOUNT}, sender: '{SENDER}'}}\n")
    return database_settings.model_copy(update=changes)


def twilio_posts(site: Site, path: str, form: dict[str, str], token: str = TOKEN) -> Any:
    signature = RequestValidator(token).compute_signature(PUBLIC + path, form)
    return site.client().post(path, data=form, headers={"X-Twilio-Signature": signature})


@pytest.fixture
def sent(office: Office, twilio_server: Heard) -> str:
    id_ = office.asks()
    assert office.worker(twilio_at(twilio_server.address)).attempt(id_) == "taken"
    return id_


def test_a_report_of_twilio_says_that_it_arrived(site: Site, office: Office, sent: str) -> None:
    sid = office.row(sent).gateway_id
    assert (
        twilio_posts(site, f"{STATUS}?m={sent}", {"MessageSid": sid, "MessageStatus": "delivered"}).status_code == 204
    )
    assert office.state(sent) == ("delivered", "")
    twilio_posts(site, f"{STATUS}?m={sent}", {"MessageSid": sid, "MessageStatus": "sent"})
    assert office.state(sent) == ("delivered", ""), "an older report came later"


def test_what_twilio_could_not_deliver_is_shown_with_its_code(site: Site, office: Office, sent: str) -> None:
    sid = office.row(sent).gateway_id
    form = {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "30003"}
    twilio_posts(site, f"{STATUS}?m={sent}", form)
    assert office.state(sent) == ("undelivered", "30003")


def test_a_report_settles_a_message_whose_answer_was_lost(site: Site, office: Office, twilio_server: Heard) -> None:
    twilio_server.lose_answers = 1
    id_ = office.asks()
    office.worker(twilio_at(twilio_server.address)).attempt(id_)
    twilio_posts(site, f"{STATUS}?m={id_}", {"MessageSid": "SM1", "MessageStatus": "delivered"})
    row = office.row(id_)
    assert (row.state, row.gateway_id, row.given) == ("delivered", "SM1", None)


@pytest.mark.parametrize("path", [STATUS, REPLY])
def test_a_forged_signature_is_refused_and_changes_nothing(site: Site, office: Office, sent: str, path: str) -> None:
    form = {
        "MessageSid": office.row(sent).gateway_id,
        "MessageStatus": "delivered",
        "From": "+8613912345678",
        "Body": "TD",
    }
    assert twilio_posts(site, path, form, token="another").status_code == 403
    assert site.client().post(path, data=form).status_code == 403
    right = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
    changed = {**form, "MessageStatus": "failed", "Body": "STOP"}
    assert site.client().post(path, data=changed, headers={"X-Twilio-Signature": right}).status_code == 403
    assert office.state(sent)[0] == "sent"
    assert site.browser("supervisor").get("/api/messages/opt-outs").json() == []


def test_who_answers_td_gets_no_more(site: Site, office: Office, twilio_server: Heard) -> None:
    assert twilio_posts(site, REPLY, {"From": "+8613912345678", "Body": "谢谢"}).status_code == 200
    assert site.browser("supervisor").get("/api/messages/opt-outs").json() == []
    for _ in range(2):
        assert twilio_posts(site, REPLY, {"From": "+8613912345678", "Body": "TD"}).status_code == 200
    (listed,) = site.browser("supervisor").get("/api/messages/opt-outs").json()
    assert (listed["number"], listed["by"]) == ("139****5678", "reply")
    id_ = office.asks("a-9")
    office.worker(twilio_at(twilio_server.address)).attempt(id_)
    assert office.state(id_) == ("refused", "opted-out")


def carrier_posts(site: Site, path: str, told: dict[str, str], of: str, secret: str = SECRET) -> Any:
    sign = hmac.new(secret.encode(), of.encode(), hashlib.sha256).hexdigest()
    return site.client().post(f"/api/message-gateway/http/{path}", json={**told, "sign": sign})


def test_a_carrier_takes_reports_and_hands_on_replies(
    site: Site, api: Api, office: Office, carrier_server: Heard, clock: HandClock
) -> None:
    from callcenter.message.http_gateway import HttpGateway

    rules = carrier_rules(carrier_server.address)
    write_rules(
        api.settings.flows_dir, yaml.safe_dump({"gateway": "http", "http": {"url": "https://c.cn/s", **CARRIER}})
    )
    object.__setattr__(api.secrets, "message_secret", SECRET)
    id_ = office.asks()
    assert office.worker(HttpGateway(rules, SECRET, clock)).attempt(id_) == "taken"
    (sent,) = carrier_server.taken
    assert (sent["mobile"], sent["templateId"], sent["outId"]) == (NUMBER, "SMS_1", id_)
    assert sent["params"] == '{"link": "https://x.cn/s/a-1"}'
    now = str(int(START.timestamp()))
    report = {"outId": id_, "stat": "DELIVRD", "time": now}
    assert carrier_posts(site, "status", report, f"{id_}DELIVRD{now}", "forged").status_code == 403
    old = {**report, "time": str(int(START.timestamp()) - 3600)}
    assert carrier_posts(site, "status", old, f"{id_}DELIVRD{old['time']}").status_code == 403
    assert office.state(id_)[0] == "sent"
    assert carrier_posts(site, "status", report, f"{id_}DELIVRD{now}").text == "OK"
    assert office.state(id_)[0] == "delivered"
    carrier_posts(site, "reply", {"mobile": NUMBER, "content": "退订"}, f"{NUMBER}退订")
    assert len(site.browser("manager").get("/api/messages/opt-outs").json()) == 1


def test_a_carrier_that_refuses_the_signature_says_so(office: Office, carrier_server: Heard, clock: HandClock) -> None:
    from callcenter.message.http_gateway import HttpGateway

    id_ = office.asks()
    office.worker(HttpGateway(carrier_rules(carrier_server.address), "wrong", clock)).attempt(id_)
    assert office.state(id_) == ("failed", "1001")
    assert carrier_server.refused == ["sign"]


def test_a_gateway_that_is_not_ours_is_told_so(site: Site) -> None:
    assert site.client().post("/api/message-gateway/http/status", json={}).status_code == 503
