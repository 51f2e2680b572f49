from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephonyEvent:
    """`at`: Asterisk's own clock (AMI `Timestamp`, CEL `eventtime`), aware UTC, microseconds."""

    at: datetime
