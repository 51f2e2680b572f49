"""The whole product, started the way a person does: `callcenter run` with a home and ports of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from pydantic import SecretStr

from callcenter import secrets
from callcenter.account import demo
from callcenter.account.model import Person, Role
from callcenter.account.passwords import hashed
from callcenter.account.repository import People
from callcenter.config import CHECKOUT, Settings
from callcenter.ids import PersonId, SeatId
from callcenter.storage.database import Database, migrate
from tests.asterisk import manager, ports, processes
from tests.asterisk.api import Api, Record
from tests.asterisk.manager import Manager
from tests.given import NeverCame, until

PASSWORD = "a-password-for-tests-only"
RTP_PORTS = 1200
START_WITHIN_S = 90.0
STOP_WITHIN_S = 40.0
TAIL = 4000
"""Characters of each log shown when something does not start."""


class System:
    """One running call centre. `start()` and `stop()` may be called again: the home stays."""

    def __init__(self, home: Path, database_url: str = "", **more: str) -> None:
        rtp = ports.block(RTP_PORTS, step=7)
        http, sip, ws, ami, agi = range(first := ports.block(5), first + 5)
        self.environment = {
            "CALLCENTER_HOME": str(home),
            "CALLCENTER_HTTP_PORT": str(http),
            "CALLCENTER_SIP_PORT": str(sip),
            "CALLCENTER_WS_PORT": str(ws),
            "CALLCENTER_AMI_PORT": str(ami),
            "CALLCENTER_AGI_PORT": str(agi),
            "CALLCENTER_RTP_PORTS": f"{rtp}-{rtp + RTP_PORTS - 1}",
            "CALLCENTER_DEMO_PASSWORD": PASSWORD,
            "CALLCENTER_RTP_TIMEOUT_S": "6",
            "CALLCENTER_RING_TIMEOUT_S": "5",
            "CALLCENTER_WRAP_UP_GUARD_S": "1",
            "CALLCENTER_WRAP_UP_CAP_S": "20",
            "CALLCENTER_ROOM_WAIT_S": "15",
            **({"CALLCENTER_DATABASE_URL": database_url} if database_url else {}),
            **more,
        }
        self.settings = Settings(
            home=home,
            database_url=database_url,
            http_port=http,
            sip_port=sip,
            ws_port=ws,
            ami_port=ami,
            agi_port=agi,
            rtp_ports=self.environment["CALLCENTER_RTP_PORTS"],
        )
        self.home = home
        self.base = f"http://127.0.0.1:{http}"
        self._process: subprocess.Popen[bytes] | None = None
        self._people: dict[str, Api] = {}
        self._database: Database | None = None

    # --- life

    def add_seats(self, *numbers: str, languages: tuple[str, ...] = ("zh",)) -> None:
        """Seats beside the demo ones. Before the first start: phones are rendered then."""
        settings = self.settings.model_copy(update={"demo_password": SecretStr(PASSWORD)})
        migrate(self.database)
        demo.seed(self.database, settings)
        with self.database.begin() as session:
            for number in numbers:
                person = Person(
                    id=PersonId(number), name=f"坐席{number}", role=Role.SEAT, seat=SeatId(number), languages=languages
                )
                People(session).add(person, hashed(PASSWORD))

    def start(self) -> None:
        """Start, and wait until a call could be taken."""
        self._run(self.is_healthy)

    def __enter__(self) -> Self:
        """Started, and stopped whatever happens meanwhile."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start_sick(self) -> None:
        """Start, and wait until all is up but the recordings, whose disk a test has filled."""
        self._run(lambda: [name for name, part in self._parts() if part["status"] == "fail"] == ["recordings"])

    def _parts(self) -> list[tuple[str, dict[str, str]]]:
        return list(self.health().get("parts", {}).items())

    def _run(self, up: Callable[[], bool]) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        program = Path(sys.executable).parent / "callcenter"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CALLCENTER_")}
        with (self.home / "run.log").open("ab") as output:
            self._process = subprocess.Popen(
                [program, "run"], env=kept | self.environment, cwd=CHECKOUT, stdout=output, stderr=output
            )
        try:
            until(up, within=START_WITHIN_S, every=0.2)
        except (NeverCame, subprocess.SubprocessError) as error:
            said = f"{error}\nhealth: {self.health()}\n{self.logs()}"
            self.kill()
            raise AssertionError(f"the system does not come up: {said}") from None

    def stop(self) -> None:
        """Stop as Ctrl-C would, and see that nothing is left."""
        for person in self._people.values():
            person.close()
        self._people.clear()
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_WITHIN_S)
            until(lambda: not processes.of_home(self.home), within=10)
        except (NeverCame, subprocess.TimeoutExpired):
            left = processes.of_home(self.home)
            logs = self.logs()
            self.kill()
            raise AssertionError(f"left behind after the stop: {left}\n{logs}") from None
        self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        for pid in processes.of_home(self.home):
            processes.send(pid, signal.SIGKILL)

    def is_healthy(self) -> bool:
        assert self._process is None or self._process.poll() is None, (
            f"`callcenter run` ended with {self._process and self._process.returncode}\n{self.logs()}"
        )
        return self.health().get("status") == "ok"

    def health(self) -> dict[str, Any]:
        try:
            return dict(httpx.get(f"{self.base}/api/health", timeout=10).json())
        except (httpx.HTTPError, ValueError) as error:
            return {"status": "silent", "message": str(error)}

    def logs(self) -> str:
        asterisk = self.settings.asterisk_dir / "log" / "messages"
        files = [self.home / "run.log", *sorted(self.settings.log_dir.glob("*.log")), asterisk]
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-TAIL:]}" for path in files if path.exists()
        )

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A verb of the command line, on this home."""
        program = Path(sys.executable).parent / "callcenter"
        return subprocess.run(
            [program, *words],
            env=os.environ | self.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=120,
        )

    # --- its parts

    def part(self, name: str) -> int:
        """Process id of `engine`, `api`, `worker`, `redis`, `asterisk` or `supervisord`."""
        found = self.runs(name)
        assert found is not None, f"no {name} runs: {processes.of_home(self.home)}"
        return found

    def runs(self, name: str) -> int | None:
        """The same; None while there is none."""
        words = {
            "asterisk": ("asterisk.conf",),
            "redis": ("redis-server",),
            "supervisord": ("supervisord",),
        }.get(name, ("callcenter", f" {name}"))
        return processes.find(self.home, *words)

    @contextmanager
    def held_down(self, name: str) -> Iterator[None]:
        """Kill a part with kill -9 and keep it from being started again until the block ends."""
        keeper, pid = self.part("supervisord"), self.part(name)
        processes.send(keeper, signal.SIGSTOP)
        try:
            processes.send(pid, signal.SIGKILL)
            until(lambda: not processes.runs(pid), saying=f"{name} survives kill -9")
            yield
        finally:
            processes.send(keeper, signal.SIGCONT)

    @contextmanager
    def asterisk(self) -> Iterator[Manager]:
        own = secrets.read(self.home)
        with manager.line(self.settings.ami_port, "doctor", own.ami_password("doctor")) as line:
            yield line

    def hang_up_all(self) -> None:
        """End every call; killed SIPp programs leave theirs behind, and a crowd may still be calling."""
        with self.asterisk() as line:

            def none_is_left() -> bool:
                left = line.channels()
                for channel in left:
                    line.ask("Hangup", Channel=channel["Channel"])
                return not left

            until(none_is_left, within=10, saying="channels are left")

    @property
    def database(self) -> Database:
        if self._database is None:
            self._database = Database(self.settings)
        return self._database

    # --- what a story asks

    def person(self, username: str) -> Api:
        if username not in self._people:
            self._people[username] = Api(self.base, username, PASSWORD)
        return self._people[username]

    def calls(self, since: datetime, **query: Any) -> list[Record]:
        return self.person("supervisor").calls(since, **query)

    def the_call(self, since: datetime) -> Record | None:
        """The only call since then; None while there is none."""
        found = self.calls(since)
        assert len(found) < 2, f"one call was made, there are {len(found)} records: {found}"
        return found[0] if found else None


def now() -> datetime:
    return datetime.now(UTC)


def remove(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
