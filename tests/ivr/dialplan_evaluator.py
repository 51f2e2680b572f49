"""A small, strict evaluator of the dialplan our compiler writes: anything it does not know is an error, so that it can
only agree with what it understands. `tests/asterisk/menus/` holds it against a real Asterisk."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

Trace = list[tuple[str, ...]]
STEPS = 20_000

_HEAD = re.compile(r"\[([\w-]+)\]")
_LINE = re.compile(r"(?:exten => (?P<exten>[\w.]+),1| same => n)(?:\((?P<label>\w+)\))?,(?P<app>\w+)\((?P<args>.*)\)")
_LABELLED = re.compile(r"exten => (?P<exten>\w+),1\((?P<label>\w+)\),(?P<rest>.*)")
_TOKEN = re.compile(r'\s*("[^"]*"|>=|<=|!=|[=<>|&+-]|[^\s=<>|&+"]+)')


@dataclass
class Step:
    app: str
    args: str


@dataclass
class Dialplan:
    contexts: dict[str, dict[str, list[Step]]] = field(default_factory=dict)
    labels: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Dialplan":
        plan, context, exten = cls(), "", ""
        for line in text.splitlines():
            if not line or line.startswith(";"):
                continue
            if head := _HEAD.fullmatch(line):
                context = head[1]
                assert context not in plan.contexts, f"context {context} twice"
                plan.contexts[context] = {}
                continue
            found = _LINE.fullmatch(line)
            assert found, f"not understood: {line}"
            if found["exten"]:
                exten = found["exten"]
                assert exten not in plan.contexts[context], f"{context},{exten} twice"
                plan.contexts[context][exten] = []
            steps = plan.contexts[context][exten]
            if found["label"]:
                assert (context, exten, found["label"]) not in plan.labels, line
                plan.labels[context, exten, found["label"]] = len(steps)
            steps.append(Step(found["app"], found["args"]))
        return plan


@dataclass
class Call:
    """One caller in the dialplan. `press(listens)`: what he presses when asked, all keys at once, `` for none.

    `listens`: `play` for a prompt he may interrupt, `ask` for a question.
    """

    plan: Dialplan
    press: Callable[[str], str]
    now: datetime = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
    variables: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    """`QUEUE_MEMBER(bo,ready)` -> value."""
    trace: Trace = field(default_factory=list)

    def run(self, context: str) -> Trace:
        place = (context, "s", 0)
        returns: list[tuple[str, str, int]] = []
        for _ in range(STEPS):
            context, exten, index = place
            if context in ("next-queue", "next-goodbye", "next-transfer"):
                self.trace.append(self._end(context))
                return self.trace
            exten = self._match(context, exten)
            steps = self.plan.contexts[context][exten]
            assert index < len(steps), f"runs off the end of {context},{exten}"
            step = steps[index]
            following = (context, exten, index + 1)
            match step.app:
                case "Gosub":
                    target, _, arguments = step.args.partition("(")
                    where = self._split(self.expand(target))
                    if where[0] == "fact":
                        name, _, value = self.expand(arguments.removesuffix(")")).partition(",")
                        self.trace.append(("fact", name, value))
                        place = following
                    else:
                        returns.append(following)
                        place = self._jump(where, context, exten)
                case "Return":
                    self.variables["GOSUB_RETVAL"] = self.expand(step.args)
                    place = returns.pop()
                case "Goto":
                    place = self._jump(self._split(self.expand(step.args)), context, exten)
                case "GotoIf":
                    condition, _, ways = self._cut(step.args, "?")
                    yes, _, no = ways.partition(":")
                    way = yes if self.expand(condition) not in ("", "0") else no
                    place = self._jump(self._split(way), context, exten) if way else following
                case _:
                    getattr(self, f"_do_{step.app.lower()}")(step.args)
                    place = following
        raise AssertionError(f"no end after {STEPS} steps")

    def _end(self, context: str) -> tuple[str, ...]:
        match context:
            case "next-queue":
                return ("queue", self.variables["CC_LINE"], self.variables["CC_LANG"])
            case "next-transfer":
                return ("transfer", self.variables["CC_TRANSFER"], self.variables["CC_LINE"])
        return ("goodbye",)

    def _match(self, context: str, exten: str) -> str:
        known = self.plan.contexts[context]
        if exten in known:
            return exten
        pattern = next((it for it in known if it.startswith("_") and exten.startswith(it[1:].removesuffix("."))), None)
        if pattern:
            return pattern
        assert "i" in known, f"no extension {exten} in {context}"
        return "i"

    def _jump(self, where: list[str], context: str, exten: str) -> tuple[str, str, int]:
        if len(where) == 1:
            return (context, exten, self.plan.labels[context, exten, where[0]])
        assert where[-1] == "1", where
        return (where[0], where[1], 0) if len(where) == 3 else (context, where[0], 0)

    @staticmethod
    def _split(where: str) -> list[str]:
        return where.split(",")

    # applications

    def _do_set(self, args: str) -> None:
        name, _, value = args.partition("=")
        self.variables[name] = self.expand(value)

    def _do_noop(self, _args: str) -> None:
        pass

    def _do_playback(self, args: str) -> None:
        self._heard(self.expand(args))

    def _do_read(self, args: str) -> None:
        variable, files, digits, options, attempts, timeout = self.expand(args).split(",")
        assert attempts == "1", args
        assert float(timeout) > 0, args
        self._heard(files)
        ends = options.removeprefix("t").strip("()")
        entered, ended = "", False
        for key in self.press("play" if float(timeout) < 0.1 else "ask"):
            if key in ends:
                ended = True
                break
            entered += key
            if len(entered) == int(digits):
                ended = True
                break
        self.variables[variable] = entered
        self.variables["READSTATUS"] = "OK" if ended else "TIMEOUT"

    def _heard(self, files: str) -> None:
        for file in files.split("&") if files else ():
            self.trace.append(("play", file.removeprefix("/prompts/")))

    # expressions

    def expand(self, text: str) -> str:
        out = ""
        while text:
            start = min((at for at in (text.find("${"), text.find("$[")) if at >= 0), default=-1)
            if start < 0:
                return out + text
            inside, rest = self._enclosed(text[start + 1 :])
            value = self._variable(inside) if text[start + 1] == "{" else self._expression(self.expand(inside))
            out, text = out + text[:start] + value, rest
        return out

    @staticmethod
    def _enclosed(text: str) -> tuple[str, str]:
        opened, closed = text[0], {"{": "}", "[": "]"}[text[0]]
        depth = 0
        for index, letter in enumerate(text):
            depth += (letter == opened) - (letter == closed)
            if depth == 0:
                return text[1:index], text[index + 1 :]
        raise AssertionError(f"not closed: {text}")

    @staticmethod
    def _cut(text: str, mark: str) -> tuple[str, str, str]:
        """At the first mark outside of braces."""
        depth = 0
        for index, letter in enumerate(text):
            depth += (letter in "{[") - (letter in "}]")
            if letter == mark and depth == 0:
                return text[:index], mark, text[index + 1 :]
        raise AssertionError(f"no {mark} in {text}")

    def _variable(self, inside: str) -> str:
        name, opened, arguments = inside.partition("(")
        if opened:
            return self._function(name, arguments.rstrip().removesuffix(")"))
        name, *cuts = inside.split(":")
        value = {"PROMPTS": "/prompts", "EPOCH": str(int(self.now.timestamp()))}.get(name, self.variables.get(name, ""))
        if cuts:
            start = int(cuts[0])
            return value[start : start + int(cuts[1])] if len(cuts) == 2 else value[start:]
        return value

    def _function(self, name: str, arguments: str) -> str:
        match name:
            case "IF":
                condition, _, ways = self._cut(arguments, "?")
                yes, _, no = self._cut(ways, ":")
                return self.expand(yes if self.expand(condition) not in ("", "0") else no)
            case "LEN":
                return str(len(self.expand(arguments)))
            case "REPLACE":
                variable, find, *into = arguments.split(",")
                return self.variables.get(variable, "").replace(find, into[0] if into else "")
            case "REGEX":
                found = re.fullmatch(r'"([^"]*)" (.*)', arguments)
                assert found, arguments
                return "1" if re.search(found[1], self.expand(found[2])) else "0"
            case "STRFTIME":
                epoch, zone, form = self.expand(arguments).split(",")
                assert zone == "UTC"
                return datetime.fromtimestamp(int(epoch), UTC).strftime(form)
        whole = f"{name}({self.expand(arguments)})"
        assert whole in self.functions, f"unknown function {whole}"
        return self.functions[whole]

    def _expression(self, text: str) -> str:
        tokens = list(_tokens(text))
        value, rest = _either(tokens)
        assert not rest, f"not understood: {text}"
        return value


def _tokens(text: str) -> Iterator[str]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        assert found, f"not understood: {text}"
        yield found[1]
        at = found.end()


def _either(tokens: list[str]) -> tuple[str, list[str]]:
    left, tokens = _both(tokens)
    while tokens[:1] == ["|"]:
        right, tokens = _both(tokens[1:])
        left = left if left not in ("", "0") else right
    return left, tokens


def _both(tokens: list[str]) -> tuple[str, list[str]]:
    left, tokens = _compared(tokens)
    while tokens[:1] == ["&"]:
        right, tokens = _compared(tokens[1:])
        left = left if left not in ("", "0") and right not in ("", "0") else "0"
    return left, tokens


def _compared(tokens: list[str]) -> tuple[str, list[str]]:
    left, tokens = _sum(tokens)
    if tokens and tokens[0] in ("=", "!=", ">=", "<=", "<", ">"):
        sign = tokens[0]
        right, tokens = _sum(tokens[1:])
        a, b = (left, right) if '"' in left + right else (int(left), int(right))  # type: ignore[assignment]
        assert isinstance(a, int) or sign in ("=", "!="), "texts are only compared for being equal"
        found = {"=": a == b, "!=": a != b, ">=": a >= b, "<=": a <= b, "<": a < b, ">": a > b}[sign]
        left = "1" if found else "0"
    return left, tokens


def _sum(tokens: list[str]) -> tuple[str, list[str]]:
    assert tokens, "an operand is missing: Asterisk would report a syntax error"
    left, tokens = tokens[0], tokens[1:]
    while tokens and tokens[0] in ("+", "-"):
        number = int(tokens[1])
        left = str(int(left) + (number if tokens[0] == "+" else -number))
        tokens = tokens[2:]
    return left, tokens
