"""Asking the engine: the api's side. The engine's side is `callcenter/engine/commands.py`.

A command is a wish. The answer says that the engine accepted it (Asterisk will confirm by an event) or why not.
"""

import json
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from callcenter import errors
from callcenter.bus import names
from callcenter.clock import Clock

ANSWER_WITHIN_S = 5.0
"""The engine drops a command that it reads later than this: nobody waits for it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    id: str
    name: str
    by: str
    """The person who asks, for the audit."""
    asked_at: float
    """Unix seconds."""
    args: dict[str, Any] = field(default_factory=dict)


class CommandBus:
    def __init__(self, redis: Redis, node: str, clock: Clock) -> None:
        self._redis = redis
        self._node = node
        self._clock = clock

    def ask(self, name: str, by: str, **args: Any) -> dict[str, Any]:
        """Send and wait for the engine's answer.

        Raises Unavailable when Redis or the engine is silent, else the engine's own refusal with its code.
        """
        command = self._command(name, by, args)
        try:
            self._send(command)
            answer: Any = self._redis.blpop([names.REPLY.format(id=command.id)], timeout=ANSWER_WITHIN_S)
        except RedisError as error:
            raise errors.Unavailable(f"Redis does not answer: {error}. Calls go on; try again in a moment.") from error
        if answer is None:
            raise errors.Unavailable("the engine does not answer. Calls go on; try again in a moment.")
        reply = json.loads(answer[1])
        if "error" in reply:
            raise refusal(**reply["error"])
        return dict(reply["result"])

    def tell(self, name: str, by: str, **args: Any) -> bool:
        """Send and do not wait, for what the engine would find out by itself a little later. False: Redis is away."""
        try:
            self._send(self._command(name, by, args))
        except RedisError:
            return False
        return True

    def _command(self, name: str, by: str, args: dict[str, Any]) -> Command:
        return Command(id=uuid.uuid4().hex, name=name, by=by, asked_at=self._clock.now().timestamp(), args=args)

    def _send(self, command: Command) -> None:
        self._redis.xadd(
            names.COMMANDS.format(node=self._node),
            {"c": json.dumps(asdict(command), ensure_ascii=False)},
            maxlen=names.COMMANDS_KEPT,
            approximate=True,
        )


def refusal(code: str, status: int, message: str, details: dict[str, Any]) -> errors.CallCenterError:
    """The engine's error, as if it had been raised here."""
    error = errors.CallCenterError(message, **details)
    error.code, error.status = code, status
    return error
