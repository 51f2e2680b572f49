"""A caller's number reaches no log by way of an error's text."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from callcenter.storage.database import Database
from tests.story import Story

NUMBER = "13912345678"


def test_what_happened_can_be_printed_without_the_callers_number() -> None:
    story = Story().dials(0, NUMBER)
    assert story.record.caller == NUMBER
    for value in (story.told, story.happened, story.record, story.registry):
        assert NUMBER not in repr(value)


def test_a_fault_of_the_database_does_not_tell_what_was_asked(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised, database.begin() as session:
        session.execute(text("SELECT * FROM there_is_no_such_table WHERE caller = :caller"), {"caller": NUMBER})
    assert NUMBER not in str(raised.value)
