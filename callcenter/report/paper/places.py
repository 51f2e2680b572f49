"""Where the files lie: a folder for each report or export, in it a file for each version and form."""

import shutil
from pathlib import Path

from callcenter.config import Settings

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}


def place(settings: Settings, id_: str, version: int, form: str) -> Path:
    return settings.papers_dir / id_ / f"{id_}.v{version}.{form}"


def remove(settings: Settings, id_: str) -> None:
    shutil.rmtree(settings.papers_dir / id_, ignore_errors=True)
