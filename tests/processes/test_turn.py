"""A TURN server is started where one is asked for, and reaches nothing but this machine."""

import shutil
import stat
from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.errors import Unavailable
from callcenter.processes import ports, programs, turn
from callcenter.processes.telephone_user import TelephoneUser
from tests.processes.test_programs import ASTERISK


def settings_of(home: Path, **more: object) -> Settings:
    return Settings(home=home, turn_port=3478, **more)


def test_without_the_setting_there_is_none(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert turn.own(settings) is None
    assert "TURN" not in {port.purpose for port in ports.needed(settings)}


def test_without_its_program_the_start_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="apt-get install --no-install-recommends coturn"):
        turn.own(settings_of(tmp_path))


@pytest.mark.parametrize(
    ("host", "listens", "on_loopback"),
    [("127.0.0.1", ["127.0.0.1"], True), ("localhost", ["127.0.0.1"], True), ("0.0.0.0", [], False)],  # noqa: S104
)
def test_it_listens_where_the_screens_do_and_leads_to_asterisk_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, listens: list[str], on_loopback: bool
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(turn, "own_addresses", lambda: ("192.0.2.10",))
    settings = settings_of(tmp_path, http_host=host)
    own = turn.own(settings)
    programs.write(settings, programs.programs(settings, ASTERISK, None, own, TelephoneUser("")), None, own)

    lines = turn.conf(settings).read_text().splitlines()
    said: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        said.setdefault(name, []).append(value)
    assert said["denied-peer-ip"][0] == "0.0.0.0-255.255.255.255"
    assert said["allowed-peer-ip"] == ["192.0.2.10", *(["127.0.0.1"] if on_loopback else [])]
    assert said.get("listening-ip", []) == listens
    assert ("allow-loopback-peers" in said) is on_loopback
    assert {"use-auth-secret", "no-cli"} <= set(said)
    assert stat.S_IMODE(turn.conf(settings).stat().st_mode) == 0o600, "it holds a key"
    assert "turnserver -c" in programs.supervisor_conf(settings).read_text()
    assert {(port.kind, port.number) for port in ports.needed(settings)} >= {("udp", 3478), ("tcp", 3478)}
