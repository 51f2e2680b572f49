"""One system with every kind of node for all stories of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk, ports
from tests.asterisk.harness import System
from tests.asterisk.menus.flows import written
from tests.asterisk.menus.walking import Story
from tests.speech.model import built, lacking

TONES = {"CALLCENTER_TRUNK_DTMF_MODE": "auto"}
"""RFC 4733 where it is offered, SIP INFO, and tones from telephones that know neither."""


@pytest.fixture(scope="package")
def gateway() -> Iterator[int]:
    """Port of a gateway outside."""
    port = ports.block(1)
    yield port
    ports.give_back(port, 1)


@pytest.fixture(scope="package")
def menus(_asterisk: None, gateway: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Listens for words where a model can be built."""
    folder = tmp_path_factory.mktemp("m")
    speech = {} if lacking() else {"CALLCENTER_SPEECH_MODEL": str(built())}
    system = System(folder / "home", CALLCENTER_FLOWS_DIR=str(written(folder / "flows", gateway)), **TONES, **speech)
    with system:
        yield system


@pytest.fixture
def story(menus: System, gateway: int, tmp_path: Path) -> Iterator[Story]:
    with desk.opened(menus, tmp_path) as opened:
        yield Story(opened, gateway)
