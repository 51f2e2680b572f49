"""The printed page as a PDF, drawn by the Chromium of the machine when there is one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from callcenter import typefaces
from callcenter.errors import Unavailable
from callcenter.report.paper import html
from callcenter.report.paper.model import Paper

NAMES = ("chromium", "chromium-browser", "google-chrome")
WITHIN_S = 90


class NoPdf(Unavailable):
    code = "no-pdf"


def chromium() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def write(paper: Paper, path: Path) -> None:
    """Raises NoPdf when there is no Chromium, or it fails: the page can be printed by anybody's own browser."""
    program = chromium()
    if program is None:
        raise NoPdf("there is no Chromium on this machine; open the page (--html) in a browser and print it")
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        page, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        html.write(paper, page, typefaces.from_disk())
        command = [
            program,
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--allow-file-access-from-files",  # the typefaces
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            f"--print-to-pdf={made}",
            page.as_uri(),
        ]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses root otherwise; the page is ours and holds no script
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=WITHIN_S)
        except (OSError, subprocess.SubprocessError) as error:
            raise NoPdf(f"Chromium made no PDF ({type(error).__name__}); print the page in a browser") from error
        if not made.is_file():
            raise NoPdf("Chromium made no PDF; print the page in a browser")
        shutil.copyfile(made, path)
