from pathlib import Path

import pytest

from tests.speech.model import built, lacking


@pytest.fixture(scope="session")
def speech_model() -> Path:
    if reason := lacking():
        pytest.skip(reason)
    return built()
