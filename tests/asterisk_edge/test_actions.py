"""An action says one thing to Asterisk and cannot be made to say another."""

import pytest

from callcenter.asterisk.actions import (
    Action,
    Hangup,
    Login,
    Originate,
    QueueAdd,
    QueuePause,
    Redirect,
    Reload,
    SetVar,
    UnsafeValue,
)


def test_a_seat_is_added_with_its_number_and_its_reason() -> None:
    add = QueueAdd(queue="zh", interface="PJSIP/w1001", member_name="1001", paused=True, reason="break")
    assert add.form() == {
        "Action": "QueueAdd",
        "Queue": "zh",
        "Interface": "PJSIP/w1001",
        "MemberName": "1001",
        "Penalty": "0",
        "Paused": "true",
        "Reason": "break",
    }


def test_a_pause_without_queue_is_for_all_queues() -> None:
    assert "Queue" not in QueuePause(interface="PJSIP/w1001", paused=False).form()
    assert QueuePause(interface="PJSIP/w1001", paused=False, queue="zh").form()["Queue"] == "zh"


def test_calling_out_goes_into_the_dialplan_and_never_blocks_the_link() -> None:
    form = Originate(
        channel="PJSIP/1@trunk", context="callback", exten="s", channel_id="c1", variables={"A": "x y"}
    ).form()
    assert form["Async"] == "true"
    assert form["Variable"] == ["A=x y"]
    assert form["Timeout"] == "30000"
    assert "Application" not in form


@pytest.mark.parametrize(
    "action",
    [
        Hangup("PJSIP/x\r\nAction: Reload"),
        Hangup("/^PJSIP/"),
        Hangup(""),
        Redirect(channel="/./", context="c", exten="s"),
        SetVar(channel="PJSIP/x", variable="SHELL(ls)", value=""),
        SetVar(channel="PJSIP/x", variable="A", value="1\n2"),
        Originate(channel="Local/1@x", context="c", exten="s", channel_id="i", variables={"A": "1,B=2"}),
        Originate(channel="Local/1@x", context="c", exten="s", channel_id="i", variables={"A,B": "1"}),
        QueuePause(interface="PJSIP/x", paused=True, reason="a\0b"),
        Reload("x\rAction: y"),
    ],
)
def test_what_would_say_more_than_one_thing_is_refused(action: Action) -> None:
    with pytest.raises(UnsafeValue):
        action.form()


def test_a_secret_does_not_show_in_a_log() -> None:
    assert "hidden" not in repr(Login("engine", "hidden"))
