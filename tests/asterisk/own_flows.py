"""Systems whose menus and rules are a story's own: the shipped flows, some files of them replaced."""

import shutil
from pathlib import Path

from callcenter.config import CHECKOUT
from tests.asterisk.harness import System


def flows_of(folder: Path, main: str = "", **site: str) -> Path:
    """The shipped flows in `folder`, with this main menu and rules of the site (`lines="…"` is `site/lines.yaml`)."""
    shutil.copytree(CHECKOUT / "ivr_flows", folder)
    if main:
        (folder / "main.yaml").write_text(main)
        (folder / "main-with-topics.yaml").unlink()
    for name, text in site.items():
        (folder / "site" / f"{name}.yaml").write_text(text)
    return folder


def system_of(folder: Path, flows: Path, **environment: str) -> System:
    """Not started yet. Its wrap-ups are short, so that a seat serves one story after the other."""
    more = {"CALLCENTER_FLOWS_DIR": str(flows), "CALLCENTER_WRAP_UP_CAP_S": "2"}
    return System(folder / "home", **more | environment)
