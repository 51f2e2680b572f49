from dataclasses import dataclass

from callcenter.asterisk.events.base import TelephonyEvent
from callcenter.ids import Linkedid, Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(TelephonyEvent):
    """Something the dialplan or the IVR says of a call. The dialplan writes each one twice, as AMI
    `UserEvent(CallFact,Name: …,Value: …)` and as `CELGenUserEvent(<name>,<value>)`, so it survives the engine. What the
    engine's own menu tells stands in the CEL file too, as one `trail` (callcenter/asterisk/trail.py).

    Names: `language`, `line`, `topic`, `priority`, `source`, `flow` (`<flow>@<version>`), `node` (IVR node entered),
    `key` (`<node>=<key>`), `survey_offered` (`1`), `grade` (1-5), `outcome` (an outcome decided by the dialplan:
    queue_timeout, ...), `recording` (file stem), `callback` (confirmed, declined), `seat` (who calls the citizen back),
    `room`, and of a place outside that is rung when no seat came: `hop` (`<n>=<place>`), `hop_answered` (`<n>`),
    `hop_over` (`<n>=<result>`).
    """

    uniqueid: Uniqueid
    linkedid: Linkedid
    name: str
    value: str
