"""Tables brought to their newest form, and a start that finds them there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from callcenter.storage.database import MIGRATIONS, Database, migrate, newest

CONFIG = Config()
CONFIG.set_main_option("script_location", str(MIGRATIONS))


def test_migrations_are_one_row_and_their_files_say_their_revisions() -> None:
    scripts = ScriptDirectory.from_config(CONFIG)
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert scripts.get_heads() == [newest()]
    assert sorted(revisions, reverse=True) == revisions
    assert {Path(script.path).name.partition("_")[0] for script in scripts.walk_revisions()} == set(revisions)


def test_tables_that_are_behind_are_brought_on(database: Database) -> None:
    one_back = f"{int(newest()) - 1:04}"
    with database.engine.begin() as connection:
        CONFIG.attributes["connection"] = connection
        command.downgrade(CONFIG, one_back)
    assert version(database) == one_back
    migrate(database)
    assert version(database) == newest()
    with database.engine.connect() as connection:
        assert "microphone_tried" in {column["name"] for column in inspect(connection).get_columns("seat")}


def test_a_start_that_finds_nothing_to_do_waits_for_no_writer(database: Database) -> None:
    with database.begin() as writer:
        writer.connection().exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        migrate(database)


def version(database: Database) -> str:
    with database.engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
