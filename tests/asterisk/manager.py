"""A blocking line to Asterisk's manager interface, for what a test does behind the product's back."""

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager

Message = dict[str, str]


class Manager:
    def __init__(self, port: int, user: str, secret: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._file = self._socket.makefile("rb")
        self._file.readline()  # the greeting
        self._numbers = itertools.count(1)
        answer = self.ask("Login", Username=user, Secret=secret, Events="off")[0]
        assert answer["Response"] == "Success", answer

    def ask(self, action: str, **fields: str) -> list[Message]:
        """The response, and the events of its list when it has one."""
        number = f"t{next(self._numbers)}"
        lines = [f"Action: {action}", f"ActionID: {number}", *(f"{name}: {value}" for name, value in fields.items())]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answers = []
        for message in self._messages():
            if message.get("ActionID") != number:
                continue
            answers.append(message)
            is_list = answers[0].get("EventList", "").lower() == "start"
            if not is_list or message.get("EventList", "").lower() == "complete":
                return answers
        raise AssertionError(f"Asterisk closed the line during {action}")

    def channels(self) -> list[Message]:
        return [message for message in self.ask("CoreShowChannels") if message.get("Event") == "CoreShowChannel"]

    def close(self) -> None:
        self._socket.close()

    def _messages(self) -> Iterator[Message]:
        message: Message = {}
        for line in self._file:
            text = line.decode(errors="replace").rstrip("\r\n")
            if text:
                name, _, value = text.partition(": ")
                message[name] = value
            elif message:
                yield message
                message = {}


@contextmanager
def line(port: int, user: str, secret: str) -> Iterator[Manager]:
    manager = Manager(port, user, secret)
    try:
        yield manager
    finally:
        manager.close()
