"""The faults of panoramisk that the link fences off, each against a server on a real socket."""

import asyncio
from contextlib import suppress

import pytest

from callcenter.asterisk.actions import (
    Fields,
    Originate,
    Ping,
    QueueAdd,
)
from callcenter.asterisk.events import Fact, MemberChanged, TelephonyEvent
from callcenter.asterisk.link import AmiLink, LinkDown, LinkState
from callcenter.asterisk.wire import Asked
from tests.asterisk_edge.support import QUICK, StandingClock, in_loop, linked, until
from tests.fakes.ami_server import SECRET, FakeAmi, message, success

ADD = QueueAdd(queue="zh", interface="PJSIP/w1001", member_name="1001")
CALL_OUT = Originate(channel="Local/1@out", context="callback", exten="s", channel_id="cb-1", variables={"A": "1"})


def fact(value: str, **more: str) -> bytes:
    return message(
        Event="UserEvent",
        Timestamp="1767603600.000001",
        Uniqueid="a-1.1",
        Linkedid="a-1.1",
        UserEvent="CallFact",
        Name="topic",
        Value=value,
        **more,
    )


def values(seen: list[TelephonyEvent]) -> list[str]:
    return [event.value for event in seen if isinstance(event, Fact)]


@in_loop
async def test_an_event_that_carries_the_id_of_our_action_still_reaches_the_sink() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, seen):
        ami.answers["QueueAdd"] = lambda asked: fact("inside", ActionID=asked["ActionID"]) + success(asked)
        assert (await link.send(ADD)).ok
        assert values(seen) == ["inside"]


@in_loop
async def test_a_character_cut_in_two_by_the_network_stays_one_character() -> None:
    async with FakeAmi() as ami, linked(ami) as (_, seen):
        whole = fact("藏语坐席")
        for at in range(1, len(whole)):
            ami.push(whole[:at])
            await asyncio.sleep(0)
            ami.push(whole[at:])
            await until(lambda at=at: len(values(seen)) == at)  # type: ignore[misc]
        assert set(values(seen)) == {"藏语坐席"}


@in_loop
async def test_a_peer_that_falls_silent_is_noticed_and_left() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, seen):
        ami.mute = True
        await until(lambda: link.state is LinkState.LOST)
        assert "ping" in link.reason
        ami.mute = False
        await until(lambda: seen.names() == ["FullyBooted", "LinkLost", "FullyBooted"])


@in_loop
async def test_a_wrong_secret_is_named_and_makes_no_login_storm() -> None:
    async with FakeAmi() as ami, linked(ami, secret="wrong", ready=False) as (link, seen):
        await until(lambda: link.state is LinkState.REFUSED)
        assert str(link.state) == "wrong-secret"
        assert "Authentication failed" in link.reason
        await until(lambda: len(ami.asked("Login")) == 2)
        assert link.state is LinkState.REFUSED
        assert ami.connections == 2
        assert seen == []
        with pytest.raises(LinkDown, match="wrong-secret"):
            await link.send(Ping())
        ami.secret = "wrong"
        await until(lambda: link.state is LinkState.READY)


@in_loop
async def test_a_link_ended_while_it_waits_to_reconnect_does_not_connect_again() -> None:
    async with FakeAmi() as ami:
        link = AmiLink("127.0.0.1", ami.port, "engine", "right", lambda _: None, StandingClock(), timing=QUICK)
        running = asyncio.create_task(link.run())
        await until(lambda: link.state is LinkState.READY)
        await ami.stop()
        await until(lambda: link.state is LinkState.LOST)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert link.state is LinkState.LOST
        await ami.start()
        await asyncio.sleep(QUICK.retry_max * 2)  # twice the time in which it would have come back
        assert ami.connections == 1


@in_loop
async def test_ending_the_link_closes_the_connection() -> None:
    async with FakeAmi() as ami:
        async with linked(ami) as (link, seen):
            assert len(ami._writers) == 1
        await until(lambda: not ami._writers)
        assert seen.names() == ["FullyBooted"], "it is we who ended it: nothing was lost"
        with pytest.raises(LinkDown):
            await link.send(Ping())


@in_loop
async def test_a_link_that_is_ended_in_the_moment_of_an_answer_ends() -> None:
    async with FakeAmi() as ami:
        link = AmiLink("127.0.0.1", ami.port, "engine", SECRET, lambda _: None, StandingClock(), timing=QUICK)
        running = asyncio.create_task(link.run())
        await until(lambda: link.state is LinkState.READY)
        wire = link._wire
        assert wire is not None
        ask = wire.ask

        def asked_and_ended(fields: Fields, as_list: bool = False) -> Asked:
            asked = ask(fields, as_list)
            asked.future.add_done_callback(lambda _: running.cancel())
            return asked

        wire.ask = asked_and_ended  # type: ignore[method-assign]
        await asyncio.wait({running}, timeout=3)
        ended = running.done()
        running.cancel()
        assert ended


@in_loop
async def test_events_reach_the_sink_in_the_order_of_the_stream() -> None:
    async with FakeAmi() as ami, linked(ami) as (_, seen):
        for number in range(300):
            ami.push(fact(str(number)))
        await until(lambda: len(values(seen)) == 300)
        assert values(seen) == [str(number) for number in range(300)]


@in_loop
async def test_the_end_of_the_link_stands_in_the_same_order() -> None:
    async with FakeAmi() as ami, linked(ami) as (_, seen):
        ami.push(fact("before"))
        await until(lambda: values(seen))
        ami.drop()
        await until(lambda: seen.names() == ["FullyBooted", "Fact", "LinkLost", "FullyBooted"])


@in_loop
async def test_a_sink_that_fails_does_not_end_the_link() -> None:
    got: list[str] = []

    def sink(event: TelephonyEvent) -> None:
        if isinstance(event, Fact):
            got.append(event.value)
            raise RuntimeError("no")

    async with FakeAmi() as ami:
        link = AmiLink("127.0.0.1", ami.port, "engine", "right", sink, StandingClock(), timing=QUICK)
        running = asyncio.create_task(link.run())
        await until(lambda: link.state is LinkState.READY)
        ami.push(fact("1"), fact("2"))
        await until(lambda: got == ["1", "2"])
        assert link.sink_errors == 2
        assert (await link.send(Ping())).ok
        assert ami.connections == 1
        running.cancel()


@in_loop
async def test_an_event_that_lacks_a_header_is_counted_and_the_next_one_comes() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, seen):
        ami.push(message(Event="AgentConnect", Queue="zh"), b"rubbish\r\n\r\n", fact("after"))
        await until(lambda: values(seen) == ["after"])
        assert link.broken_events == 1


@in_loop
async def test_events_nobody_wants_are_dropped_unparsed_and_counted() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, seen):
        ami.push(message(Event="VarSet", Variable="x"), message(Event="Newexten"), fact("after"))
        await until(lambda: values(seen) == ["after"])
        assert link.skipped_events == 2


@in_loop
async def test_a_peer_that_is_not_asterisk_is_left_with_a_reason() -> None:
    async with FakeAmi(banner=b"220 mail ready\r\n") as ami, linked(ami, ready=False) as (link, _):
        await until(lambda: link.state is LinkState.LOST)
        assert "AMI" in link.reason or "Login" in link.reason


@in_loop
async def test_a_login_without_fully_booted_is_not_ready_and_says_what_is_missing() -> None:
    async with FakeAmi() as ami:
        ami.boots = False
        async with linked(ami, ready=False) as (link, seen):
            await until(lambda: link.state is LinkState.LOST)
            assert "FullyBooted" in link.reason
            assert seen == []


@in_loop
async def test_pauses_of_a_queue_member_come_as_members() -> None:
    async with FakeAmi() as ami, linked(ami) as (_, seen):
        ami.push(
            message(
                Event="QueueMemberPause",
                Queue="zh",
                MemberName="1001",
                Interface="PJSIP/w1001",
                Status="1",
                Paused="1",
                PausedReason="lunch",
                Penalty="0",
            )
        )
        await until(lambda: len(seen) == 2)
        member = seen[1]
        assert isinstance(member, MemberChanged)
        assert (member.seat, member.paused, member.reason) == ("1001", True, "lunch")
