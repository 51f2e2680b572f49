"""What the witnesses of a running system say of the day."""

import json
from datetime import datetime, timedelta
from typing import Any

from callcenter.instants import CHINA
from tests.asterisk.harness import System
from tests.given import until


def reconciled(system: System) -> dict[str, Any]:
    """The day's report, once nothing in it is only seconds old and every recording has been looked at, which takes a
    worker that has much to do longer. Every explained difference is left in."""

    def settled() -> dict[str, Any] | None:
        days = sorted({f"{datetime.now(CHINA) - timedelta(minutes=minutes):%Y-%m-%d}" for minutes in (0, 10)})
        told = [system.command("reconcile", "--day", day, "--json") for day in days]
        reports = [json.loads(answer.stdout) for answer in told]
        whole = {
            "differences": [row for report in reports for row in report["differences"]],
            "records": sum(report["compared"]["record"] for report in reports),
            "queue_log": sum(report["compared"]["queue_log"] for report in reports),
            "exit": max(answer.returncode for answer in told),
        }
        return None if any(unsettled(row) for row in whole["differences"]) else whole

    def unsettled(row: dict[str, Any]) -> bool:
        return row["reason"] == "in-progress" or row["kind"] == "recording-unsealed"

    return until(settled, within=90, every=2, saying="the day does not settle")


def unexplained_of_a_silent_day(system: System) -> list[dict[str, Any]]:
    """Differences that no rule explains, of telephones that send no sound: their talks leave empty recordings."""
    differences = reconciled(system)["differences"]
    return [row for row in differences if not row["explained"] and row["kind"] != "recording-broken"]
