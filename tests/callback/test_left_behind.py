"""Messages that the dialplan recorded without the engine."""

import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from callcenter import secrets
from callcenter.call.model import Outcome
from callcenter.call.table import CallRow
from callcenter.callback.left_behind import LeftBehind
from callcenter.config import Settings
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault

NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW


def spoken(path: Path, seconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(int(16_000 * seconds)))


def test_a_message_is_filed_once_and_a_click_of_the_receiver_never(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    vault, database = NumberVault(secrets.ensure(tmp_path)), Database(settings)
    migrate(database)
    with database.begin() as session:
        for call in ("a-1", "a-2", "a-3"):
            row = CallRow(id=call, node="a", caller=vault.seal("13900000001"), language="bo", state="ended")
            row.outcome, row.started_at = Outcome.VOICEMAIL.value, NOW - timedelta(minutes=5)
            row.left_at = NOW
            session.add(row)
    day = settings.recordings_dir / f"voicemail/{NOW:%Y/%m/%d}"
    spoken(day / "a-1.wav", 4.0)
    spoken(day / "a-2.wav", 0.4)
    chore = LeftBehind(settings, database, vault, Clock())
    chore.look()
    chore.look()
    with database.read() as session:
        rows = list(session.scalars(select(CallerRequestRow)))
    database.close()
    assert [(row.call, row.kind, row.millis, row.language) for row in rows] == [("a-1", "voicemail", 4000, "bo")]
    assert vault.open(rows[0].number) == "13900000001"
    assert rows[0].order_no
