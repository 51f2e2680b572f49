"""Asterisk's files as text: who may do what, and that nothing of one home leaks into another."""

import re
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.asterisk import decode
from callcenter.confgen.machine import Machine, loopback, own_addresses
from callcenter.confgen.render import CEL_COLUMNS, ENGINE_EVENTS, TEMPLATES, UNREAD_EVENTS, SeatPhones, render
from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.ids import SeatId
from callcenter.prompt.catalogue import DIALPLAN_PROMPTS

ALL_MODULES = frozenset(
    re.findall(r"\b(?:res|app|func|codec|format|bridge|chan|pbx|cel)_\w+", (TEMPLATES / "modules.conf").read_text())
)
MACHINE = Machine(22, Path("/opt/modules"), Path("/opt/data"), ALL_MODULES, ("192.0.2.10",))


def rendered(home: Path, machine: Machine = MACHINE, **more: object) -> dict[str, str]:
    settings = Settings(home=home, **more)
    return render(settings, secrets.ensure(home), [SeatPhones(SeatId("1001")), SeatPhones(SeatId("1002"))], machine)


def sections(text: str) -> dict[str, list[str]]:
    """Section name (a letter counted up for a name used again) -> its lines."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            name = line[1:].partition("]")[0]
            while name in found:
                name += "+"
            found[name] = []
        elif line and not line.startswith(";"):
            found.setdefault(name if found else "", []).append(line)
    return found


def test_nothing_is_left_of_the_templates_language(tmp_path: Path) -> None:
    leftovers = {name for name, text in rendered(tmp_path).items() if re.search(r"\{%|\{\{|\{#", text)}
    assert leftovers == set()


def test_the_trunk_is_known_by_address_alone(tmp_path: Path) -> None:
    trunk = sections(rendered(tmp_path, trunk_addresses=["192.0.2.7", "198.51.100.0/24"])["pjsip.d/trunk.conf"])
    assert "identify_by = ip" in trunk["trunk"]
    assert [line for line in trunk["trunk+"] if line.startswith("match")] == [
        "match = 192.0.2.7",
        "match = 198.51.100.0/24",
    ]


def test_the_carrier_is_asked_for_a_sign_of_life_only_where_a_site_says_so(tmp_path: Path) -> None:
    def trunk(**more: object) -> dict[str, list[str]]:
        return sections(rendered(tmp_path, trunk_gateway="192.0.2.7:5070", **more)["pjsip.d/trunk.conf"])

    assert "aor" not in str(trunk())
    asked = trunk(trunk_options_s=30)
    assert "aors = trunk" in asked["trunk"]
    assert asked["trunk+"] == ["type = aor", "contact = sip:192.0.2.7:5070", "qualify_frequency = 30"]
    with pytest.raises(ValueError, match="is a network; name"):
        Settings(trunk_addresses=["198.51.100.0/24"], trunk_options_s=30)


def test_each_seat_has_a_browser_phone_and_a_desk_phone_with_passwords_of_their_own(tmp_path: Path) -> None:
    phones = rendered(tmp_path)["pjsip.d/seats.conf"]
    keys = secrets.read(tmp_path)
    for endpoint in ("w1001", "d1001", "w1002", "d1002"):
        assert f"username = {endpoint}\npassword = {keys.phone_password(endpoint)}\n" in phones
    assert len(set(re.findall(r"^password = (.*)$", phones, re.MULTILINE))) == 4


def test_desk_phones_are_asked_for_a_sign_of_life_and_have_most_of_the_time_between_to_answer(tmp_path: Path) -> None:
    def asked(**more: object) -> list[str]:
        found = sections(rendered(tmp_path, **more)["pjsip.d/seats.conf"])
        assert [line for name in found if name.startswith("w1001") for line in found[name] if "qualify" in line] == []
        return found["desk-phone"]

    assert asked() == []
    assert asked(profile="site") == ["qualify_frequency = 15", "qualify_timeout = 12"]
    assert asked(desk_options_s=5) == ["qualify_frequency = 5", "qualify_timeout = 4.0"]


def test_a_seats_phone_can_dial_its_echo_and_the_test_number_and_nothing_else(tmp_path: Path) -> None:
    files = rendered(tmp_path)
    dialled = re.findall(r"^exten => ([^,]+),1", files["extensions.d/seat.conf"], re.MULTILINE)
    assert set(dialled) == {"600", "12348*9"}
    assert "context = seat" in sections(files["pjsip.d/seats.conf"])["phone"]


def test_the_carrier_can_dial_the_hotline_and_nothing_else(tmp_path: Path) -> None:
    dialled = re.findall(
        r"^exten => ([^,]+),", rendered(tmp_path, hotline_number="12349")["extensions.d/from-trunk.conf"], re.M
    )
    assert dialled == ["12349"]


def test_the_test_number_is_heard_from_outside_only_by_who_may_test(tmp_path: Path) -> None:
    files = rendered(tmp_path, test_number="12348*7", test_callers=["09710001"])
    dialled = re.findall(r"^exten => ([^,]+),", files["extensions.d/from-trunk.conf"], re.M)
    assert dialled == ["12348", "12348*7/09710001"]


def test_the_manager_listens_on_the_loopback_and_nobody_may_run_commands(tmp_path: Path) -> None:
    manager = sections(rendered(tmp_path)["manager.conf"])
    assert "bindaddr = 127.0.0.1" in manager["general"]
    for user in ("engine", "doctor"):
        granted = {
            word for line in manager[user] if line.startswith(("read", "write =")) for word in re.findall(r"\w+", line)
        }
        assert granted.isdisjoint({"command", "config", "all", "dialplan"})


def test_the_engine_is_sent_every_event_that_it_can_read() -> None:
    assert set(decode.DECODERS) == set(ENGINE_EVENTS)
    assert set(ENGINE_EVENTS).isdisjoint(UNREAD_EVENTS)


def test_every_prompt_of_the_dialplan_is_in_the_catalogue(tmp_path: Path) -> None:
    text = "".join(text for name, text in rendered(tmp_path).items() if name.startswith("extensions.d/"))
    spoken = set(re.findall(r"\$\{PROMPTS\}/[^/,&)]+/([a-z-]+)", text))
    assert spoken
    assert spoken <= set(DIALPLAN_PROMPTS)


def test_the_event_log_has_the_columns_that_its_reader_expects(tmp_path: Path) -> None:
    line = next(line for line in rendered(tmp_path)["cel_custom.conf"].splitlines() if line.startswith("cel.csv"))
    assert line.count("CSV_QUOTE") == len(CEL_COLUMNS) == 13
    assert list(CEL_COLUMNS)[:3] == ["eventtype", "eventtime", "channame"]


def test_media_stays_on_the_loopback_when_the_system_does(tmp_path: Path) -> None:
    files = rendered(tmp_path)
    assert "192.0.2.10 => 127.0.0.1" in files["rtp.conf"]
    assert "media_address = 127.0.0.1" in files["pjsip.d/trunk.conf"]


def test_a_site_on_a_network_offers_its_own_addresses(tmp_path: Path) -> None:
    files = rendered(tmp_path, http_host="192.0.2.10", sip_host="192.0.2.10")
    assert "=> " not in files["rtp.conf"]
    assert "media_address" not in files["pjsip.d/trunk.conf"] + files["pjsip.d/seats.conf"]


def test_a_module_that_this_asterisk_lacks_is_not_asked_for(tmp_path: Path) -> None:
    older = Machine(20, MACHINE.modules, MACHINE.data, ALL_MODULES - {"codec_opus_open_source", "res_cdrel_custom"}, ())
    files = rendered(tmp_path, older)
    assert "codec_opus_open_source" not in files["modules.conf"]
    assert "allow = alaw,ulaw" in sections(files["pjsip.d/seats.conf"])["browser"]
    assert "auth_type = userpass" in files["pjsip.d/seats.conf"]


def test_two_homes_share_no_port_folder_or_password(tmp_path: Path) -> None:
    ports = {"sip_port": 5070, "ws_port": 8098, "ami_port": 5048, "agi_port": 4583, "rtp_ports": "12000-12999"}
    one, two = rendered(tmp_path / "one"), rendered(tmp_path / "two", **ports)
    for number in ("5060", "8088", "5038", "4573", "10999"):
        assert number not in "".join(two.values())
    assert str(tmp_path / "one") not in "".join(two.values())
    assert set(re.findall(r"(?:secret|password) = (\S+)", "".join(one.values()))).isdisjoint(
        re.findall(r"(?:secret|password) = (\S+)", "".join(two.values()))
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("::1", "::1"),
        ("192.0.2.1", None),
        ("sip.example", None),
    ],
)
def test_what_counts_as_loopback(host: str, address: str | None) -> None:
    assert loopback(host) == address


def test_own_addresses_are_never_loopback_ones() -> None:
    assert not [address for address in own_addresses() if address.startswith("127.")]


@pytest.mark.parametrize("name", ["a,b", "a&b", "a$b", "a(b)", "a;b", 'a"b'])
def test_a_home_whose_path_the_dialplan_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="CALLCENTER_HOME"):
        rendered(tmp_path / name)
