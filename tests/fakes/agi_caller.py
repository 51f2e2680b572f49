"""Asterisk's side of FastAGI: connects, says who calls, and answers commands as the test says."""

import asyncio
from collections.abc import Callable

Reply = Callable[[str], "bytes | None"]

ENVIRONMENT = {
    "agi_network": "yes",
    "agi_network_script": "main",
    "agi_channel": "PJSIP/trunk-00000001",
    "agi_language": "zh",
    "agi_uniqueid": "a-1767603600.1",
    "agi_callerid": "13900000001",
    "agi_arg_1": "a-1767603600.0",
}


class FakeCaller:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: Reply) -> None:
        self.reader = reader
        self.writer = writer
        self.reply = reply
        self.commands: list[str] = []
        self.answering = asyncio.create_task(self._answer())

    @classmethod
    async def call(cls, port: int, reply: Reply, **environment: str) -> "FakeCaller":
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = (ENVIRONMENT | environment).items()
        writer.write("".join(f"{key}: {value}\n" for key, value in lines).encode() + b"\n")
        return cls(reader, writer, reply)

    async def _answer(self) -> None:
        """Until the other side closes. A reply of None: no answer."""
        try:
            while line := await self.reader.readline():
                command = line.decode().rstrip("\n")
                self.commands.append(command)
                answer = self.reply(command)
                if answer is not None:
                    self.writer.write(answer)
        except ConnectionError:
            pass

    async def ended(self) -> None:
        """Wait until the server has closed this session."""
        await self.answering
        self.writer.close()


class Asterisk:
    """Answers each kind of command from a list, the last answer again and again; what is not listed succeeds."""

    def __init__(self, **replies: list[bytes]) -> None:
        self.replies = {name.replace("_", " "): list(answers) for name, answers in replies.items()}

    def __call__(self, command: str) -> bytes | None:
        for name, answers in self.replies.items():
            if command.startswith(name):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return b"200 result=0 endpos=8000\n"
