"""The verbs of `callcenter`. A verb's code is imported when it is called: `--help` stays quick, one broken part does
not take the others with it."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import typer
import typer.core
from pydantic import ValidationError

from callcenter.errors import BadInput, CallCenterError

VERBS: dict[str, tuple[str, str]] = {
    "run": ("callcenter.processes.commands", "Start everything, stay in the foreground."),
    "engine": ("callcenter.processes.commands", "Process: follows Asterisk, runs the menus."),
    "api": ("callcenter.processes.commands", "Process: REST, WebSocket, screens."),
    "worker": ("callcenter.processes.commands", "Process: work that may wait."),
    "doctor": ("callcenter.doctor.commands", "Test every part and say what to do."),
    "conf": ("callcenter.confgen.commands", "Asterisk's configuration."),
    "flows": ("callcenter.ivr.commands:flows", "Check and walk the telephone menus."),
    "prompts": ("callcenter.prompt.commands", "List, build and check what callers hear."),
    "people": ("callcenter.account.commands", "Accounts: the first one of a site, and a way back in."),
    "calls": ("callcenter.call.commands", "Import the call history."),
    "report": ("callcenter.report.commands", "Figures over stored calls."),
    "rollup": ("callcenter.report.rollup.commands", "Build or check the figures by quarter hour."),
    "reconcile": ("callcenter.reconcile.commands", "Compare records, CEL, queue log and recordings."),
    "replay": ("callcenter.replay.commands", "Call records out of recorded AMI bytes."),
    "alarms": ("callcenter.alarm.commands", "The key of the alarms' webhook."),
    "speech": ("callcenter.speech.commands:cli", "Spoken menus: the recogniser and its test."),
    "kb": ("callcenter.knowledge.commands", "The knowledge base."),
}
"""Verb -> where its typer app is (`app` when not said), one line for the list. Offered only if the module is there."""


class LazyVerbs(typer.core.TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return [verb for verb in VERBS if _exists(verb)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in VERBS or not _exists(cmd_name):
            return None
        place, line = VERBS[cmd_name]
        if _only_listing():
            return typer.core.TyperCommand(cmd_name, help=line)
        module, _, name = place.partition(":")
        command = typer.main.get_command(getattr(import_module(module), name or "app"))
        inner = command.commands.get(cmd_name) if isinstance(command, typer.core.TyperGroup) else None
        return inner or command


app = typer.Typer(
    cls=LazyVerbs, name="callcenter", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def callcenter() -> None:
    """Call centre for public legal service hotlines (12348)."""


def main() -> None:
    """Exit status 2 for a wrong call, 1 for any other expected fault, which is told in one sentence."""
    try:
        app()
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        _fail(f"Settings: {faults}", 2)
    except CallCenterError as error:
        _fail(error.message, 2 if isinstance(error, BadInput) else 1)


def _fail(message: str, status: int) -> None:
    typer.echo(f"callcenter: {message}", err=True)
    sys.exit(status)


def _exists(verb: str) -> bool:
    module, _, _ = VERBS[verb][0].partition(":")
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _only_listing() -> bool:
    """`callcenter` or `callcenter --help`: no verb is going to run."""
    return not any(word in VERBS for word in sys.argv[1:])
