"""A caller in a menu: keys, prompts, hang-ups, and an engine that must never hold a caller for ever."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from callcenter.asterisk import agi_session
from callcenter.asterisk.actions import UnsafeValue
from callcenter.asterisk.agi_session import AgiSession
from callcenter.asterisk.channel_control import ChannelControl, ChannelGone, Digits, Finished, NoInput
from callcenter.asterisk.fast_agi import FastAgiServer
from tests.asterisk_edge.support import in_loop, until
from tests.fakes.agi_caller import Asterisk, FakeCaller

Story = Callable[[AgiSession], Awaitable[Any]]


def key(character: str, endpos: int = 1600) -> bytes:
    return f"200 result={ord(character)} endpos={endpos}\n".encode()


PLAYED = b"200 result=0 endpos=8000\n"
FAILED = b"200 result=-1 endpos=0\n"
UP = b"200 result=6\n"


async def told(story: Story, asterisk: Callable[[str], bytes | None], **environment: str) -> tuple[Any, FakeCaller]:
    """Run `story` as the server's handler; what it returned, and what Asterisk heard."""
    result: list[Any] = []

    async def handler(session: AgiSession) -> None:
        result.append(await story(session))

    server = FastAgiServer("127.0.0.1", 0, handler)
    await server.start()
    caller = await FakeCaller.call(server.port, asterisk, **environment)
    await caller.ended()
    await server.close()
    assert server.failed == 0
    return result[0], caller


@in_loop
async def test_a_session_knows_its_caller_and_its_call() -> None:
    async def story(session: AgiSession) -> tuple[str, ...]:
        control: ChannelControl = session
        assert isinstance(await control.get("X"), Finished)
        return session.script, session.uniqueid, session.linkedid, session.channel, session.caller_number

    seen, _ = await told(story, Asterisk())
    assert seen == ("main", "a-1767603600.1", "a-1767603600.0", "PJSIP/trunk-00000001", "13900000001")


@in_loop
async def test_a_withheld_number_is_empty_and_a_call_without_linkedid_is_its_own() -> None:
    async def story(session: AgiSession) -> tuple[str, str]:
        return session.caller_number, session.linkedid

    seen, _ = await told(story, Asterisk(), agi_callerid="unknown", agi_arg_1="")
    assert seen == ("", "a-1767603600.1")


@in_loop
async def test_several_files_are_one_prompt_and_play_in_order() -> None:
    result, caller = await told(lambda s: s.play(["/p/a", "/p/b"]), Asterisk())
    assert result == Finished()
    assert [c.split()[2] for c in caller.commands] == ['"/p/a"', '"/p/b"']


@in_loop
async def test_a_key_during_the_first_file_ends_the_whole_prompt() -> None:
    result, caller = await told(lambda s: s.play(["/p/a", "/p/b"], "12"), Asterisk(STREAM_FILE=[key("2")]))
    assert result == Digits("2")
    assert len(caller.commands) == 1


@in_loop
async def test_a_key_typed_ahead_of_the_menu_counts_for_the_menu() -> None:
    async def story(session: AgiSession) -> Any:
        assert await session.play(["/p/welcome"]) == Finished()
        return await session.collect(["/p/menu"], digits=1)

    result, caller = await told(story, Asterisk(STREAM_FILE=[key("3", 4000), PLAYED]))
    assert result == Digits("3")
    assert caller.commands[1].endswith('"4000"'), "the announcement goes on where the key was pressed"
    assert not any("menu" in command for command in caller.commands)


@in_loop
async def test_prompt_pause_and_keys_are_one_command() -> None:
    asterisk = Asterisk(GET_DATA=[b"200 result=2\n"])
    result, caller = await told(lambda s: s.collect(["/p/a"], timeout_s=2.5), asterisk)
    assert result == Digits("2")
    assert caller.commands == ['GET DATA "/p/a" "2500" "1"']


@in_loop
async def test_so_are_several_files_and_what_was_typed_is_asked_for_after_it() -> None:
    asterisk = Asterisk(GET_FULL_VARIABLE=[b"200 result=1 (OK 123)\n"])
    result, caller = await told(lambda s: s.collect(["/p/a", "/p/b"], digits=3, timeout_s=2.5), asterisk)
    assert result == Digits("123")
    assert caller.commands == [
        'EXEC "Read" "CC_KEYS,/p/a&/p/b,3,t(),1,2.500"',
        'GET FULL VARIABLE "${READSTATUS} ${CC_KEYS}"',
    ]


@in_loop
async def test_the_keys_typed_ahead_begin_the_input() -> None:
    async def story(session: AgiSession) -> Any:
        assert await session.play(["/p/welcome"]) == Finished()
        return await session.collect(["/p/number"], digits=3, terminator="#")

    asterisk = Asterisk(STREAM_FILE=[key("7", 4000), PLAYED], GET_DATA=[b"200 result=89\n"])
    result, caller = await told(story, asterisk)
    assert result == Digits("789")
    assert caller.commands[-1] == 'GET DATA "" "5000" "2"', "who types already needs no question"


@in_loop
@pytest.mark.parametrize(
    ("terminator", "files", "reply", "entry"),
    [
        ("#", ["/p/a"], {"GET_DATA": [b"200 result=1\n"]}, "1"),
        ("#", [], {"GET_DATA": [b"200 result=\n"]}, ""),
        ("", ["/p/a"], {"GET_DATA": [b"200 result=\n"]}, "#"),
        ("", ["/p/a"], {"GET_DATA": [b"200 result=*\n"]}, "*"),
        ("*", ["/p/a"], {"GET_FULL_VARIABLE": [b"200 result=1 (OK 1#)\n"]}, "1#"),
        ("*", ["/p/a"], {"GET_FULL_VARIABLE": [b"200 result=1 (OK )\n"]}, ""),
    ],
)
async def test_a_terminator_ends_the_input_and_is_no_part_of_it(
    terminator: str, files: list[str], reply: dict[str, list[bytes]], entry: str
) -> None:
    digits = 5 if terminator else 1
    result, _ = await told(lambda s: s.collect(files, digits=digits, terminator=terminator), Asterisk(**reply))
    assert result == Digits(entry)


@in_loop
@pytest.mark.parametrize("files", [["/p/a"], ["/p/a", "/p/b"]])
async def test_silence_is_no_input_and_half_an_input_is_what_was_typed(files: list[str]) -> None:
    def silent_after(keys: str) -> Asterisk:
        plain, whole = f"200 result={keys} (timeout)\n".encode(), f"200 result=1 (TIMEOUT {keys})\n".encode()
        return Asterisk(GET_DATA=[plain], GET_FULL_VARIABLE=[whole])

    nothing, _ = await told(lambda s: s.collect(files, digits=4, terminator="#"), silent_after(""))
    assert nothing == NoInput()
    half, _ = await told(lambda s: s.collect(files, digits=4, terminator="#"), silent_after("7"))
    assert half == Digits("7")


@in_loop
async def test_a_question_that_cannot_be_played_is_counted_and_his_keys_are_heard() -> None:
    async def story(session: AgiSession) -> Any:
        return await session.collect(["/p/missing"]), session.missing_files

    asterisk = Asterisk(GET_DATA=[b"200 result=-1\n", b"200 result=2\n"], CHANNEL_STATUS=[UP])
    result, caller = await told(story, asterisk)
    assert result == (Digits("2"), 1)
    assert caller.commands[-1] == 'GET DATA "" "5000" "1"'


@in_loop
@pytest.mark.parametrize(
    "replies",
    [
        {"GET_DATA": [b"200 result=-1\n"], "CHANNEL_STATUS": [b"HANGUP\n"]},
        {"GET_DATA": [b"200 result=-1\n"], "CHANNEL_STATUS": [UP]},
        {"GET_FULL_VARIABLE": [b"200 result=1 (HANGUP )\n"], "CHANNEL_STATUS": [b"200 result=-1\n"]},
    ],
)
async def test_an_asterisk_that_cannot_read_keys_ends_the_session(replies: dict[str, list[bytes]]) -> None:
    files = ["/p/a", "/p/b"] if "GET_FULL_VARIABLE" in replies else ["/p/a"]
    result, _ = await told(lambda s: s.collect(files), Asterisk(**replies))
    assert isinstance(result, ChannelGone)


@in_loop
@pytest.mark.parametrize("file", ["/p/a,b", "/p/a&b"])
async def test_a_name_that_would_be_two_files_is_refused(file: str) -> None:
    async def story(session: AgiSession) -> Any:
        with pytest.raises(UnsafeValue):
            await session.collect([file, "/p/c"])

    _, caller = await told(story, Asterisk())
    assert caller.commands == []


@in_loop
async def test_a_missing_file_is_skipped_and_counted() -> None:
    async def story(session: AgiSession) -> Any:
        return await session.play(["/p/missing", "/p/b"]), session.missing_files

    result, _ = await told(story, Asterisk(STREAM_FILE=[FAILED, PLAYED], CHANNEL_STATUS=[UP]))
    assert result == (Finished(), 1)


@in_loop
@pytest.mark.parametrize(
    "replies",
    [
        {"STREAM_FILE": [b"HANGUP\n"]},
        {"STREAM_FILE": [FAILED], "CHANNEL_STATUS": [b"HANGUP\n"]},
        {"STREAM_FILE": [FAILED], "CHANNEL_STATUS": [b"200 result=-1\n"]},
        {"STREAM_FILE": [b"511 Command Not Permitted on a dead channel or intercept routine\n"]},
        {"STREAM_FILE": [b"neither this\n"]},
    ],
)
async def test_a_hang_up_in_whatever_form_is_channel_gone_from_then_on(replies: dict[str, list[bytes]]) -> None:
    async def story(session: AgiSession) -> Any:
        first = await session.play(["/p/a", "/p/b"])
        return first, await session.collect(["/p/a"]), await session.set("X", "1"), session.gone

    (first, second, third, gone), caller = await told(story, Asterisk(**replies))
    assert isinstance(first, ChannelGone)
    assert second == first
    assert third == first
    assert gone
    assert len(caller.commands) <= 2


@in_loop
async def test_a_usage_text_of_many_lines_does_not_bring_the_two_sides_out_of_step() -> None:
    usage = b"520-Invalid command syntax.  Proper usage follows:\n Usage: X\n\tmore\n\n520 End of proper usage.\n"

    async def story(session: AgiSession) -> Any:
        return await session.get("X"), await session.get("Y")

    result, _ = await told(story, Asterisk(GET_VARIABLE=[usage, b"200 result=1 (yes)\n"]))
    assert result == (Finished(""), Finished("yes"))


@in_loop
async def test_a_value_with_brackets_and_line_breaks_is_read_whole() -> None:
    async def story(session: AgiSession) -> Any:
        return await session.get("A"), await session.get("B"), await session.get("C")

    asterisk = Asterisk(GET_VARIABLE=[b"200 result=1 (a (b) c)\n", b"200 result=1 (one\ntwo)\n", b"200 result=0\n"])
    result, _ = await told(story, asterisk)
    assert result == (Finished("a (b) c"), Finished("one\ntwo"), Finished(""))


@in_loop
async def test_quotes_and_backslashes_arrive_as_they_are_and_line_breaks_do_not_leave() -> None:
    async def story(session: AgiSession) -> Any:
        await session.set("X", 'say "yes" \\ no')
        for bad in ("a\nEXEC System ls", "a\r", "a\0"):
            with pytest.raises(UnsafeValue):
                await session.set("X", bad)
        with pytest.raises(UnsafeValue):
            await session.set("FILE(x)", "y")
        with pytest.raises(UnsafeValue):
            await session.set("X", "y" * 9000)
        return await session.set("CHANNEL(language)", "bo")

    result, caller = await told(story, Asterisk())
    assert result == Finished()
    assert caller.commands == [
        'SET VARIABLE "X" "say \\"yes\\" \\\\ no"',
        'SET VARIABLE "CHANNEL(language)" "bo"',
    ]


@in_loop
async def test_an_application_gives_its_result_and_asterisk_trying_is_not_a_result() -> None:
    result, caller = await told(lambda s: s.exec("Wait", "1"), Asterisk(EXEC=[b"100 Trying...\n200 result=0\n"]))
    assert result == Finished("0")
    assert caller.commands == ['EXEC "Wait" "1"']


@in_loop
async def test_a_line_to_asterisk_that_breaks_is_channel_gone() -> None:
    got: list[Any] = []

    async def handler(session: AgiSession) -> None:
        got.append(await session.play(["/p/a"]))

    server = FastAgiServer("127.0.0.1", 0, handler)
    await server.start()
    caller = await FakeCaller.call(server.port, lambda _: None)
    await until(lambda: caller.commands)
    caller.writer.transport.abort()
    await until(lambda: got)
    assert isinstance(got[0], ChannelGone)
    await server.close()


@in_loop
async def test_an_asterisk_that_never_answers_ends_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agi_session, "SHORT_S", 0.1)
    result, _ = await told(lambda s: s.get("X"), lambda _: None)
    assert result == ChannelGone("no reply to GET VARIABLE")
