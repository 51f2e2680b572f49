from pydantic import SecretStr

from callcenter.account import demo, passwords
from callcenter.account.repository import People
from callcenter.config import Settings
from callcenter.storage.database import Database


def test_the_demo_people_are_made_once_each_with_a_password_of_its_own(
    database: Database, database_settings: Settings
) -> None:
    made = demo.seed(database, database_settings)
    assert [name for name, _ in made] == ["1001", "1002", "1003", "1004", "supervisor", "manager", "admin", "auditor"]
    assert len({password for _, password in made}) == len(made)
    with database.read() as session:
        for name, password in made:
            row = People(session).get(name)
            assert row is not None
            assert passwords.matches(row.password, password)
            assert password not in row.password
    assert demo.seed(database, database_settings) == []


def test_the_tests_may_choose_one_known_password(database: Database, database_settings: Settings) -> None:
    settings = database_settings.model_copy(update={"demo_password": SecretStr("known")})
    assert {password for _, password in demo.seed(database, settings)} == {"known"}


def test_a_site_gets_no_demo_people(database: Database, database_settings: Settings) -> None:
    assert demo.seed(database, database_settings.model_copy(update={"profile": "site"})) == []
