"""What is refused before anybody has to listen to it."""

import pytest

from callcenter.prompt.uploaded import LARGEST_BYTES, BadRecording, checked
from tests.prompt.given import speech, wav


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_a_good_recording_of_any_studio_rate_is_taken(rate: int) -> None:
    found = checked(wav(speech(rate=rate), rate))
    assert abs(found.length_s - 1.5) < 0.05
    assert -30 < found.loudness_db < -15
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b"", ["not-wav"]),
        (b"ID3\x04 an mp3 with another name", ["not-wav"]),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", ["not-wav"]),
        (wav(channels=2), ["not-mono"]),
        (wav(width=1), ["not-16-bit"]),
        (wav(rate=8000), ["bad-rate"]),
        (wav(rate=96000), ["bad-rate"]),
        (wav(channels=2, rate=8000), ["not-mono", "bad-rate"]),
        (wav([]), ["too-short"]),
        (wav([100] * 1600), ["too-short"]),
        (wav(speech(61.0)), ["too-long"]),
        (wav([0] * 32000), ["silent"]),
        (wav(speech(level=0.002)), ["silent"]),
        (wav([max(-32768, min(32767, 8 * sample)) for sample in speech(level=0.9)]), ["clipped"]),
        (wav()[:-8000], ["cut-off"]),
        (wav() + bytes(LARGEST_BYTES), ["too-large"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_every_reason(data: bytes, faults: list[str]) -> None:
    with pytest.raises(BadRecording) as refused:
        checked(data)
    assert refused.value.details["faults"] == faults
    assert refused.value.message


def test_a_loud_recording_that_touches_full_scale_is_not_called_distorted() -> None:
    samples = speech(level=0.9)
    samples[9000] = 32767
    assert checked(wav(samples)).loudness_db > -10


def test_every_beginning_of_a_file_is_refused_in_words() -> None:
    whole = wav(speech(0.4))
    for end in range(0, len(whole) - 2, 211):
        with pytest.raises(BadRecording):
            checked(whole[:end])
