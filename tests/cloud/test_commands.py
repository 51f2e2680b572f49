"""`callcenter flows twiml`, and what the doctor says about the number in the cloud."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from callcenter import secrets
from callcenter.config import Settings
from callcenter.doctor.cloud import number
from callcenter.ivr.commands import flows
from callcenter.storage.database import Database
from tests.cloud.provider_server import ACCOUNT

BASE, ROUTER = "https://hotline.example/menu", "https://handler.example/twiml/EH1"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLCENTER_HOME", str(tmp_path / "home"))

    def invoke(flow: str = "main", base: str = BASE, out: str = "out") -> Result:
        return CliRunner().invoke(flows, ["twiml", flow, "--out", out, "--base", base, "--router", ROUTER])

    return invoke


def test_documents_are_written_and_every_one_they_name_is_there(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = write()
    assert result.exit_code == 0, result.output
    folder = tmp_path / "out"
    names = {path.name for path in folder.glob("*.xml")}
    assert {"index.xml", "router.xml"} <= names
    for path in folder.glob("*.xml"):
        for redirect in ElementTree.fromstring(path.read_text()).iter("Redirect"):  # noqa: S314 - our own
            target = (redirect.text or "").removeprefix(f"{BASE}/")
            assert target in names or path.name == "router.xml"


@pytest.mark.parametrize("base", ["http://plain.example", "https://with.slash/", "nonsense", "https://x?y=1"])
def test_an_address_that_cannot_be_one_is_refused(write, base: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert write(base=base).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_an_unknown_flow_and_a_full_folder_are_refused(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert write(flow="nonsense").exit_code == 2
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "old.xml").write_text("<Response/>")
    assert write(out="full").exit_code == 2
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["old.xml"]


def test_the_doctor_says_what_is_missing(database_settings: Settings, database: Database) -> None:
    def said(settings: Settings) -> tuple[str, str]:
        (result,) = number(settings)
        return str(result.status), result.message

    secrets.ensure(database_settings.home)
    assert said(database_settings)[0] == "ok"
    begun = database_settings.model_copy(update={"cloud_account": ACCOUNT})
    assert said(begun) == (
        "warn",
        "`public_url` and `cloud_token` in secrets.toml missing: the provider's requests are answered with 503",
    )
    with (database_settings.home / secrets.FILE).open("a") as file:
        file.write('cloud_token = "12345"\n')
    public = begun.model_copy(update={"public_url": "https://site.example"})
    assert "cloud_number" in said(public)[1]
    status, message = said(public.model_copy(update={"cloud_number": "+861012348"}))
    assert (status, message) == ("ok", "+861012348, 0 messages still to fetch")
    assert "12345" not in repr(secrets.read(database_settings.home))
