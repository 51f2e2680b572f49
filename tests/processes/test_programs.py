"""The file that tells supervisord what to run."""

import configparser
from pathlib import Path

from callcenter.confgen.installation import Installation
from callcenter.config import Settings
from callcenter.processes import programs
from callcenter.processes.bus import OwnRedis
from callcenter.processes.telephone_user import TelephoneUser

ASTERISK = Installation(("/opt/asterisk",), 22, Path("/opt/modules"), Path("/opt/data"))


def written(home: Path, redis: OwnRedis | None, user: str = "") -> configparser.RawConfigParser:
    settings = Settings(home=home)
    programs.write(settings, programs.programs(settings, ASTERISK, redis, None, TelephoneUser(user)), redis, None)
    parsed = configparser.RawConfigParser()
    parsed.read(programs.supervisor_conf(settings))
    return parsed


def test_five_programs_in_two_groups_what_others_stand_on_is_stopped_last(tmp_path: Path) -> None:
    conf = written(tmp_path, OwnRedis(socket=tmp_path / "redis.sock"))
    assert conf["group:base"]["programs"] == "asterisk,redis"
    assert conf["group:ours"]["programs"] == "engine,api,worker"
    assert conf.getint("group:base", "priority") < conf.getint("group:ours", "priority")


def test_each_is_started_again_and_none_outlives_supervisord(tmp_path: Path) -> None:
    conf = written(tmp_path, OwnRedis(socket=tmp_path / "redis.sock"))
    for name in ("asterisk", "redis", "engine", "api", "worker"):
        assert conf.getboolean(f"program:{name}", "autorestart")
        assert "setpriv --pdeathsig TERM" in conf[f"program:{name}"]["command"]


def test_a_redis_that_runs_already_is_not_ours_to_start(tmp_path: Path) -> None:
    conf = written(tmp_path, None)
    assert conf["group:base"]["programs"] == "asterisk"
    assert not (tmp_path / "redis").exists()


def test_only_asterisk_runs_as_the_telephone_user(tmp_path: Path) -> None:
    conf = written(tmp_path, None, user="callcenter")
    assert [name for name in conf.sections() if conf.has_option(name, "user")] == ["program:asterisk"]


def test_redis_keeps_what_it_was_given_and_drops_nothing(tmp_path: Path) -> None:
    written(tmp_path, OwnRedis(socket=tmp_path / "redis.sock"))
    lines = (tmp_path / "redis" / "redis.conf").read_text().splitlines()
    assert {"port 0", "appendonly yes", "maxmemory-policy noeviction"} <= set(lines)


def test_a_home_with_blanks_and_percent_signs_in_its_path(tmp_path: Path) -> None:
    home = tmp_path / "a home 100%"
    home.mkdir()
    conf = written(home, None)
    assert "a home 100%%/asterisk/etc/asterisk.conf'" in conf["program:asterisk"]["command"]
