"""Messages by Twilio. Its own client makes and reads the requests; how they travel is ours, to know what was lost."""

import logging
from datetime import datetime, timedelta
from typing import Any

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from callcenter.cloud.number import COUNTRY
from callcenter.message.gateway import Answer, Letter, Lost, NotSent, Rejected, Taken
from callcenter.message.rules import TWILIO, TwilioRules
from callcenter.message.travel import PATIENCE_S, carried

CLOCKS_DIFFER = timedelta(minutes=2)
LATEST = 50
OUR_FAULT = frozenset({401, 403, 429})
"""Wrong token, no right, too quick: the message itself is not at fault and can go later."""


class _Wire(HttpClient):  # type: ignore[misc]  # the package has no types
    def __init__(self, address: str) -> None:
        super().__init__(logging.getLogger("callcenter.message.wire"), is_async=False)
        self._address = address
        self._http = httpx.Client(timeout=PATIENCE_S)

    def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Response:
        params, data, headers, auth = (*args, *(None,) * 4)[:4]
        answer = self._http.request(
            method,
            self._address + uri.removeprefix(TWILIO),
            params=params or kwargs.get("params"),
            data=data or kwargs.get("data"),
            headers=headers or kwargs.get("headers"),
            auth=auth or kwargs.get("auth"),
        )
        return Response(answer.status_code, answer.text, answer.headers)


class TwilioGateway:
    name = "twilio"

    def __init__(self, rules: TwilioRules, token: str, reports_to: str, address: str = TWILIO) -> None:
        """`reports_to`: where Twilio tells what became of a message; our id is added. Empty: nowhere."""
        self._rules = rules
        self._reports_to = reports_to
        self._client = Client(rules.account, token, http_client=_Wire(address))

    def send(self, letter: Letter) -> Answer:
        sender = "messaging_service_sid" if self._rules.sender.startswith("MG") else "from_"
        more = {"status_callback": f"{self._reports_to}?m={letter.id}"} if self._reports_to else {}

        def ask() -> Answer:
            made = self._client.messages.create(
                to=COUNTRY + letter.number, body=letter.text, **{sender: self._rules.sender}, **more
            )
            return Taken(str(made.sid), int(made.num_segments or 0))

        return carried(lambda: _understood(ask))

    def find(self, letter: Letter, since: datetime) -> Taken | NotSent | Lost:
        """By number and text among the newest: a link in the text is no other message's."""

        def ask() -> Answer:
            for made in self._client.messages.list(to=COUNTRY + letter.number, limit=LATEST):
                begun = made.date_created
                if made.body == letter.text and (begun is None or begun > since - CLOCKS_DIFFER):
                    return Taken(str(made.sid), int(made.num_segments or 0))
            return NotSent("Twilio has no such message")

        answer = carried(lambda: _understood(ask))
        if isinstance(answer, Taken) or answer == NotSent("Twilio has no such message"):
            return answer
        return Lost("Twilio cannot be asked")


def _understood(ask: Any) -> Answer:
    try:
        found: Answer = ask()
        return found
    except TwilioRestException as refused:
        if refused.status in OUR_FAULT:
            return NotSent(f"Twilio answers {refused.status}; is `message_secret` right?")
        if refused.status >= 500:
            return Lost(f"Twilio answers {refused.status}")
        return Rejected(str(refused.code or refused.status))
    except (TwilioException, ValueError) as error:
        return Lost(f"Twilio's answer is not understood: {type(error).__name__}")
