"""One open screen, and how late the news reaches it."""

import asyncio
from dataclasses import dataclass, field

from prometheus_client import Histogram

from callcenter.account.model import Role

BEHIND_MAX = 200
"""Messages a screen may be behind before it is dropped: it comes back and gets a snapshot."""
LAG_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


def event_lag() -> Histogram:
    """From what Asterisk told to the message for the screens; belongs to one live feed."""
    return Histogram(
        "callcenter_event_lag_seconds", "From the event to the screens' message", buckets=LAG_BUCKETS, registry=None
    )


@dataclass(eq=False)
class Screen:
    """One open WebSocket. None in the queue: it was too slow."""

    role: Role
    queue: "asyncio.Queue[str | None]" = field(default_factory=lambda: asyncio.Queue(BEHIND_MAX + 1))

    def put(self, message: str) -> bool:
        if self.queue.qsize() < BEHIND_MAX:
            self.queue.put_nowait(message)
            return True
        self.queue.put_nowait(None)
        return False
