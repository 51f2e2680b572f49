"""Brings app_queue's members to what the seats wish. It asks; the events that come back change the seats.

A wish that Asterisk refused, or an answer that was lost, is seen at the next comparison: nothing is repeated blindly.
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace

from callcenter.asterisk.actions import Action, QueueAdd, QueuePause, QueuePenalty, QueueRemove
from callcenter.asterisk.link import AmiLink, LinkState
from callcenter.engine.registry import Registry
from callcenter.errors import CallCenterError
from callcenter.ids import SeatId
from callcenter.seat.state import Seat

log = logging.getLogger(__name__)

COMPARE_EVERY_S = 30.0
"""Drift between wish and Asterisk is looked for this often, besides after each change."""

AGAIN_AFTER_S = 1.0
"""Pause after a refusal before the seat is compared again."""


def differences(seat: Seat) -> Iterator[Action]:
    """Actions that turn the members Asterisk shows into the wished ones. What all of them need is one action."""
    wished = seat.wished_members()
    pauses: list[QueuePause] = []
    for queue, member in seat.members.items():
        if queue not in wished or wished[queue].interface != member.interface:
            yield QueueRemove(queue=queue, interface=member.interface)
    for queue, wish in wished.items():
        shown = seat.members.get(queue)
        if shown is None or shown.interface != wish.interface:
            yield QueueAdd(
                queue=queue,
                interface=wish.interface,
                member_name=seat.view.seat,
                state_interface=wish.interface,
                penalty=wish.penalty,
                paused=wish.paused,
                reason=wish.reason,
            )
            continue
        if shown.penalty != wish.penalty:
            yield QueuePenalty(interface=wish.interface, penalty=wish.penalty, queue=queue)
        if shown.paused != wish.paused:
            pauses.append(QueuePause(interface=wish.interface, paused=wish.paused, reason=wish.reason, queue=queue))
    everywhere = {replace(pause, queue=None) for pause in pauses}
    yield from everywhere if len(pauses) == len(wished) and len(everywhere) == 1 else pauses


class Memberships:
    def __init__(self, registry: Registry, link: AmiLink) -> None:
        self._registry = registry
        self._link = link
        self._changed: dict[SeatId, None] = {}
        self._wake = asyncio.Event()
        self._refused: dict[SeatId, Action] = {}

    def compare(self, *seats: SeatId) -> None:
        """Look at these seats soon; at all of them when none is named."""
        self._changed |= dict.fromkeys(seats or self._registry.seats)
        self._wake.set()

    async def run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(COMPARE_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                self.compare()
            self._wake.clear()
            changed, self._changed = self._changed, {}
            if self._link.state is LinkState.READY:
                for seat_id in changed:
                    await self._bring_about(seat_id)

    async def _bring_about(self, seat_id: SeatId) -> None:
        seat = self._registry.seats.get(seat_id)
        if seat is None:
            return
        for action in list(differences(seat)):
            try:
                (await self._link.send(action)).or_raise()
            except CallCenterError as error:
                # the first time it may be done already, and its event is on the way
                level = logging.WARNING if self._refused.get(seat_id) == action else logging.INFO
                log.log(level, "seat.membership_refused seat=%s action=%s reason=%s", seat_id, action.name, error)
                self._refused[seat_id] = action
                asyncio.get_running_loop().call_later(AGAIN_AFTER_S, self.compare, seat_id)
                return
        self._refused.pop(seat_id, None)
