"""Strict access to the headers of one AMI message. A header that is missing or malformed is an error with a name."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from callcenter.errors import CallCenterError

WITHHELD = frozenset({"", "<unknown>", "unknown", "anonymous"})
"""What Asterisk writes where a caller's number is not known (`main/manager_channels.c`, `apps/app_queue.c`)."""

TRUE = frozenset({"1", "yes", "true", "on"})
FALSE = frozenset({"0", "no", "false", "off"})


class DecodeError(CallCenterError):
    """A message lacks what we need of it. The text never quotes a value: values may be callers' numbers."""

    code = "undecodable-event"


class Headers:
    """The headers of one message. Of a header that comes twice the last one counts."""

    __slots__ = ("fields", "name")

    def __init__(self, name: str, fields: Mapping[str, str]) -> None:
        self.name = name
        """The event's name, or `Response`."""
        self.fields = fields

    @classmethod
    def parse(cls, block: bytes) -> "Headers":
        """Read one whole message (without its empty last line).

        Bytes that are not UTF-8 become U+FFFD. A message is decoded as a whole, so a character that arrived in two
        reads stays one character. Lines without a colon are passed over.
        """
        fields: dict[str, str] = {}
        for line in block.decode("utf-8", "replace").split("\r\n"):
            key, colon, value = line.partition(":")
            if colon:
                fields[key] = value[1:] if value[:1] == " " else value
        return cls(fields.get("Event") or "Response", fields)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.fields.get(key, default)
        if value is None:
            raise DecodeError(f"{self.name}: header {key} is missing")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        value = self.fields.get(key)
        if value is None and default is not None:
            return default
        try:
            return int(self.text(key))
        except ValueError:
            raise DecodeError(f"{self.name}: header {key} is not a whole number") from None

    def seconds(self, key: str, default: int | None = None) -> timedelta:
        """Whole seconds, or Asterisk's `hh:mm:ss`."""
        value = self.fields.get(key, "")
        if value.count(":") == 2:
            hours, minutes, seconds = value.split(":")
            try:
                return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
            except (ValueError, OverflowError):
                raise DecodeError(f"{self.name}: header {key} is not a duration") from None
        try:
            return timedelta(seconds=self.integer(key, default))
        except OverflowError:
            raise DecodeError(f"{self.name}: header {key} is not a duration") from None

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self.fields.get(key)
        if value is None and default is not None:
            return default
        word = self.text(key).lower()
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        raise DecodeError(f"{self.name}: header {key} is neither yes nor no")

    def time(self, key: str) -> datetime:
        """Seconds since 1970 with a fraction, e.g. `1767603600.123456`, as an aware UTC instant."""
        return instant(self.text(key), f"{self.name}: header {key}")

    def number(self, key: str) -> str:
        """A caller's number; empty when it is withheld."""
        value = self.fields.get(key, "")
        return "" if value.lower() in WITHHELD else value


def instant(text: str, where: str) -> datetime:
    """`1767603600.123456` -> aware UTC, without passing through a float, which would lose microseconds.

    `where` begins the message of the DecodeError.
    """
    seconds, _, fraction = text.partition(".")
    try:
        if fraction and not fraction.isdecimal():
            raise ValueError
        micros = int((fraction + "000000")[:6]) if fraction else 0
        return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=micros)
    except (ValueError, OverflowError, OSError):
        raise DecodeError(f"{where} is not a time") from None
