"""What a caller says after a bad grade: kept with the call's survey, at the engine's call."""

import logging
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.errors import NotFound
from callcenter.storage.database import Database
from callcenter.survey.repository import Surveys
from callcenter.survey.table import SurveyRow

log = logging.getLogger(__name__)


class SpokenComments:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, call: str, language: str, file: str, millis: int, at: datetime) -> bool:
        """Blocks. `file`: path under the recordings folder. False: it is not on record."""
        try:
            with self._database.begin() as session:
                surveys = Surveys(session)
                row = surveys.get(call)
                if row is None:
                    row = SurveyRow(call=call, language=language)
                    surveys.add(row)
                row.spoken, row.spoken_millis, row.spoken_at = file, millis, at
        except SQLAlchemyError as error:
            log.error("survey.comment_not_kept call=%s reason=%s", call, type(error).__name__)
            return False
        return True


def heard(database: Database, recordings: Path, person: Person, call: str, now: datetime) -> Path:
    """The sound of the comment on this call; it is noted who hears it. Raises NotFound."""
    with database.begin() as session:
        row = Surveys(session).get(call)
        path = recordings / row.spoken if row and row.spoken else None
        if path is None or not path.is_file():
            raise NotFound(f"no comment was spoken in the survey of call {call}")
        Audit(session).add(now, person.id, "comment-heard", call)
    return path
