"""A private PostgreSQL: own folder, own unix socket, no port, gone after the tests."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

START_PATIENCE_S = 60


def programs() -> Path | None:
    """Folder of the newest installed server's programs; Debian does not put them on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def running(binaries: Path) -> Iterator[str]:
    """Yields the folder of its socket. The user is `callcenter`, without password: only the folder's owner comes in."""
    folder = Path(tempfile.mkdtemp(prefix="cc-pg-"))
    who: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        names = [name for name in ("postgres", "nobody") if _exists(name)]
        account = pwd.getpwnam(names[0])
        os.chown(folder, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    log = folder / "log"
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    try:
        subprocess.run(
            [binaries / "initdb", "-D", folder / "data", "-U", "callcenter", "-A", "trust", "-N", "-E", "UTF8"],
            check=True, stdout=subprocess.DEVNULL, env=environment, cwd=folder, **who,  # type: ignore[call-overload]
        )  # fmt: skip
        with log.open("wb") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "data", "-k", folder,
                 "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=50"],
                stdout=output, stderr=output, env=environment, cwd=folder, **who,  # type: ignore[call-overload]
            )  # fmt: skip
        try:
            _wait(folder, server, log)
            yield str(folder)
        finally:
            server.send_signal(2)  # SIGINT: close connections, stop
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def execute(folder: str, statement: str) -> None:
    """One statement outside any transaction, in the database `postgres`."""
    with psycopg.connect(host=folder, user="callcenter", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def url(folder: str, name: str) -> str:
    return f"postgresql://callcenter@/{name}?host={folder}"


def _exists(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name) is not None
    return False


def _wait(folder: Path, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_PATIENCE_S
    while True:
        try:
            return execute(str(folder), "SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
