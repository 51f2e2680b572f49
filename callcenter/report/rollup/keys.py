"""Values of a facet as keys that fit into an index: any text, and none."""

from hashlib import sha256

from callcenter.report.definitions.groups import Key

LONGEST = 64


def key_of(value: Key) -> str:
    if value is None:
        return ""
    return f"={value}" if len(value) <= LONGEST else f"#{sha256(value.encode()).hexdigest()}"


def stored_value(value: Key) -> str | None:
    """What has to be kept beside the key."""
    return value if value is not None and len(value) > LONGEST else None


def value_of(key: str, stored: str | None) -> Key:
    if not key:
        return None
    return key[1:] if key[0] == "=" else stored
