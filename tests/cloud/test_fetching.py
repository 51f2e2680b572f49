"""What was left at the provider while the site was down comes home once, whole, and with the right account."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.cloud.fetching import CALLS_EVERY, MESSAGES_EVERY, CloudFetch
from callcenter.cloud.jobs import CloudChore
from callcenter.cloud.provider import Provider
from callcenter.cloud.repository import CloudCalls
from callcenter.cloud.setup import Cloud
from callcenter.cloud.static import FIRST, Documents, Hosting
from callcenter.cloud.table import CloudCallRow
from callcenter.config import Settings
from callcenter.errors import Unavailable
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.cloud.caller import CloudCaller
from tests.cloud.provider_server import ACCOUNT, TOKEN, Stored, TheProvider, message, provider
from tests.cloud.test_conformance import BASE, ENTRIES, ROUTER, Hosted, voice
from tests.given import until
from tests.ivr.test_conformance import Keys
from tests.site import START, HandClock

SID, RECORDING = "CA" + "a" * 32, "RE" + "b" * 32


@pytest.fixture
def the_provider() -> Iterator[TheProvider]:
    with provider() as the:
        yield the


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


class Home:
    def __init__(self, settings: Settings, database: Database, clock: HandClock, the: TheProvider) -> None:
        self.settings, self.database = settings, database
        self.vault = NumberVault(secrets.ensure(settings.home))
        self.cloud = Cloud(public_url="https://site.example", account=ACCOUNT, number="+861012348", token=TOKEN)
        self.fetch = CloudFetch(settings, database, self.vault, clock, lambda: Provider(self.cloud, the.address))

    def requests(self) -> dict[tuple[str, str], CallerRequestRow]:
        with self.database.read() as session:
            return {(row.call, row.kind): row for row in session.query(CallerRequestRow)}

    def number(self, row: CallerRequestRow) -> str:
        return self.vault.open(row.number)


@pytest.fixture
def home(database_settings: Settings, database: Database, clock: HandClock, the_provider: TheProvider) -> Home:
    return Home(database_settings, database, clock, the_provider)


def stored(sid: str = SID, number: str = "+8613912345678", minutes: int = 60, **more: object) -> Stored:
    began = START - timedelta(minutes=minutes)
    ended = format_datetime(began + timedelta(minutes=2))
    return Stored(sid, number, format_datetime(began), ended, **more)  # type: ignore[arg-type]


def addresses(*entries: str) -> list[str]:
    """Of the documents that such a caller fetches."""
    caller = CloudCaller(Hosted(ENTRIES["main"], "zh").fetch, Keys(list(entries)), speaks=3)
    caller.call(f"{BASE}/{FIRST}", "GET")
    return [address for _, address in caller.fetched]


def test_a_request_in_tibetan_made_without_any_site_becomes_a_task(home: Home, the_provider: TheProvider) -> None:
    the_provider.calls.append(stored(addresses=addresses("", "2", "", "1")))
    home.fetch.look()
    row = home.requests()[SID, "callback"]
    assert (row.language, row.source, row.state, home.number(row)) == ("bo", "cloud", "open", "13912345678")
    assert row.number != b"13912345678"
    assert len(home.requests()) == 1


def test_a_message_left_without_any_site_is_brought_home_whole(home: Home, the_provider: TheProvider) -> None:
    data = message(4.0)
    the_provider.calls.append(stored(addresses=addresses("", "3", "", "2"), recordings={RECORDING: data}))
    home.fetch.look()
    row = home.requests()[SID, "voicemail"]
    assert (row.language, row.millis, row.state, row.source) == ("mn", 4000, "open", "cloud")
    assert (home.settings.recordings_dir / row.file).read_bytes() == data
    assert the_provider.tokens_at_storage == [""]


def test_what_a_person_has_dealt_with_is_not_opened_again(
    home: Home, clock: HandClock, the_provider: TheProvider
) -> None:
    the_provider.calls.append(stored(addresses=addresses("", "2", "", "1")))
    home.fetch.look()
    with home.database.begin() as session:
        session.get(CallerRequestRow, (SID, "callback")).state = "done"  # type: ignore[union-attr]
    again = Home(home.settings, home.database, clock, the_provider)
    again.fetch.look()
    assert home.requests()[SID, "callback"].state == "done"


def test_all_pages_are_read_and_calls_that_have_just_ended_wait(
    home: Home, clock: HandClock, the_provider: TheProvider
) -> None:
    asked = addresses("", "", "", "1")
    the_provider.calls += [stored(f"CA{number:032d}", addresses=asked) for number in range(5)]
    the_provider.calls.append(stored("CA" + "f" * 32, minutes=3, addresses=asked))
    home.fetch.look()
    assert len(home.requests()) == 5
    clock.forward(minutes=20)
    home.fetch.look()
    assert len(home.requests()) == 6


def test_a_caller_who_withholds_his_number_asks_in_vain_but_his_message_counts(
    home: Home, the_provider: TheProvider
) -> None:
    the_provider.calls.append(
        stored(number="anonymous", addresses=addresses("", "", "", "1"), recordings={RECORDING: message()})
    )
    home.fetch.look()
    assert {kind for _, kind in home.requests()} == {"voicemail"}


def test_an_empty_message_is_none(home: Home, the_provider: TheProvider) -> None:
    the_provider.calls.append(stored(addresses=addresses("", "", "", "2"), recordings={RECORDING: message(0.3)}))
    home.fetch.look()
    assert home.requests() == {}


def test_a_provider_that_stumbles_is_asked_again_and_no_half_message_stays(
    home: Home, clock: HandClock, the_provider: TheProvider
) -> None:
    the_provider.calls.append(stored(recordings={RECORDING: message()}))
    with home.database.begin() as session:
        calls = CloudCalls(session, home.vault)
        row = calls.ensure(SID, START, "", "zh")
        row.recording = RECORDING
        calls.ask_for(row, "voicemail", START, millis=3000)
    the_provider.broken = 2
    with pytest.raises(Unavailable, match="503"):
        home.fetch.look()
    clock.forward(seconds=MESSAGES_EVERY.total_seconds())
    home.fetch.look()
    assert home.requests()[SID, "voicemail"].file == ""
    assert not list(Path(home.settings.recordings_dir).rglob("*.wav*"))
    clock.forward(seconds=CALLS_EVERY.total_seconds())
    home.fetch.look()
    row = home.requests()[SID, "voicemail"]
    assert row.file.endswith(f"{SID}.wav")
    assert home.number(row) == "13912345678"


def test_a_wrong_token_is_said_and_nothing_is_written(home: Home, the_provider: TheProvider) -> None:
    home.cloud = replace(home.cloud, token="wrong")
    with pytest.raises(Unavailable, match="cloud_token"):
        home.fetch.look()
    assert (home.requests(), the_provider.asked, len(the_provider.refused)) == ({}, [], 1)


def test_the_chore_works_beside_the_sweeper_and_only_when_it_is_set_up(
    home: Home, clock: HandClock, the_provider: TheProvider
) -> None:
    CloudChore(home.settings, clock, the_provider.address).look()
    assert the_provider.asked == []
    with (home.settings.home / secrets.FILE).open("a") as file:
        file.write(f'cloud_token = "{TOKEN}"\n')
    ready = home.settings.model_copy(
        update={"public_url": "https://site.example", "cloud_account": ACCOUNT, "cloud_number": "+861012348"}
    )
    the_provider.calls.append(stored(addresses=addresses("", "2", "", "1")))
    CloudChore(ready, clock, the_provider.address).look()
    until(lambda: home.requests(), 30)
    with home.database.read() as session:
        assert session.get(CloudCallRow, SID) is not None


def test_documents_tell_the_site_of_messages_when_it_has_an_address() -> None:
    recorded = "https://site.example/api/cloud/recording"
    made = Documents(ENTRIES["main"], Hosting(BASE, ROUTER, recorded), voice, "zh").make()
    records = [text for text in made.values() if "<Record" in text]
    assert records
    assert all(f"{recorded}?language=" in text for text in records)
