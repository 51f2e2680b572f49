"""AMI events of the system, of phones and of channels."""

from datetime import datetime

from callcenter.asterisk import events as ev
from callcenter.asterisk.decoders import decodes, leg, named_leg
from callcenter.asterisk.headers import Headers
from callcenter.ids import Linkedid, Uniqueid

GONE_CONTACT = frozenset({"Removed", "Unreachable", "Unknown"})
"""ContactStatus of a phone that cannot be rung. The others are Reachable and NonQualified, which is what Asterisk 22
says of a registered phone that it has not asked, or not yet (`res/res_pjsip/pjsip_options.c`, `status_map`)."""


@decodes("FullyBooted")
def fully_booted(h: Headers, at: datetime) -> ev.FullyBooted:
    return ev.FullyBooted(at=at)


@decodes("Shutdown")
def shutdown(h: Headers, at: datetime) -> ev.Shutdown:
    return ev.Shutdown(at=at)


@decodes("ContactStatus")
def contact_status(h: Headers, at: datetime) -> ev.ContactChanged:
    endpoint = h.text("EndpointName", "") or h.text("AOR")
    registered = h.text("ContactStatus") not in GONE_CONTACT
    return ev.ContactChanged(at=at, endpoint=endpoint, registered=registered, uri=h.text("URI", ""))


@decodes("Newchannel")
def newchannel(h: Headers, at: datetime) -> ev.ChannelStarted:
    return ev.ChannelStarted(
        at=at,
        **named_leg(h),
        caller_number=h.number("CallerIDNum"),
        context=h.text("Context", ""),
        exten=h.text("Exten", ""),
    )


@decodes("HangupRequest")
def hangup_request(h: Headers, at: datetime) -> ev.HangupRequested:
    return ev.HangupRequested(
        at=at,
        **named_leg(h),
        cause=h.integer("Cause", 0),
    )


@decodes("Hangup")
def hangup(h: Headers, at: datetime) -> ev.ChannelEnded:
    return ev.ChannelEnded(
        at=at,
        **named_leg(h),
        cause=h.integer("Cause"),
    )


@decodes("DialEnd")
def dial_end(h: Headers, at: datetime) -> ev.DialEnded:
    return ev.DialEnded(
        at=at,
        uniqueid=Uniqueid(h.text("DestUniqueid")),
        linkedid=Linkedid(h.text("DestLinkedid")),
        status=h.text("DialStatus"),
    )


@decodes("Hold")
def hold(h: Headers, at: datetime) -> ev.Held:
    return ev.Held(
        at=at,
        **named_leg(h),
    )


@decodes("Unhold")
def unhold(h: Headers, at: datetime) -> ev.Unheld:
    return ev.Unheld(
        at=at,
        **named_leg(h),
    )


@decodes("BridgeEnter")
def bridge_enter(h: Headers, at: datetime) -> ev.BridgeEntered:
    return ev.BridgeEntered(
        at=at,
        **named_leg(h),
        bridge=h.text("BridgeUniqueid"),
    )


@decodes("BridgeLeave")
def bridge_leave(h: Headers, at: datetime) -> ev.BridgeLeft:
    return ev.BridgeLeft(
        at=at,
        **named_leg(h),
        bridge=h.text("BridgeUniqueid"),
    )


@decodes("UserEvent")
def user_event(h: Headers, at: datetime) -> ev.Fact | None:
    if h.text("UserEvent") != "CallFact":
        return None
    return ev.Fact(
        at=at,
        **leg(h),
        name=h.text("Name"),
        value=h.text("Value"),
    )
