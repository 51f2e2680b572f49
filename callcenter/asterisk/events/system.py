from dataclasses import dataclass

from callcenter.asterisk.events.base import TelephonyEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class FullyBooted(TelephonyEvent):
    """AMI FullyBooted: sent after each login. Resync starts here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutdown(TelephonyEvent):
    """AMI Shutdown: Asterisk ends; every channel is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost(TelephonyEvent):
    """Ours: the AMI connection broke. What happens until the next FullyBooted comes from the CEL file."""

    reason: str


TRUNK = "trunk"
"""PJSIP endpoint of the carrier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(TelephonyEvent):
    """AMI ContactStatus: a phone registered, was reached, or is gone; or the carrier's gateway answers, or does not."""

    endpoint: str
    """e.g. `w1001`, or `TRUNK`."""
    registered: bool
    uri: str = ""
    """Where the phone is; tells an old registration that is removed from the new one that took its place."""
