"""Pictures and forms of entries: kept once by their checksum, told apart by what is in them and not by their name."""

import hashlib
import os
import re
import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from callcenter.errors import BadInput

MAX_BYTES = 10 * 1024 * 1024
PER_ENTRY = 20
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Shown in the page; everything else is only ever downloaded."""
_OFFICE = "application/vnd.openxmlformats-officedocument"
_BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_PARTS = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
}
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def kind_of(data: bytes) -> str:
    """Media type. Raises BadInput for what is none of the kinds that are kept."""
    if not data:
        raise BadInput("the file is empty")
    if len(data) > MAX_BYTES:
        raise BadInput(f"the file has {len(data):,} bytes, {MAX_BYTES:,} are allowed; make the picture smaller")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    for begin, kind in _BEGINS:
        if data.startswith(begin):
            return kind
    if data.startswith(b"PK\x03\x04"):
        try:
            names = set(ZipFile(BytesIO(data)).namelist())
        except BadZipFile:
            names = set()
        for part, kind in _PARTS.items():
            if part in names and "word/vbaProject.bin" not in names and "xl/vbaProject.bin" not in names:
                return kind
    raise BadInput("only PNG, JPEG, GIF and WebP pictures, PDF, Word (docx) and Excel (xlsx) without macros are kept")


def plain_name(name: str) -> str:
    """The last part of what the browser called the file, without what a file name must not have."""
    last = _NOT_IN_A_NAME.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    return last[:200] or "attachment"


class Shelf:
    """`<home>/knowledge/attachments/<two digits>/<sha256>`."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "knowledge" / "attachments"

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """The checksum. Written aside and renamed: a file that is there is whole."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as aside:
                aside.write(data)
                aside.flush()
                os.fsync(aside.fileno())
            os.replace(aside.name, path)
        return digest
