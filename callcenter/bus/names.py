"""Every Redis key of the product."""

EVENTS = "cc:events"
"""Stream of numbered envelopes, field `e`. Trimmed: the database has all of them."""

EVENTS_KEPT = 20_000

HEARTBEAT = "cc:heartbeat:{node}"
"""JSON of `engine/heartbeat.py`, expires after some seconds: no key, no engine."""

PHONE_PAGE = "cc:phone-page:{endpoint}"
"""The page that took this browser phone last. Lost with Redis: then every page keeps what it has."""

COMMANDS = "cc:commands:{node}"
"""Stream of commands to the engine, field `c`."""

COMMANDS_KEPT = 1_000

REPLY = "cc:reply:{id}"
"""List with one JSON answer; expires."""
