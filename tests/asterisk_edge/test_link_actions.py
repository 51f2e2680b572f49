"""Actions over the link: answered or failed in time, sent once, never again."""

import asyncio

import pytest

from callcenter.asterisk.actions import (
    CoreShowChannels,
    Originate,
    Ping,
    PJSIPShowContacts,
    QueueAdd,
    QueuePause,
    QueueStatus,
    UnsafeValue,
)
from callcenter.asterisk.link import ActionRefused, LinkDown, LinkState, OutcomeUnknown
from tests.asterisk_edge.support import in_loop, linked, until
from tests.fakes.ami_server import FakeAmi, error, listing, success

ADD = QueueAdd(queue="zh", interface="PJSIP/w1001", member_name="1001")
CALL_OUT = Originate(channel="Local/1@out", context="callback", exten="s", channel_id="cb-1", variables={"A": "1"})


@in_loop
async def test_an_action_is_answered() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        response = await link.send(ADD)
        assert response.ok
        assert ami.asked("QueueAdd")[0]["MemberName"] == "1001"


@in_loop
async def test_a_refusal_is_a_response_that_names_the_reason() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["QueueAdd"] = lambda asked: error(asked, "Unable to add interface: Already there")
        response = await link.send(ADD)
        assert not response.ok
        with pytest.raises(ActionRefused, match="Already there"):
            response.or_raise()


@in_loop
async def test_an_originate_is_answered_at_its_acceptance_and_always_asynchronous() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["Originate"] = lambda asked: success(asked, Message="Originate successfully queued")
        assert (await link.send(CALL_OUT)).ok
        assert ami.asked("Originate")[0]["Async"] == "true"
        assert ami.asked("Originate")[0]["Variable"] == "A=1"


@in_loop
async def test_an_action_cut_off_by_a_lost_connection_fails_and_is_never_sent_again() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, seen):
        ami.answers["Originate"] = lambda asked: None
        waiting = asyncio.create_task(link.send(CALL_OUT))
        await until(lambda: ami.asked("Originate"))
        ami.drop()
        with pytest.raises(OutcomeUnknown):
            await waiting
        await until(lambda: seen.names() == ["FullyBooted", "LinkLost", "FullyBooted"])
        await link.send(Ping())
        assert len(ami.asked("Originate")) == 1


@in_loop
async def test_an_action_without_a_connection_is_refused_and_not_kept_for_later() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        await ami.stop()
        await until(lambda: link.state is LinkState.LOST)
        with pytest.raises(LinkDown):
            await link.send(CALL_OUT)
        await ami.start()
        await until(lambda: link.state is LinkState.READY)
        await link.send(Ping())
        assert ami.asked("Originate") == []


@in_loop
async def test_an_unanswered_action_ends_with_outcome_unknown_and_leaves_nothing_behind() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["QueuePause"] = lambda asked: None
        with pytest.raises(OutcomeUnknown, match="QueuePause"):
            await link.send(QueuePause(interface="PJSIP/w1001", paused=True))
        assert link._wire is not None
        assert not link._wire.responses
        assert (await link.send(Ping())).ok


@in_loop
async def test_a_line_break_in_a_value_is_refused_before_anything_is_sent() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        for bad in ("x\r\nAction: Originate", "x\ny", "x\0"):
            with pytest.raises(UnsafeValue):
                await link.send(QueuePause(interface="PJSIP/w1001", paused=True, reason=bad))
        await link.send(Ping())
        assert ami.asked("QueuePause") == []


@in_loop
async def test_a_list_is_collected_without_its_frame() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["CoreShowChannels"] = lambda asked: listing(
            asked,
            "CoreShowChannelsComplete",
            {"Event": "CoreShowChannel", "Channel": "PJSIP/trunk-1"},
            {"Event": "CoreShowChannel", "Channel": "PJSIP/trunk-2"},
        )
        items = await link.collect(CoreShowChannels())
        assert [item.text("Channel") for item in items] == ["PJSIP/trunk-1", "PJSIP/trunk-2"]


@in_loop
async def test_a_list_with_no_items_is_empty_however_asterisk_says_so() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["PJSIPShowContacts"] = lambda asked: error(asked, "No Contacts found")
        ami.answers["CoreShowChannels"] = lambda asked: listing(asked, "CoreShowChannelsComplete")
        assert await link.collect(PJSIPShowContacts()) == []
        assert await link.collect(CoreShowChannels()) == []


@in_loop
async def test_a_list_that_is_refused_is_an_error_and_not_an_empty_list() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["QueueStatus"] = lambda asked: error(asked, "Permission denied")
        with pytest.raises(ActionRefused, match="Permission denied"):
            await link.collect(QueueStatus())


@in_loop
async def test_a_list_that_never_ends_fails_in_time() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["QueueStatus"] = lambda asked: success(asked, EventList="start")
        with pytest.raises(OutcomeUnknown):
            await link.collect(QueueStatus())
