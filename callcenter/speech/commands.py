"""`callcenter speech …`: the recogniser of spoken menus."""

import asyncio
import json
import resource
import time
from pathlib import Path
from typing import Annotated

import typer

from callcenter.config import Settings
from callcenter.console import wrong_call_is_2
from callcenter.errors import BadInput
from callcenter.log import configure
from callcenter.speech.hearing import Hearing
from callcenter.speech.server import SpeechServer

cli = typer.Typer(no_args_is_help=True, help="Spoken menus: the recogniser and its test.")
Model = Annotated[Path | None, typer.Option("--model", help="Folder of the model; default: the one of the settings.")]


@cli.command("serve")
def serve() -> None:
    """Understand what callers say, until stopped. Started by `callcenter run` when `speech_model` is set."""
    configure()
    with wrong_call_is_2():
        settings = Settings()
        asyncio.run(SpeechServer(Hearing(_model(settings, None)), settings.speech_socket).serve())


@cli.command("selftest")
def selftest(
    model: Model = None,
    words: Annotated[str, typer.Option(help="Words that must be in the vocabulary, separated by commas.")] = "",
    wav: Annotated[Path | None, typer.Option(help="A recording, of which the word understood is told.")] = None,
) -> None:
    """Load the model and tell what it can: as JSON. Exit 1 when a word is unknown to it."""
    with wrong_call_is_2():
        begin = time.monotonic()
        hearing = Hearing(_model(Settings(), model))
        asked = [word.strip() for word in words.split(",") if word.strip()]
        told = {
            "rate": hearing.rate,
            "load_s": round(time.monotonic() - begin, 2),
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "unknown_words": hearing.unknown(asked),
        }
        if wav is not None:
            begin, cpu = time.monotonic(), time.process_time()
            heard = hearing.understand(wav, asked)
            told |= {"word": heard.word, "silent": heard.silent, "took_s": round(time.monotonic() - begin, 3)}
            told |= {"cpu_s": round(time.process_time() - cpu, 3)}
    typer.echo(json.dumps(told, ensure_ascii=False))
    if told["unknown_words"]:
        raise typer.Exit(1)


def _model(settings: Settings, model: Path | None) -> Path:
    found = model or settings.speech_model
    if found is None:
        raise BadInput("no speech model is set up; name its folder by --model, or as `speech_model` in the settings")
    return found
