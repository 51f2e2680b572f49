"""The model that spoken menus are tried with, built once for all runs of this checkout."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from callcenter.config import CHECKOUT

SOURCES = Path(__file__).parent / "tinyvosk"
NEEDED = ("vosk", "numpy", "kaldi_native_fbank")
BUILT_WITHIN_S = 240


def lacking() -> str:
    """What is missing to build and use one; empty: nothing."""
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        return f"no Python package {', '.join(missing)} (make setup)"
    return "" if shutil.which("espeak-ng") else "no espeak-ng (apt-get install espeak-ng)"


def built() -> Path:
    """Its folder. About 10 s when there is none of these sources and this synthesiser yet."""
    version = subprocess.run(["espeak-ng", "--version"], capture_output=True, check=True).stdout
    parts = [version, *(file.read_bytes() for file in sorted(SOURCES.iterdir()) if file.is_file())]
    folder = CHECKOUT / ".cache" / f"tinyvosk-{hashlib.sha256(b''.join(parts)).hexdigest()[:12]}"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "tinyvosk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
            shutil.rmtree(fresh, ignore_errors=True)
            command = [sys.executable, "-m", "tests.speech.tinyvosk.build", str(fresh)]
            subprocess.run(command, cwd=CHECKOUT, check=True, timeout=BUILT_WITHIN_S)
            os.replace(fresh, folder)
    return folder
