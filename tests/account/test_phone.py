import hmac
import json
from base64 import b64decode
from datetime import UTC, datetime

from fastapi import Request

from callcenter.account.endpoints import reached_at
from callcenter.account.relay import relays_for
from callcenter.bus.names import COMMANDS
from callcenter.config import Settings
from callcenter.seat.model import overseer_of, phone_of
from tests.site import Site


def test_a_browser_phone_and_a_desk_phone_have_their_own_passwords(site: Site) -> None:
    browser = site.browser("1001")
    settings = site.api.settings
    web = browser.get("/api/me/phone?kind=webrtc").json()
    desk = browser.get("/api/me/phone?kind=sip").json()
    assert (web["user"], web["domain"]) == ("w1001", "127.0.0.1")
    assert web["ws_url"] == f"ws://127.0.0.1:{settings.ws_port}/ws"
    assert (desk["user"], desk["host"], desk["port"], desk["transport"]) == ("d1001", "127.0.0.1", 5060, "udp")
    assert web["password"] == site.api.secrets.phone_password("w1001")
    assert desk["password"] == site.api.secrets.phone_password("d1001")


def test_who_has_no_seat_has_no_phone(site: Site) -> None:
    assert site.browser("auditor").get("/api/me/phone").status_code == 403
    with site.api.database.begin() as session:
        session.connection().exec_driver_sql("UPDATE person SET seat = NULL WHERE id = '1004'")
    answer = site.browser("1004").get("/api/me/phone")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-seat")


def test_a_supervisor_has_a_phone_of_his_own_which_is_no_seats(site: Site) -> None:
    browser = site.browser("supervisor")
    web = browser.get("/api/me/phone?kind=webrtc").json()
    desk = browser.get("/api/me/phone?kind=sip").json()
    assert (web["user"], desk["user"]) == ("sw-supervisor", "sd-supervisor")
    assert web["password"] == site.api.secrets.phone_password("sw-supervisor")
    assert phone_of(web["user"]) is phone_of(desk["user"]) is None
    assert overseer_of(web["user"]) == "supervisor"


def test_a_page_behind_a_safe_proxy_has_its_phone_there_too() -> None:
    settings = Settings(public_url="https://12348.example.cn")

    def page_at(host: str) -> Request:
        headers = [(b"host", host.encode())]
        return Request({"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": headers})

    assert reached_at(page_at("12348.example.cn"), settings) == ("12348.example.cn", "wss://12348.example.cn/ws")
    assert reached_at(page_at("127.0.0.1:8000"), settings) == ("127.0.0.1", "ws://127.0.0.1:8088/ws")


def test_a_browser_is_shown_the_way_over_the_turn_server_for_a_while(site: Site) -> None:
    assert site.browser("1001").get("/api/me/phone").json()["ice_servers"] == []
    asked = site.api.settings.model_copy(update={"turn_port": 3478})
    (server,) = relays_for("w1001", "203.0.113.7", asked, site.api.secrets, datetime(2026, 11, 2, tzinfo=UTC))
    assert server.urls == ["turn:203.0.113.7:3478?transport=udp", "turn:203.0.113.7:3478?transport=tcp"]
    end, _, user = server.username.partition(":")
    assert (datetime.fromtimestamp(int(end), UTC), user) == (datetime(2026, 11, 9, tzinfo=UTC), "w1001")
    key = site.api.secrets.turn_key().encode()
    assert b64decode(server.credential) == hmac.digest(key, server.username.encode(), "sha1")
    (six,) = relays_for("w1001", "2001:db8::7", asked, site.api.secrets, datetime(2026, 11, 2, tzinfo=UTC))
    assert six.urls[0] == "turn:[2001:db8::7]:3478?transport=udp"


def test_of_two_pages_the_one_opened_last_has_the_phone(site: Site) -> None:
    office, home = site.browser("1001"), site.browser("1001")
    assert office.get("/api/me/phone/mine?page=aa").json() == {"mine": True}, "nobody knows of another"
    office.get("/api/me/phone?page=aa")
    assert office.get("/api/me/phone/mine?page=aa").json() == {"mine": True}
    home.get("/api/me/phone?page=bb")
    home.get("/api/me/phone?kind=sip")
    assert office.get("/api/me/phone/mine?page=aa").json() == {"mine": False}
    assert home.get("/api/me/phone/mine?page=bb").json() == {"mine": True}
    assert site.browser("1002").get("/api/me/phone/mine?page=aa").json() == {"mine": True}
    assert home.get("/api/me/phone?page=not-a-page").json()["code"] == "bad-input"
    site.api.redis.flushall()
    assert office.get("/api/me/phone/mine?page=aa").json() == {"mine": True}


def test_a_page_says_whether_its_microphone_was_tried_and_only_the_one_with_the_phone_may(site: Site) -> None:
    office, home = site.browser("1001"), site.browser("1001")
    office.get("/api/me/phone?page=aa&microphone_tried=false")
    home.get("/api/me/phone?page=bb")
    site.browser("supervisor").get("/api/me/phone?page=cc&microphone_tried=false")
    told = [json.loads(fields[b"c"]) for _, fields in site.api.redis.xrange(COMMANDS.format(node="a"))]
    assert [(it["name"], it["args"]) for it in told] == [
        ("seat.microphone", {"seat": "1001", "tried": False}),
        ("seat.microphone", {"seat": "1001", "tried": True}),
    ]
    refused = office.post("/api/me/microphone", {"tried": True, "page": "aa"})
    assert (refused.status_code, refused.json()["code"]) == (409, "phone-elsewhere")
    assert office.post("/api/me/microphone", {"tried": False, "page": "aa"}).json()["code"] == "bad-input"
