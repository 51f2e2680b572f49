"""What Asterisk refuses is asked again; it is a warning only when it is refused again."""

import asyncio
import logging
from typing import cast

import pytest

from callcenter.asterisk import events as t
from callcenter.asterisk.actions import Action
from callcenter.asterisk.link import ActionRefused, AmiLink, LinkState
from callcenter.engine import memberships
from callcenter.engine.memberships import Memberships
from callcenter.engine.registry import Registry
from callcenter.ids import Interface, QueueName, SeatId
from tests.asterisk_edge.support import in_loop, until
from tests.story import at

SEAT = SeatId("1002")


class Refusing:
    """An Asterisk that adds no member: it has it already."""

    state = LinkState.READY

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def send(self, action: Action) -> None:
        self.asked.append(action.name)
        raise ActionRefused("Asterisk refused: Unable to add interface: Already there")


@in_loop
async def test_a_refusal_is_a_warning_when_it_comes_again(
    registry: Registry, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memberships, "AGAIN_AFTER_S", 0.01)
    caplog.set_level(logging.INFO, memberships.__name__)
    registry.hear(t.MemberRemoved(at=at(1), queue=QueueName("bo"), interface=Interface("PJSIP/w1002"), seat=SEAT))
    link = Refusing()
    watching = Memberships(registry, cast(AmiLink, link))
    running = asyncio.create_task(watching.run())
    watching.compare(SEAT)
    await until(lambda: len(link.asked) >= 2)
    running.cancel()
    assert set(link.asked) == {"QueueAdd"}
    assert [record.levelname for record in caplog.records][:2] == ["INFO", "WARNING"]
