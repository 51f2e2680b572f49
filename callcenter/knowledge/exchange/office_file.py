"""What any file of an office program must be before it is opened."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from callcenter.errors import BadInput

MAX_BYTES = 20 * 1024 * 1024
UNPACKED_MAX = 200 * 1024 * 1024
"""A file of some kilobytes can unpack to gigabytes."""


def check_office_file(data: bytes, part: str, what: str) -> None:
    """`part`: the one that makes it a file of that program. Raises BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"the file has {len(data):,} bytes, {MAX_BYTES:,} are allowed; split it")
    try:
        with ZipFile(BytesIO(data)) as packed:
            if part not in packed.namelist():
                raise BadInput(f"the file is no {what}; save it as {what} and try again")
            if sum(one.file_size for one in packed.infolist()) > UNPACKED_MAX:
                raise BadInput("the file unpacks to more than any table of entries needs")
    except BadZipFile as problem:
        raise BadInput(f"the file is no {what}; save it as {what} and try again") from problem
