"""The edge against a real Asterisk with the product's own configuration."""

import asyncio
from pathlib import Path

import pytest

from callcenter.asterisk.actions import Hangup, QueueAdd, QueuePause, QueueRemove, Reload
from callcenter.asterisk.agi_session import AgiSession
from callcenter.asterisk.channel_control import ChannelGone, Digits, Finished, NoInput
from callcenter.asterisk.fast_agi import FastAgiServer
from callcenter.asterisk.link import AmiLink, LinkState
from callcenter.asterisk.probe import probe
from callcenter.asterisk.snapshot import take
from callcenter.clock import SystemClock
from callcenter.confgen.installation import AsteriskMissing, find
from tests.asterisk_edge.support import Seen, in_loop, until
from tests.traces.record import QUIET, Bench, asterisk, running

pytestmark = pytest.mark.asterisk


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    try:
        find()
    except AsteriskMissing as error:
        pytest.skip(error.message)
    return Bench(tmp_path)


@in_loop
async def test_snapshot_probe_and_members(bench: Bench) -> None:
    async with running(bench):
        add = QueueAdd(queue="zh", interface="PJSIP/d1001", member_name="1001", paused=True, reason="break")
        assert (await bench.link.send(add)).ok
        assert not (await bench.link.send(add)).ok, "the second time it is there already"
        assert (await bench.link.send(QueuePause(interface="PJSIP/d1001", paused=True, reason="lunch"))).ok
        seen = await take(bench.link)
        assert seen.queues >= {"zh", "bo", "mn"}
        assert [(m.seat, m.queue, m.paused, m.reason) for m in seen.members] == [("1001", "zh", True, "lunch")]
        assert (seen.channels, list(seen.waiting), seen.contacts) == ({}, [], {})
        assert (await bench.link.send(QueueRemove(queue="zh", interface="PJSIP/d1001"))).ok
        assert (await bench.link.send(Reload("app_queue.so"))).ok
        assert not (await bench.link.send(Hangup("PJSIP/nobody-00000000"))).ok
        port, secrets = bench.settings.ami_port, bench.secrets
        result = await asyncio.to_thread(probe, "127.0.0.1", port, "doctor", secrets.ami_password("doctor"))
        assert (result.login_ok, result.problem, result.missing_modules) == (True, "", ())
        assert result.version is not None
        assert result.uptime_s is not None
        assert result.uptime_s < 3600
        # three lines, and a queue of each of the two seats
        assert result.counts == {"queues": 5, "endpoints": 5, "contacts": 0, "channels": 0}
        wrong = await asyncio.to_thread(probe, "127.0.0.1", port, "doctor", "wrong")
        assert (wrong.reachable, wrong.login_ok) == (True, False)


@in_loop
async def test_a_caller_in_a_menu(bench: Bench) -> None:
    """Keys before, in and after a prompt; then the caller hangs up."""
    got: dict[str, object] = {}

    async def menu(session: AgiSession) -> None:
        home = bench.settings.home
        got["caller"] = session.caller_number
        got["set"] = await session.set("CC_TOPIC", 'a "quoted" \\ value')
        got["get"] = await session.get("CC_TOPIC")
        got["unset"] = await session.get("NOT_THERE")
        got["language"] = (await session.set("CHANNEL(language)", "bo"), await session.get("CHANNEL(language)"))
        got["missing"] = (await session.play([str(home / "not-there")]), session.missing_files)
        got["played"] = await session.play([str(home / "long"), str(home / "long")])
        got["ahead"] = await session.collect([str(home / "long")], digits=1, timeout_s=0.2)
        got["silence"] = await session.collect([], digits=1, timeout_s=0.2)
        got["exec"] = await session.exec("NoOp", "x")
        got["gone"] = await session.play([str(home / "long")] * 20)

    async with running(bench):
        (bench.settings.home / "long.alaw").write_bytes(QUIET * 2)
        server = FastAgiServer("127.0.0.1", bench.settings.agi_port, menu)
        await server.start()
        (bench.settings.home / "calls.csv").write_text("SEQUENTIAL\n13900000002;7;info;800;-;2000;1500\n")
        caller = await bench.sipp(
            "caller.xml", "-s", "12348", "-inf", str(bench.settings.home / "calls.csv"), "-m", "1"
        )
        await until(lambda: "gone" in got, 15)
        await caller.wait()
        await server.close()
        assert server.failed == 0
    assert got["caller"] == "13900000002"
    assert got["set"] == Finished()
    assert got["get"] == Finished('a "quoted" \\ value')
    assert got["unset"] == Finished("")
    assert got["language"] == (Finished(), Finished("bo"))
    assert got["missing"] == (Finished(), 1)
    assert got["played"] == Finished()
    assert got["ahead"] == Digits("7"), "the key came during the announcement and waited for the menu"
    assert got["silence"] == NoInput()
    assert got["exec"] == Finished("0")
    assert isinstance(got["gone"], ChannelGone)


@in_loop
async def test_asterisk_ended_and_started_again_under_the_link(bench: Bench) -> None:
    told = Seen()
    link = AmiLink(
        *("127.0.0.1", bench.settings.ami_port, "engine", bench.secrets.ami_password("engine")),
        told.append,
        SystemClock(),
    )
    linking = asyncio.create_task(link.run())
    for _ in range(2):
        async with asterisk(bench):
            await until(lambda: link.state is LinkState.READY, 15)
            assert (await take(link)).calls() == frozenset()
        await until(lambda: link.state is LinkState.LOST)
    linking.cancel()
    assert [name for name in told.names() if name != "Shutdown"] == ["FullyBooted", "LinkLost"] * 2
    assert told.names().index("Shutdown") == 1
