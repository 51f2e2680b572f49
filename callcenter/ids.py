"""Names that must not be mixed up. All are plain strings at run time."""

from typing import NewType

NodeName = NewType("NodeName", str)
"""One Asterisk with its engine; Asterisk's `systemname`, which prefixes every Uniqueid."""

Uniqueid = NewType("Uniqueid", str)
"""One channel, e.g. `a-1767603600.17`."""

Linkedid = NewType("Linkedid", str)
"""One call: the Uniqueid of its first channel, shared by every channel that joins it."""

QueueName = NewType("QueueName", str)
"""An app_queue queue. There is one per language line, named by the language."""

SeatId = NewType("SeatId", str)
"""The place on duty, e.g. `1001`. Phones of the seat are `PJSIP/w1001` (browser) and `PJSIP/d1001` (desk)."""

Interface = NewType("Interface", str)
"""A queue member's device as app_queue names it, e.g. `PJSIP/w1001`."""

PersonId = NewType("PersonId", str)
"""Sign-in name of an account."""
