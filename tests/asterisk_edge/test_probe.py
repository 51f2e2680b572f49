"""The one-shot client finds out how Asterisk is, and never hangs or raises for what it finds."""

import asyncio
import socket
import time

from callcenter.asterisk.probe import ProbeResult, probe
from tests.asterisk_edge.support import in_loop
from tests.fakes.ami_server import SECRET, FakeAmi, error, listing, success

LIMIT_S = 2.0


async def probed(ami: FakeAmi, secret: str = SECRET) -> ProbeResult:
    return await asyncio.to_thread(probe, "127.0.0.1", ami.port, "doctor", secret, limit_s=LIMIT_S)


def speaking(ami: FakeAmi) -> None:
    ami.answers["CoreSettings"] = lambda asked: success(asked, AsteriskVersion="22.10.1~dfsg-1")
    ami.answers["CoreStatus"] = lambda asked: success(
        asked, CoreStartupDate="2026-01-05", CoreStartupTime="09:00:00", CoreCurrentCalls="0"
    )
    ami.answers["QueueSummary"] = lambda asked: listing(
        asked, "QueueSummaryComplete", *({"Event": "QueueSummary", "Queue": name} for name in ("zh", "bo", "mn"))
    )
    ami.answers["PJSIPShowEndpoints"] = lambda asked: listing(
        asked, "EndpointListComplete", *({"Event": "EndpointList", "ObjectName": name} for name in ("trunk", "w1001"))
    )
    ami.answers["PJSIPShowContacts"] = lambda asked: error(asked, "No Contacts found")
    ami.answers["CoreShowChannels"] = lambda asked: listing(asked, "CoreShowChannelsComplete")


@in_loop
async def test_a_healthy_asterisk_is_described() -> None:
    async with FakeAmi() as ami:
        speaking(ami)
        result = await probed(ami)
    assert (result.reachable, result.login_ok, result.problem, result.version) == (True, True, "", "22.10.1")
    assert result.counts == {"queues": 3, "endpoints": 2, "contacts": 0, "channels": 0}
    assert result.uptime_s is not None
    assert result.missing_modules == ()


@in_loop
async def test_a_missing_module_is_named() -> None:
    async with FakeAmi() as ami:
        speaking(ami)
        ami.answers["ModuleCheck"] = lambda asked: (
            error(asked, "Module not loaded") if asked["Module"] == "cel_custom" else success(asked)
        )
        assert (await probed(ami)).missing_modules == ("cel_custom",)


@in_loop
async def test_what_the_user_may_not_ask_is_not_known_rather_than_zero() -> None:
    async with FakeAmi() as ami:
        speaking(ami)
        ami.answers["PJSIPShowEndpoints"] = lambda asked: error(asked, "Permission denied")
        result = await probed(ami)
    assert result.login_ok
    assert "endpoints" not in result.counts


@in_loop
async def test_a_wrong_secret_is_said() -> None:
    async with FakeAmi() as ami:
        result = await probed(ami, "wrong")
    assert (result.reachable, result.login_ok) == (True, False)
    assert "refused" in result.problem


@in_loop
async def test_a_mute_peer_ends_in_time() -> None:
    async with FakeAmi() as ami:
        ami.mute = True
        began = time.monotonic()
        result = await probed(ami)
        assert time.monotonic() - began < LIMIT_S + 1
    assert (result.reachable, result.login_ok) == (True, False)


@in_loop
async def test_a_peer_that_is_not_asterisk_ends_in_time() -> None:
    async with FakeAmi(banner=b"220 mail ready\r\n") as ami:
        result = await probed(ami)
    assert (result.reachable, result.login_ok) == (True, False)


def test_a_closed_port_is_not_reachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = probe("127.0.0.1", taken.getsockname()[1], "doctor", "x", limit_s=LIMIT_S)
    assert not result.reachable
    assert result.problem


def test_a_secret_with_a_line_break_is_not_sent() -> None:
    assert "control characters" in probe("127.0.0.1", 1, "doctor", "x\r\nAction: Reload").problem
