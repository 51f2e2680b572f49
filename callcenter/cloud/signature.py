"""Whether a request comes from the provider: his signature over the address and the form, by his own library."""

import logging
from urllib.parse import parse_qsl

from fastapi import Request
from twilio.request_validator import RequestValidator

from callcenter.errors import BadInput, CallCenterError

log = logging.getLogger(__name__)

SIGNATURE = "X-Twilio-Signature"
BODY_BYTES = 64 * 1024


class ForgedRequest(CallCenterError):
    code = "forged-request"
    status = 403


async def form_of(request: Request) -> list[tuple[str, str]]:
    """The fields in their order. Raises `BadInput` for more than any provider sends."""
    stated = request.headers.get("content-length", "0")
    if not stated.isdecimal() or int(stated) > BODY_BYTES:
        raise BadInput(f"a request of the provider has at most {BODY_BYTES:,} bytes")
    return parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)


async def signed_form(request: Request, public_url: str, token: str) -> dict[str, str]:
    """The form's fields, if the provider has signed them together with the address it believes to be ours.

    Raises `ForgedRequest`, `BadInput`.
    """
    pairs = await form_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    address = f"{public_url}{request.url.path}{query}"
    signature = request.headers.get(SIGNATURE, "")
    if not token or not RequestValidator(token).validate(address, _grouped(pairs), signature):
        log.warning("cloud.forged path=%s", request.url.path)
        raise ForgedRequest("this request is not signed by the provider; are `public_url` and his token right?")
    return dict(pairs)


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, str | list[str]]:
    """As the signature counts them: a field given twice has both values."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
