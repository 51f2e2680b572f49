"""What `callcenter conf render` shows and writes."""

import stat
from pathlib import Path

from callcenter.confgen import files, hold_music


def test_an_empty_folder_differs_in_everything_and_a_written_one_in_nothing(tmp_path: Path) -> None:
    wanted = {"a.conf": "[general]\n", "sub/b.conf": "x = 1\n"}
    assert files.difference(tmp_path / "etc", wanted).count("+++") == 2
    files.write(tmp_path / "etc", wanted)
    assert files.difference(tmp_path / "etc", wanted) == ""
    assert (tmp_path / "etc/sub/b.conf").read_text() == "x = 1\n"


def test_the_difference_shows_the_changed_line(tmp_path: Path) -> None:
    files.write(tmp_path, {"a.conf": "port = 1\nhost = x\n"})
    shown = files.difference(tmp_path, {"a.conf": "port = 2\nhost = x\n"})
    assert "-port = 1\n+port = 2\n" in shown


def test_a_changed_password_is_seen_but_not_shown(tmp_path: Path) -> None:
    files.write(tmp_path, {"a.conf": "password = old-one\n"})
    shown = files.difference(tmp_path, {"a.conf": "password = new-one\n"})
    assert shown.count("password = (") == 2
    assert "old-one" not in shown
    assert "new-one" not in shown


def test_others_can_neither_read_nor_list_them(tmp_path: Path) -> None:
    files.write(tmp_path / "etc", {"pjsip.d/seats.conf": "password = x\n"})
    for path in (tmp_path / "etc", tmp_path / "etc/pjsip.d", tmp_path / "etc/pjsip.d/seats.conf"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0


def test_a_file_no_longer_rendered_goes(tmp_path: Path) -> None:
    files.write(tmp_path, {"a.conf": "", "old.conf": "context = outward\n"})
    assert "old.conf" in files.difference(tmp_path, {"a.conf": ""})
    files.write(tmp_path, {"a.conf": ""})
    assert not (tmp_path / "old.conf").exists()


def test_the_melody_is_made_once_and_is_quiet(tmp_path: Path) -> None:
    melody = hold_music.ensure(tmp_path / "moh")
    made = melody.stat().st_mtime_ns
    assert hold_music.ensure(tmp_path / "moh").stat().st_mtime_ns == made
    samples = memoryview(melody.read_bytes()[44:]).cast("h")
    assert len(samples) == len(hold_music.MELODY) * hold_music.NOTE_S * hold_music.RATE
    assert 500 < max(samples) < 0.2 * 32767


def test_who_waits_hears_words_of_his_language_before_the_melody(tmp_path: Path) -> None:
    prompts, music = tmp_path / "prompts", tmp_path / "moh"
    (prompts / "bo").mkdir(parents=True)
    (prompts / "bo" / "queue-wait.alaw").write_bytes(b"words")
    for _ in range(2):
        hold_music.lay_out(music, prompts, ["bo", "mn"])
    assert sorted(path.name for path in (music / "bo").iterdir()) == ["1-words.alaw", "2-melody.wav"]
    assert sorted(path.name for path in (music / "mn").iterdir()) == ["2-melody.wav"], "no words recorded yet"
    assert [path.name for path in music.iterdir() if path.is_file()] == ["melody.wav"]
