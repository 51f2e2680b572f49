"""Every Redis key of the product."""

EVENTS = "cc:events"
"""Stream of numbered envelopes, field `e`. Trimmed: the database has all of them."""

EVENTS_KEPT = 20_000

HEARTBEAT = "cc:heartbeat:{node}"
"""JSON of `engine/heartbeat.py`, expires after some seconds: no key, no engine."""

COMMANDS = "cc:commands:{node}"
"""Stream of commands to the engine, field `c`."""

COMMANDS_KEPT = 1_000

REPLY = "cc:reply:{id}"
"""List with one JSON answer; expires."""
