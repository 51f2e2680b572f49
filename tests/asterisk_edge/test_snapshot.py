"""What Asterisk says is true now, from list replies of the form that Asterisk 22 sends."""

import asyncio
from datetime import timedelta

import pytest

from callcenter.asterisk.headers import DecodeError
from callcenter.asterisk.link import LinkDown, LinkState
from callcenter.asterisk.snapshot import take, trunk_answers
from tests.asterisk_edge.support import in_loop, linked, until
from tests.fakes.ami_server import FakeAmi, Fields, error, listing

CHANNEL = {
    "Event": "CoreShowChannel",
    "Channel": "PJSIP/trunk-00000001",
    "ChannelState": "6",
    "CallerIDNum": "13900000001",
    "Context": "next-queue",
    "Exten": "s",
    "Uniqueid": "a-1.1",
    "Linkedid": "a-1.1",
    "Application": "Queue",
    "ApplicationData": "zh,c,,,600",
    "Duration": "00:01:05",
    "BridgeId": "",
}
QUEUE = [
    {"Event": "QueueParams", "Queue": "zh", "Strategy": "rrmemory", "Calls": "1"},
    {
        "Event": "QueueMember",
        "Queue": "zh",
        "Name": "1001",
        "Location": "PJSIP/w1001",
        "Penalty": "0",
        "InCall": "0",
        "Status": "1",
        "Paused": "1",
        "PausedReason": "break",
    },
    {
        "Event": "QueueEntry",
        "Queue": "zh",
        "Position": "1",
        "Channel": "PJSIP/trunk-00000001",
        "Uniqueid": "a-1.1",
        "Wait": "40",
    },
    {"Event": "QueueParams", "Queue": "bo", "Strategy": "rrmemory", "Calls": "0"},
]
CONTACTS = [
    {"Event": "ContactList", "ObjectName": "w1001;@ab12", "Endpoint": "w1001", "Status": "NonQualified"},
    {"Event": "ContactList", "ObjectName": "d1002;@cd34", "Endpoint": "", "Status": "Unreachable"},
]


def describe(ami: FakeAmi, channel: Fields = CHANNEL) -> None:
    ami.answers["CoreShowChannels"] = lambda asked: listing(asked, "CoreShowChannelsComplete", channel)
    ami.answers["QueueStatus"] = lambda asked: listing(asked, "QueueStatusComplete", *QUEUE)
    ami.answers["PJSIPShowContacts"] = lambda asked: listing(asked, "ContactListComplete", *CONTACTS)


@in_loop
async def test_channels_members_waiting_callers_and_phones_are_seen() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        describe(ami)
        seen = await take(link)
    (channel,) = seen.channels.values()
    assert (channel.up, channel.caller_number, channel.application) == (True, "13900000001", "Queue")
    assert channel.age == timedelta(seconds=65)
    assert seen.calls() == {"a-1.1"}
    assert seen.queues == {"zh", "bo"}
    (member,) = seen.members
    assert (member.seat, member.queue, member.paused, member.reason, member.in_call) == (
        "1001",
        "zh",
        True,
        "break",
        False,
    )
    (waiting,) = seen.waiting
    assert (waiting.uniqueid, waiting.position, waiting.wait) == ("a-1.1", 1, timedelta(seconds=40))
    assert seen.contacts == {"w1001": True, "d1002": False}


@in_loop
async def test_an_empty_asterisk_is_empty() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["CoreShowChannels"] = lambda asked: listing(asked, "CoreShowChannelsComplete")
        ami.answers["QueueStatus"] = lambda asked: listing(asked, "QueueStatusComplete")
        ami.answers["PJSIPShowContacts"] = lambda asked: error(asked, "No Contacts found")
        seen = await take(link)
    assert (seen.channels, seen.queues, seen.members, seen.waiting, seen.contacts) == ({}, frozenset(), [], [], {})


@in_loop
async def test_an_answer_that_lacks_something_is_an_error_and_not_an_empty_node() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        describe(ami, {key: value for key, value in CHANNEL.items() if key != "Linkedid"})
        with pytest.raises(DecodeError, match="Linkedid"):
            await take(link)


@in_loop
async def test_without_a_link_there_is_no_snapshot() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        await ami.stop()
        await until(lambda: link.state is LinkState.LOST)
        with pytest.raises(LinkDown):
            await take(link)
        await ami.start()


@in_loop
async def test_a_link_that_breaks_meanwhile_gives_no_half_snapshot() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        describe(ami)
        ami.answers["QueueStatus"] = lambda asked: None
        taking = asyncio.create_task(take(link))
        await until(lambda: ami.asked("QueueStatus"))
        ami.drop()
        with pytest.raises(Exception, match="QueueStatus"):
            await taking


@in_loop
@pytest.mark.parametrize(("status", "answers"), [("Reachable", True), ("Unreachable", False), ("Unknown", None)])
async def test_what_asterisk_knows_of_the_carrier(status: str, answers: bool | None) -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.answers["PJSIPShowEndpoint"] = lambda asked: listing(
            asked,
            "EndpointDetailComplete",
            {"Event": "EndpointDetail", "ObjectName": asked["Endpoint"]},
            {"Event": "ContactStatusDetail", "AOR": "trunk", "Status": status},
        )
        assert await trunk_answers(link) is answers
