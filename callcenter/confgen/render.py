"""Settings, secrets and seats in; the text of every file of Asterisk's configuration out. Nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from callcenter.confgen.machine import Machine, loopback
from callcenter.config import CHECKOUT, Settings
from callcenter.errors import BadInput
from callcenter.ids import PersonId, SeatId
from callcenter.ivr.fallback import fallback_dialplan
from callcenter.ivr.site import read_site
from callcenter.routing.first_seat import queue_of
from callcenter.routing.model import HELPER_PENALTY, STRICT_MAX
from callcenter.seat.model import PhoneKind, overseer_endpoint
from callcenter.secrets import Secrets

TEMPLATES = CHECKOUT / "asterisk_conf"
FALLBACK = "extensions.d/fallback.conf"

ENGINE_EVENTS = (
    *("Newchannel", "Hangup", "HangupRequest", "DialEnd", "Hold", "Unhold", "BridgeEnter", "BridgeLeave"),
    *("QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon"),
    *("AgentCalled", "AgentConnect", "AgentComplete", "AgentRingNoAnswer"),
    *("QueueMemberAdded", "QueueMemberRemoved", "QueueMemberPause", "QueueMemberPenalty"),
    *("ConfbridgeJoin", "ConfbridgeLeave", "OriginateResponse", "ChanSpyStart"),
    *("UserEvent", "ContactStatus", "FullyBooted", "Shutdown"),
)
"""What the engine's AMI session is sent; `callcenter/asterisk/decode.py` reads each of them."""

UNREAD_EVENTS = (
    *("VarSet", "Newexten", "Newstate", "NewCallerid", "NewConnectedLine", "NewAccountCode"),
    *("DialBegin", "DialState", "BridgeCreate", "BridgeDestroy", "LocalBridge", "SoftHangupRequest"),
    *("MusicOnHoldStart", "MusicOnHoldStop", "MixMonitorStart", "MixMonitorStop", "DTMFBegin", "DTMFEnd"),
    *("RTCPSent", "RTCPReceived", "DeviceStateChange", "QueueMemberStatus", "AGIExecStart", "AGIExecEnd"),
    *("ChallengeSent", "SuccessfulAuth"),
)
"""What a call makes most of and nobody reads. Asterisk does not even write them: a filter would come after that."""

CEL_COLUMNS: Mapping[str, str] = {
    "eventtype": "eventenum",
    "eventtime": "eventtime",
    "channame": "CHANNEL(channame)",
    "uniqueid": "CHANNEL(uniqueid)",
    "linkedid": "CHANNEL(linkedid)",
    "cidnum": "CALLERID(num)",
    "context": "CHANNEL(context)",
    "exten": "CHANNEL(exten)",
    "appname": "CHANNEL(appname)",
    "appdata": "CHANNEL(appdata)",
    "userdeftype": "userdeftype",
    "extra": "eventextra",
    "peer": "BRIDGEPEER",
}
"""Column of `cel.csv` -> Asterisk's variable, in the file's order."""


SPECIAL = frozenset(",&$(){}[];\"'|^\\")
"""Characters with a meaning of their own in the dialplan; a path may not hold them."""


QUEUE_PRIO_AT_EPOCH = 2**31 - 1
"""A caller who comes later gets a lower QUEUE_PRIO, an int of 32 bits; with the seconds since 1970 as they are, the
numbers last until 2038."""


@dataclass(frozen=True, slots=True)
class SeatPhones:
    id: SeatId


def render(
    settings: Settings,
    secrets: Secrets,
    seats: Sequence[SeatPhones],
    machine: Machine,
    overseers: Sequence[PersonId] = (),
) -> dict[str, str]:
    """Path under `etc/` -> whole text. An unknown name in a template is an error, never an empty word.

    Raises BadInput for a home whose path the dialplan would misread.
    """
    if misread := SPECIAL.intersection(str(settings.home)):
        raise BadInput(f"CALLCENTER_HOME: {settings.home} holds {' '.join(sorted(misread))}, which Asterisk misreads.")
    environment, site = _environment(), read_site(settings.flows_dir)
    values = {
        "settings": settings,
        "secrets": secrets,
        "seats": sorted(seats, key=lambda seat: seat.id),
        "overseer_phones": [
            (template, overseer_endpoint(person, kind))
            for person in sorted(overseers)
            for template, kind in (("browser", PhoneKind.WEBRTC), ("desk", PhoneKind.SIP))
        ],
        "machine": machine,
        "home": settings.asterisk_dir,
        "etc": settings.asterisk_dir / "etc",
        "run": settings.run_dir / "asterisk",
        "sip_media_address": loopback(settings.sip_host),
        "web_media_address": loopback(settings.http_host),
        "engine_events": ENGINE_EVENTS,
        "unread_events": UNREAD_EVENTS,
        "cel_columns": ",".join(f"${{CSV_QUOTE(${{{variable}}})}}" for variable in CEL_COLUMNS.values()),
        "routing": site.routing,
        "destinations": site.destinations,
        "queue_of": queue_of,
        "helper_penalty": HELPER_PENALTY,
        "strict_max": STRICT_MAX,
        "queue_prio_at_epoch": QUEUE_PRIO_AT_EPOCH,
        "fallback_dialplan": fallback_dialplan(settings),
        "say": lambda prompt: f"${{PROMPTS}}/${{CC_LANG}}/{prompt}",
    }
    return {
        name: environment.get_template(name).render(values)
        for name in sorted(environment.list_templates(extensions=["conf"]))
    }


def render_fallback(settings: Settings) -> str:
    """The one file that follows the published flows: after a publication it is made anew without all others."""
    return _environment().get_template(FALLBACK).render(fallback_dialplan=fallback_dialplan(settings))


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML; every value is a setting or made by us
    )
