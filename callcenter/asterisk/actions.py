"""What we ask of Asterisk: frozen values with their AMI form. Nothing that could carry a second action gets through."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from callcenter.errors import BadInput

Fields = dict[str, str | list[str]]

VARIABLE_NAME = re.compile(r"_{0,2}[A-Za-z][A-Za-z0-9_]*")
"""Plain names only. A function name such as `SHELL(…)` would be carried out by Asterisk."""


class UnsafeValue(BadInput):
    """A value that would not arrive in Asterisk as the one value it is. Nothing has been sent."""

    code = "unsafe-value"


def safe(what: str, value: str) -> str:
    """The value itself, or UnsafeValue: a line break would start another header, or another action."""
    if any(mark in value for mark in "\r\n\0"):
        raise UnsafeValue(f"{what} must be one line without control characters; nothing was sent")
    return value


def one_channel(name: str) -> str:
    """A channel's name. Asterisk reads `/…/` as a pattern and would act on every channel that fits."""
    if not name or name.startswith("/"):
        raise UnsafeValue("a channel is named in full, not by a pattern; nothing was sent")
    return name


def assignment(name: str, value: str) -> str:
    """`name=value` for a `Variable` header, which Asterisk splits at commas and unquotes."""
    if not VARIABLE_NAME.fullmatch(name):
        raise UnsafeValue("a channel variable's name has letters, digits and _ only; nothing was sent")
    if any(mark in value for mark in ',"\\'):
        raise UnsafeValue(f'the value of variable {name} must not hold , " or \\; nothing was sent')
    return f"{name}={value}"


@dataclass(frozen=True, slots=True)
class Action:
    name: ClassVar[str]

    def fields(self) -> Fields:
        """Headers besides Action and ActionID; empty ones are left out."""
        return {}

    def form(self) -> Fields:
        """The whole action but its ActionID, checked."""
        form: Fields = {"Action": self.name}
        for key, value in self.fields().items():
            if isinstance(value, list):
                form[key] = [safe(f"{self.name} {key}", item) for item in value]
            elif value:
                form[key] = safe(f"{self.name} {key}", value)
        return form


@dataclass(frozen=True, slots=True)
class Ping(Action):
    name = "Ping"


@dataclass(frozen=True, slots=True)
class Login(Action):
    name = "Login"
    user: str
    secret: str = field(repr=False)

    def fields(self) -> Fields:
        return {"Username": self.user, "Secret": self.secret, "Events": "on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAdd(Action):
    name = "QueueAdd"
    queue: str
    interface: str
    member_name: str
    penalty: int = 0
    paused: bool = False
    reason: str = ""
    """Why the member starts paused."""
    state_interface: str = ""

    def fields(self) -> Fields:
        return {
            "Queue": self.queue,
            "Interface": self.interface,
            "MemberName": self.member_name,
            "Penalty": str(self.penalty),
            "Paused": "true" if self.paused else "false",
            "Reason": self.reason,
            "StateInterface": self.state_interface,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRemove(Action):
    name = "QueueRemove"
    queue: str
    interface: str

    def fields(self) -> Fields:
        return {"Queue": self.queue, "Interface": self.interface}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePause(Action):
    """Without `queue` in every queue of the member, in one step."""

    name = "QueuePause"
    interface: str
    paused: bool
    reason: str = ""
    queue: str | None = None

    def fields(self) -> Fields:
        return {
            "Interface": self.interface,
            "Paused": "true" if self.paused else "false",
            "Reason": self.reason,
            "Queue": self.queue or "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePenalty(Action):
    name = "QueuePenalty"
    interface: str
    penalty: int
    queue: str

    def fields(self) -> Fields:
        return {"Interface": self.interface, "Penalty": str(self.penalty), "Queue": self.queue}


@dataclass(frozen=True, slots=True)
class Hangup(Action):
    name = "Hangup"
    channel: str
    cause: int = 16
    """Q.850; 16: normal clearing."""

    def fields(self) -> Fields:
        return {"Channel": one_channel(self.channel), "Cause": str(self.cause)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect(Action):
    name = "Redirect"
    channel: str
    context: str
    exten: str
    extra_channel: str = ""
    """The other side of the same bridge: both go at once, or the one left behind would be hung up."""
    extra_context: str = ""

    def fields(self) -> Fields:
        extra = {
            "ExtraChannel": self.extra_channel and one_channel(self.extra_channel),
            "ExtraContext": self.extra_context,
            "ExtraExten": self.exten,
            "ExtraPriority": "1",
        }
        return {
            "Channel": one_channel(self.channel),
            "Context": self.context,
            "Exten": self.exten,
            "Priority": "1",
            **(extra if self.extra_channel else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Originate(Action):
    """Call out. Always asynchronous: without it Asterisk answers nothing else on the link while the phone rings.

    Only into the dialplan; the form `Application` is not offered because it can run anything.
    `channel_id` becomes the new channel's Uniqueid, so that a call of unknown outcome can be found again.
    """

    name = "Originate"
    channel: str
    context: str
    exten: str
    channel_id: str
    priority: int = 1
    caller_id: str = ""
    timeout_s: int = 30
    variables: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> Fields:
        return {
            "Channel": one_channel(self.channel),
            "Context": self.context,
            "Exten": self.exten,
            "Priority": str(self.priority),
            "ChannelId": self.channel_id,
            "CallerID": self.caller_id,
            "Timeout": str(self.timeout_s * 1000),
            "Async": "true",
            "Variable": [assignment(name, value) for name, value in self.variables.items()],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVar(Action):
    name = "Setvar"
    channel: str
    variable: str
    value: str

    def fields(self) -> Fields:
        if not VARIABLE_NAME.fullmatch(self.variable):
            raise UnsafeValue("a channel variable's name has letters, digits and _ only; nothing was sent")
        return {"Channel": one_channel(self.channel), "Variable": self.variable, "Value": self.value}


@dataclass(frozen=True, slots=True)
class QueueStatus(Action):
    """Answered by a list: QueueParams, QueueMember, QueueEntry."""

    name = "QueueStatus"
    queue: str = ""

    def fields(self) -> Fields:
        return {"Queue": self.queue}


@dataclass(frozen=True, slots=True)
class CoreShowChannels(Action):
    """Answered by a list of CoreShowChannel."""

    name = "CoreShowChannels"


@dataclass(frozen=True, slots=True)
class PJSIPShowContacts(Action):
    """Answered by a list of ContactList; by the error "No Contacts found" when no phone is registered."""

    name = "PJSIPShowContacts"


@dataclass(frozen=True, slots=True)
class PJSIPShowEndpoint(Action):
    """Answered by a list; of each address where the endpoint is, configured ones too, a ContactStatusDetail."""

    name = "PJSIPShowEndpoint"
    endpoint: str = ""

    def fields(self) -> Fields:
        return {"Endpoint": self.endpoint}


@dataclass(frozen=True, slots=True)
class Reload(Action):
    name = "Reload"
    module: str = ""
    """One module, e.g. `app_queue.so`; empty: all."""

    def fields(self) -> Fields:
        return {"Module": self.module}


EMPTY_LIST: Sequence[str] = ("No Contacts found",)
"""Errors by which Asterisk says that a list has no items."""
