"""The CEL file counts as read only while the engine heard everything itself."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from callcenter.asterisk.link import AmiLink, LinkState
from callcenter.engine.cursor import SETTLED_AFTER, CelCursor
from callcenter.engine.pump import Pump
from callcenter.engine.resync import Resync

LINK = cast(AmiLink, SimpleNamespace(state=LinkState.READY))


@pytest.mark.parametrize(("synced", "moved"), [(True, True), (False, False)], ids=["in step", "resync not done"])
def test_it_moves_only_when_memory_is_in_step_with_asterisk(
    pump: Pump, tmp_path: Path, synced: bool, moved: bool
) -> None:
    file = tmp_path / "cel.csv"
    file.write_text("what nobody has heard\n")
    resync: Any = SimpleNamespace(cursor=(0, 0))
    pump.synced = synced
    cursor = CelCursor(file, LINK, pump, cast(Resync, resync))
    for _ in range(SETTLED_AFTER + 1):
        cursor.look()
    assert (resync.cursor != (0, 0)) is moved
