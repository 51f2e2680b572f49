"""Numbers and dates spoken by recorded digits, by the grammar of each language."""

import pytest

from callcenter.ivr.speak import speak, words_of

ZH = {**{f"digit-{i}": digit for i, digit in enumerate("零一二三四五六七八九")}, "ten": "十", "hundred": "百",
      "thousand": "千", "ten-thousand": "万", "hundred-million": "亿", "two": "两", "year": "年", "month": "月",
      "day": "日", "oclock": "点", "minute": "分"}  # fmt: skip


@pytest.mark.parametrize(
    ("form", "value", "spoken"),
    [
        ("number", "0", "零"),
        ("number", "2", "二"),
        ("number", "10", "十"),
        ("number", "12", "十二"),
        ("number", "22", "二十二"),
        ("number", "105", "一百零五"),
        ("number", "110", "一百一十"),
        ("number", "200", "两百"),
        ("number", "1010", "一千零一十"),
        ("number", "2202", "两千两百零二"),
        ("number", "10001", "一万零一"),
        ("number", "20305", "两万零三百零五"),
        ("number", "120000", "十二万"),
        ("number", "100010", "十万零一十"),
        ("number", "1002000", "一百万两千"),
        ("number", "100000001", "一亿零一"),
        ("number", "100010000", "一亿零一万"),
        ("digits", "0971", "零九七一"),
        ("date", "2026-10-01", "二零二六年十月一日"),
        ("time", "0205", "两点零五分"),
        ("time", "1430", "十四点三十分"),
        ("time", "2000", "二十点"),
        ("number", "many", ""),
        ("date", "2026-13-01", ""),
        ("time", "2460", ""),
    ],
)
def test_mandarin_is_spoken_by_its_grammar(form: str, value: str, spoken: str) -> None:
    assert "".join(ZH[word] for word in speak(form, value, "zh")) == spoken
    assert set(speak(form, value, "zh")) <= words_of(form, "zh")


@pytest.mark.parametrize("language", ["bo", "mn"])
def test_tibetan_and_mongolian_read_numbers_digit_by_digit(language: str) -> None:
    assert speak("number", "205", language) == ["digit-2", "digit-0", "digit-5"]
    for form in ("number", "digits", "date", "time"):
        assert set(speak(form, "2026-10-11" if form == "date" else "1230", language)) <= words_of(form, language)


@pytest.mark.parametrize(
    ("language", "date", "time"),
    [
        ("bo", "year 2 0 2 6 month 1 0 day 1", "oclock 1 4 minute 5"),
        ("mn", "2 0 2 6 year 1 0 month 1 day", "1 4 oclock 5 minute"),
    ],
)
def test_the_word_stands_before_its_number_in_tibetan_and_after_it_in_mongolian(
    language: str, date: str, time: str
) -> None:
    def words(form: str, value: str) -> str:
        return " ".join(word.removeprefix("digit-") for word in speak(form, value, language))

    assert words("date", "2026-10-01") == date
    assert words("time", "1405") == time
    assert words("time", "1400") == time.removesuffix(" minute 5").removesuffix(" 5 minute")
