"""The provider's REST interface, as far as we ask: which calls there were, what was left, the messages themselves."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from callcenter.cloud.setup import Cloud
from callcenter.errors import Unavailable

API = "https://api.twilio.com"
PATIENCE_S = 20.0
PAGE = 200
MOST_PAGES = 50
LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CloudCall:
    sid: str
    number: str
    """As the provider writes it."""
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recording:
    sid: str
    seconds: int


class Provider:
    """Raises `Unavailable` for whatever goes wrong on the way."""

    def __init__(self, cloud: Cloud, address: str = API) -> None:
        self._cloud = cloud
        self._address = address
        self._root = f"{address}/2010-04-01/Accounts/{cloud.account}"
        self._http = httpx.Client(
            auth=(cloud.account, cloud.token), timeout=PATIENCE_S, follow_redirects=True, max_redirects=3
        )

    def close(self) -> None:
        self._http.close()

    def calls(self, since: datetime) -> Iterator[CloudCall]:
        day = f"{since:%Y-%m-%d}"
        for raw in self._pages("Calls.json", "calls", {"To": self._cloud.number, "StartTime>": day}):
            if began := _instant(raw.get("start_time")):
                yield CloudCall(str(raw["sid"]), str(raw.get("from", "")), began, _instant(raw.get("end_time")))

    def number_of(self, call: str) -> str:
        return str(self._get(f"{self._root}/Calls/{call}.json").get("from", ""))

    def addresses_of(self, call: str) -> list[str]:
        """Of the documents that the provider fetched during the call, in order. Known 15 minutes after its end."""
        found = self._pages(f"Calls/{call}/Events.json", "events", {})
        return [str((event.get("request") or {}).get("url", "")) for event in found]

    def recordings_of(self, call: str) -> list[Recording]:
        found = self._pages(f"Calls/{call}/Recordings.json", "recordings", {})
        return [Recording(str(raw["sid"]), int(raw.get("duration") or 0)) for raw in found]

    def fetch(self, recording: str, into: Path) -> None:
        """The message as WAV. `into` is whole when this returns."""
        into.parent.mkdir(parents=True, exist_ok=True)
        fresh = into.with_name(f".{into.name}.{os.getpid()}")
        try:
            with self._http.stream("GET", f"{self._root}/Recordings/{recording}.wav") as answer:
                _fine(answer)
                with fresh.open("wb") as file:
                    for block in answer.iter_bytes():
                        file.write(block)
                        if file.tell() > LARGEST_MESSAGE_BYTES:
                            raise Unavailable(f"the message {recording} is larger than any message is")
        except httpx.HTTPError as error:
            fresh.unlink(missing_ok=True)
            raise Unavailable(f"the cloud's provider does not answer: {type(error).__name__}") from error
        except Unavailable:
            fresh.unlink(missing_ok=True)
            raise
        fresh.replace(into)

    def _pages(self, path: str, name: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        address: str | None = str(httpx.URL(f"{self._root}/{path}", params={**query, "PageSize": str(PAGE)}))
        for _ in range(MOST_PAGES):
            if not address:
                return
            page = self._get(address)
            yield from page.get(name) or []
            following = str(page.get("next_page_uri") or "")
            # Only its path: the account's token goes to the provider and to nobody else.
            address = f"{self._address}{_path(following)}" if following else None

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = self._http.get(address)
            _fine(answer)
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"the cloud's provider does not answer: {type(error).__name__}") from error
        return found if isinstance(found, dict) else {}


def _fine(answer: httpx.Response) -> None:
    if answer.status_code != httpx.codes.OK:
        advice = "; are `cloud_account` and `cloud_token` right?" if answer.status_code in (401, 403) else ""
        raise Unavailable(f"the cloud's provider answers {answer.status_code}{advice}")


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def _instant(text: object) -> datetime | None:
    """RFC 2822, as `Tue, 31 Aug 2010 20:36:28 +0000`."""
    try:
        return parsedate_to_datetime(str(text)) if text else None
    except ValueError:
        return None
