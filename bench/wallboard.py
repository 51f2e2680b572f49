"""From what Asterisk tells to the screens: event to WebSocket message, and event to changed pixels.

    python -m bench.wallboard [SECONDS] [CALLS_PER_SECOND] [SCREENS]

A system of its own with ten seats serves simulated callers. SCREENS live feeds are read by programs of their own, ten
feeds each, and one Chromium shows the wallboard. A feed's delay is taken from the moment that the entity itself names
(a seat's `since`, a call's clocks, which are the event's own) to the arrival of its message; the wallboard's from a
seat's event in the log to the first frame drawn after its cell changed. All clocks are this machine's.
"""

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from websockets.asyncio.client import connect

from callcenter.call.table import EventRow
from tests.asterisk.desk import Desk, opened
from tests.asterisk.harness import PASSWORD, System
from tests.browser.seat import chromium

PER_PROCESS = 10
SERVED = 0.3
"""Share of callers who reach a seat; ten seats serve no more. The others leave in the menu."""
SEATS = [f"10{n:02}" for n in range(1, 11) if n != 3]
CLOCKS = ("started_at", "queued_at", "answered_at")

WATCH = """() => {
  window.seen = [];
  const look = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const cell = [target.dataset.testid.slice(5), target.dataset.state];
      requestAnimationFrame(() => window.seen.push([...cell, performance.timeOrigin + performance.now()]));
    }
  });
  look.observe(document.querySelector("[data-testid=wallboard]"), {subtree: true, attributeFilter: ["data-state"]});
}"""


# one program of ten feeds


async def feed(url: str, cookie: str, delays: list[float]) -> None:
    known: dict[str, Any] = {}
    async with connect(url, additional_headers={"Cookie": cookie}, max_queue=None) as socket:
        async for text in socket:
            now = time.time()
            message = json.loads(text)
            moments(message.get("state", {}), known)  # older than this feed
            for at in moments(message.get("patch", {}), known):
                delays.append(now - datetime.fromisoformat(at).timestamp())


def moments(patch: dict[str, Any], known: dict[str, Any]) -> list[str]:
    """Clocks that are new in this message."""
    found = []
    for id_, seat in patch.get("seats", {}).items():
        if seat and known.get(f"seat {id_}") not in (None, seat["since"]):
            found.append(seat["since"])
        if seat:
            known[f"seat {id_}"] = seat["since"]
    for id_, call in patch.get("calls", {}).items():
        for name in CLOCKS if call else ():
            if call[name] and known.setdefault(f"{id_} {name}", call[name]) is call[name]:
                found.append(call[name])
    return found


async def feeds(url: str, cookie: str, count: int, seconds: float) -> list[float]:
    delays: list[float] = []
    tasks = [asyncio.create_task(feed(url, cookie, delays)) for _ in range(count)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    failed = [one for one in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(one, Exception)]
    if failed:
        sys.exit(f"{len(failed)} feeds broke off: {failed[0]}")
    return delays


# the whole


def load(desk: Desk, per_second: float, seconds: float) -> None:
    served = [f"138{n:08}" for n in range(int(per_second * SERVED * seconds))]
    hasty = [f"139{n:08}" for n in range(int(per_second * (1 - SERVED) * seconds))]
    desk.crowd(served, per_second * SERVED, key="1", key_after_s=3, stays_s=120)
    desk.crowd(hasty, per_second * (1 - SERVED), stays_s=3)


def pixels(system: System, since: datetime, seen: list[tuple[str, str, float]]) -> list[float]:
    """Seconds from each seat's event to the frame that shows it. A state that lasted less than a frame has none."""
    told: dict[tuple[str, str], list[float]] = defaultdict(list)
    wanted = select(EventRow).where(EventRow.type == "SeatStateChanged", EventRow.at >= since).order_by(EventRow.id)
    with system.database.read() as session:
        for row in session.scalars(wanted):
            told[str(row.seat), row.data["after"]].append(row.at.timestamp())
    delays = []
    for seat, state, at in seen:
        before = [moment for moment in told[seat, state] if moment <= at / 1000]
        if before:
            delays.append(at / 1000 - before[-1])
    return delays


def shown(name: str, delays: list[float]) -> None:
    if len(delays) < 100:
        print(f"{name}: only {len(delays)} seen")
        return
    cuts = statistics.quantiles(delays, n=100)
    print(
        f"{name}: {len(delays)} changes, p50 {1000 * cuts[49]:.0f} ms, p95 {1000 * cuts[94]:.0f} ms, "
        f"p99 {1000 * cuts[98]:.0f} ms, longest {1000 * max(delays):.0f} ms",
        flush=True,
    )


def run(system: System, folder: Path, seconds: float, per_second: float, screens: int) -> None:
    with ExitStack() as stack:
        desk = stack.enter_context(opened(system, folder))
        for number in SEATS:
            desk.seat(number, ring_s=0.3, talk_s=2.5)
        client = stack.enter_context(httpx.Client(base_url=system.base))
        client.post("/api/sign-in", json={"username": "supervisor", "password": PASSWORD})
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": system.base}])
        page = context.new_page()
        page.goto(f"{system.base}/wallboard")
        page.get_by_test_id("seat-1001").wait_for()
        page.evaluate(WATCH)
        address = system.base.replace("http", "ws") + "/api/live"
        command = [sys.executable, "-m", "bench.wallboard", "--feeds", address, cookie, str(PER_PROCESS), str(seconds)]
        clients = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(max(1, screens // PER_PROCESS))
        ]
        load(desk, per_second, seconds)
        delays = [delay for one in clients for delay in json.loads(one.communicate()[0])]
        seen = page.evaluate("() => window.seen")
        shown(f"event to message, {screens} screens", delays)
        shown("event to pixels", pixels(system, desk.since, seen))


def main(seconds: float = 60, per_second: float = 5, screens: int = 50) -> None:
    folder = Path(tempfile.mkdtemp(prefix="wall-"))
    system = System(folder / "home", CALLCENTER_WRAP_UP_CAP_S="2", CALLCENTER_RING_TIMEOUT_S="10")
    system.add_seats("1005", "1006", "1007", "1008", "1009", "1010")
    try:
        with system:
            run(system, folder / "phones", seconds, per_second, screens)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--feeds"]:
        print(json.dumps(asyncio.run(feeds(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5])))))
    else:
        main(*map(float, sys.argv[1:3]), *map(int, sys.argv[3:4]))
