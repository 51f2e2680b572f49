"""Headers are strict, and every event Asterisk is asked for has its decoder."""

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.asterisk import events as t
from callcenter.asterisk.decode import DECODERS, Decoder
from callcenter.asterisk.decoders import seat_of
from callcenter.asterisk.headers import DecodeError, Headers, instant
from callcenter.confgen.render import ENGINE_EVENTS
from tests.asterisk_edge.support import NOW, StandingClock


def headers(**fields: str) -> Headers:
    return Headers(fields.get("Event", "Response"), fields)


def decode(**fields: str) -> t.TelephonyEvent | None:
    return Decoder(StandingClock()).decode(headers(**fields))


CHANNEL = {"Channel": "PJSIP/trunk-1", "Uniqueid": "a-1.1", "Linkedid": "a-1.1"}


def test_asterisk_is_asked_for_exactly_the_events_that_are_decoded() -> None:
    assert set(ENGINE_EVENTS) == set(DECODERS)


def test_a_missing_header_is_named_with_its_event() -> None:
    with pytest.raises(DecodeError, match="AgentConnect: header Queue is missing"):
        decode(Event="AgentConnect", DestUniqueid="a-1.2", Interface="PJSIP/w1001", **CHANNEL)


def test_a_malformed_header_is_an_error_that_does_not_quote_it() -> None:
    with pytest.raises(DecodeError, match="Hangup: header Cause is not a whole number") as error:
        decode(Event="Hangup", Cause="13900000001x", **CHANNEL)
    assert "139" not in str(error.value)


def test_the_time_is_asterisks_own_to_the_microsecond() -> None:
    event = decode(Event="Hold", Timestamp="1767603600.123456", **CHANNEL)
    assert event is not None
    assert event.at == datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=UTC)


def test_without_a_timestamp_the_clock_is_asked() -> None:
    event = decode(Event="FullyBooted")
    assert event == t.FullyBooted(at=NOW)


@pytest.mark.parametrize("text", ["", "x", "1.x", "-", "9" * 30, "1767603600.-1", "nan"])
def test_what_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(DecodeError):
        instant(text, "here")


def test_durations_are_seconds_or_hours_minutes_seconds() -> None:
    assert headers(A="75").seconds("A") == timedelta(seconds=75)
    assert headers(A="00:01:15").seconds("A") == timedelta(seconds=75)
    for bad in ("", "x", "1:2:x", "9" * 40):
        with pytest.raises(DecodeError):
            headers(A=bad).seconds("A")


def test_flags_are_yes_or_no_and_nothing_else() -> None:
    assert headers(A="1").flag("A")
    assert not headers(A="No").flag("A")
    with pytest.raises(DecodeError):
        headers(A="maybe").flag("A")


def test_an_empty_value_with_or_without_a_space_is_empty() -> None:
    parsed = Headers.parse(b"Event: UserEvent\r\nName: topic\r\nValue:\r\nMore: a: b")
    assert (parsed.text("Value"), parsed.text("More")) == ("", "a: b")


@pytest.mark.parametrize(
    ("interface", "member", "seat"),
    [
        ("PJSIP/w1001", "", "1001"),
        ("PJSIP/d1001", "PJSIP/d1001", "1001"),
        ("PJSIP/1001", "", "1001"),
        ("Local/1001@mobile/n", "", "1001"),
        ("PJSIP/w1001", "2002", "2002"),
        ("PJSIP/west", "", "west"),
        ("1001", "", "1001"),
        ("", "", ""),
    ],
)
def test_the_seat_is_found_from_member_name_or_interface(interface: str, member: str, seat: str) -> None:
    assert seat_of(interface, member) == seat


@pytest.mark.parametrize(
    ("status", "registered"), [("Reachable", True), ("NonQualified", True), ("Unreachable", False), ("Removed", False)]
)
def test_a_phone_is_registered_while_it_can_be_rung(status: str, registered: bool) -> None:
    event = decode(Event="ContactStatus", ContactStatus=status, EndpointName="w1001", AOR="w1001")
    assert event == t.ContactChanged(at=NOW, endpoint="w1001", registered=registered)


@pytest.mark.parametrize(("reason", "by"), [("caller", "caller"), ("agent", "seat"), ("transfer", "system")])
def test_who_ended_a_talk_is_said_in_our_words(reason: str, by: str) -> None:
    member = {"Queue": "zh", "Interface": "PJSIP/w1001", "MemberName": "1001", "DestUniqueid": "a-1.2"}
    event = decode(Event="AgentComplete", Reason=reason, **CHANNEL, **member)
    assert isinstance(event, t.SeatCompleted)
    assert (event.ended_by, event.seat, event.seat_uniqueid) == (by, "1001", "a-1.2")


def test_the_end_of_a_talk_that_names_no_call_is_told_by_its_channels() -> None:
    """As app_queue sends it when the channels are gone before it comes to it."""
    assert decode(Event="AgentComplete", Queue="zh", Interface="PJSIP/w1001", MemberName="1001", Reason="agent") is None


def test_a_user_event_of_somebody_else_is_none_of_ours() -> None:
    assert decode(Event="UserEvent", UserEvent="Other", **CHANNEL) is None


def test_unknown_events_are_counted_and_do_not_fill_the_memory() -> None:
    decoder = Decoder(StandingClock())
    for number in range(2000):
        assert decoder.decode(headers(Event=f"E{number}")) is None
    decoder.decode(headers(Event="E1"))
    assert decoder.unknown["E1"] == 2
    assert len(decoder.unknown) == 500


@pytest.mark.parametrize("number", ["<unknown>", "anonymous", "unknown", ""])
def test_a_withheld_number_is_empty(number: str) -> None:
    event = decode(Event="Newchannel", CallerIDNum=number, **CHANNEL)
    assert isinstance(event, t.ChannelStarted)
    assert event.caller_number == ""
