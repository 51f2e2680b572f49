"""A person at the HTTP side, as a program would be."""

from datetime import UTC, datetime
from typing import Any

import httpx

Record = dict[str, Any]


class Api:
    """Signed in as one person until closed."""

    def __init__(self, base: str, username: str, password: str) -> None:
        self.person = username
        self._client = httpx.Client(base_url=base, timeout=20)
        answer = self._client.post("/api/sign-in", json={"username": username, "password": password})
        assert answer.status_code == 200, f"sign-in of {username}: {answer.status_code} {answer.text}"
        me = answer.json()
        self._client.headers[me["csrf_header"]] = me["csrf"]

    def get(self, path: str, **query: Any) -> Any:
        answer = self._client.get(path, params=query)
        assert answer.is_success, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.try_post(path, **body)
        assert answer.is_success, f"POST {path} {body}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def try_post(self, path: str, **body: Any) -> httpx.Response:
        return self._client.post(path, json=body)

    def put(self, path: str, **body: Any) -> Any:
        answer = self._client.put(path, json=body)
        assert answer.is_success, f"PUT {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def delete(self, path: str) -> None:
        answer = self._client.delete(path)
        assert answer.is_success, f"DELETE {path}: {answer.status_code} {answer.text}"

    def want(self, state: str, reason: str = "") -> None:
        """`ready`, `paused`, `signed_out`; done when the seat's row says so."""
        self.post("/api/me/state", state=state, reason=reason)

    def phone(self, kind: str) -> dict[str, Any]:
        return dict(self.get("/api/me/phone", kind=kind))

    def calls(self, since: datetime, **query: Any) -> list[Record]:
        """Every record of calls that started since then, the oldest first."""
        records: list[Record] = []
        while True:
            page = self.get("/api/calls", **{"from": since.isoformat()}, limit=500, offset=len(records), **query)
            records += page["items"]
            if len(records) >= page["total"] or not page["items"]:
                return sorted(records, key=lambda record: datetime.fromisoformat(record["started_at"]))

    def call(self, call: str) -> Record:
        return dict(self.get(f"/api/calls/{call}"))

    def recording(self, call: str) -> bytes:
        answer = self._client.get(f"/api/calls/{call}/recording")
        assert answer.status_code == 200, f"recording of {call}: {answer.status_code} {answer.text}"
        return answer.content

    def kpi(self, since: datetime) -> dict[str, Any]:
        until = datetime.now(UTC).isoformat()
        return dict(self.get("/api/report/kpi", **{"from": since.isoformat(), "to": until}))

    def close(self) -> None:
        self._client.close()


def figure(kpi: dict[str, Any], name: str, variant: str) -> dict[str, Any]:
    return next(f for f in kpi["figures"] if f["name"] == name and f["variant"] == variant)
