from datetime import UTC, datetime
from pathlib import Path

import pytest

from callcenter.config import CHECKOUT, Settings
from callcenter.ivr.check import Rules
from callcenter.ivr.flow import Flow
from callcenter.ivr.hours import Hours
from callcenter.ivr.reading import parse_flow
from callcenter.ivr.shipped import NEEDED, load_flows, rules_of

BROKEN = Path(__file__).parent.parent / "flows" / "broken"
NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def flow_of(text: str, name: str = "main") -> Flow:
    """A flow written in a test; its faults are the test's."""
    file = parse_flow(f"id: {name}\n{text}".encode(), f"{name}.yaml", expected_id=name)
    assert file.flow is not None, file.findings
    return file.flow


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(home=tmp_path / "home")


@pytest.fixture
def rules(settings: Settings) -> Rules:
    return rules_of(settings)


@pytest.fixture
def shipped(settings: Settings) -> dict[str, Flow]:
    assert settings.flows_dir == CHECKOUT / "ivr_flows"
    flows = load_flows(settings)
    assert set(NEEDED) <= flows.keys()
    return flows


OFFICE = Hours.model_validate(
    {"lines": {"zh": {"workday": ["09:00-12:00", "13:30-18:00"], "special": {"2026-12-31": ["09:00-10:00"]}}}}
)
