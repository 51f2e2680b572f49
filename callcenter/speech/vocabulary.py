"""Which words a model does not know, asked of a process of its own: a bad model may end it."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

log = logging.getLogger(__name__)

WITHIN_S = 60.0


def unknown_words(model: Path, words: Sequence[str]) -> list[str]:
    """None, and a word in the log, when the model cannot be asked: menus then work by keys."""
    command = [sys.executable, "-m", "callcenter", "speech", "selftest", "--model", str(model)]
    try:
        asked = subprocess.run(
            [*command, "--words", ",".join(words)], capture_output=True, text=True, timeout=WITHIN_S, check=False
        )
        return [str(word) for word in json.loads(asked.stdout)["unknown_words"]]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as problem:
        log.warning("speech.model_not_asked model=%s reason=%s", model, type(problem).__name__)
        return []
