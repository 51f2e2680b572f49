"""A Markdown statute, in the form of the public collection LawRefBook/Laws, as articles.

    # 中华人民共和国劳动合同法
    2007年6月29日 第十届…通过
    <!-- INFO END -->
    ## 第一章 总则
    第一条 为了完善劳动合同制度，…

Texts that count otherwise (`一、`, `1.`) are split at those numbers, texts that do not count are one article `0`.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath

from callcenter.knowledge.statutes.headings import Headings
from callcenter.knowledge.statutes.model import Article, Statute, Unreadable
from callcenter.knowledge.statutes.names import DATED, law_name, repealed_in
from callcenter.knowledge.statutes.numerals import NUMERAL, WHOLE_TEXT, canonical, sort_key, to_int

MAX_BYTES = 5 * 1024 * 1024
"""The longest statute of the collection has 0.3 MB."""
END_OF_HEADER = "<!-- INFO END -->"

Starts = Callable[[str], tuple[str, str] | None]
"""(number, rest of the line) of a line that begins an article."""

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff]")
_ARTICLE = re.compile(rf"[\s#*]*[第笫]({NUMERAL}+)(\s*)条(?:之({NUMERAL}+))?[*]*([\s:：]+|$)?(.*)")
_HEADING = re.compile(r"(#{1,6})\s*(.*)")
_ANNEX = re.compile(rf"[#*\s]*附(?:件|录|表|图)?(?:{NUMERAL}|\d)*[*]*(?:\s*[:：].*|\s+.*)?$")
_COUNTED = (
    re.compile(rf"({NUMERAL}{{1,3}})、\s*(.*)"),
    re.compile(r"(\d{1,3})[.．、]\s*(.*)"),
    re.compile(rf"#+\s*({NUMERAL}{{1,3}})、\s*(.*)"),
)
"""How texts without 第…条 count, the likeliest first. Numbered headings only when nothing else is numbered."""
_YMD = re.compile(rf"(\d{{4}}|{NUMERAL}{{4}})年\s*(\d{{1,2}}|{NUMERAL}{{1,2}})月\s*(\d{{1,2}}|{NUMERAL}{{1,3}})日")
_TAKES_FORCE = re.compile(r"\s*起?\s*(?:施行|实施|生效|执行)")
_FROM = re.compile(rf"本.{{1,12}}自({_YMD.pattern})起")


def read_statute(data: bytes, file: str) -> Statute:
    """`file` is the path within the imported folder: its name may hold the date, its folder the kind.

    Raises Unreadable; never anything else, whatever is in `data`.
    """
    lines = _lines(data)
    end = next((at for at, line in enumerate(lines) if line.strip() == END_OF_HEADER), None)
    title_at = next((at for at, line in enumerate(lines) if line.startswith("# ")), None)
    if title_at is None or (end is not None and title_at > end):
        raise Unreadable("there is no title: the first line should be `# ` and the statute's name")
    name = law_name(lines[title_at])
    if not name or len(name) > 200:
        raise Unreadable(f"line {title_at + 1}: the title is {'empty' if not name else 'longer than 200 characters'}")
    body = end + 1 if end is not None else _first_of_body(lines, title_at + 1)
    header = [line.strip() for line in lines[title_at + 1 : body] if line.strip()]
    version = _version(file, header)
    parts = [line.lstrip("#").strip() for line in header if line.startswith("# ")]
    articles, remarks = _articles(lines, body, parts)
    if not articles:
        raise Unreadable("there is no text behind the header")
    return Statute(
        name=name,
        version=version,
        in_force=_in_force(version, header, articles),
        kind=_kind(name, file),
        articles=tuple(articles),
        repeals=tuple(found for found in repealed_in(article.text for article in articles[-3:]) if found != name),
        remarks=tuple(remarks),
    )


def _lines(data: bytes) -> list[str]:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file has {len(data):,} bytes; {MAX_BYTES:,} are allowed")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Unreadable(f"line {line}: byte {problem.start + 1} is not UTF-8; save the file as UTF-8") from None
    if "\0" in text:
        raise Unreadable(f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}: a NUL character; this is no text")
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")


def _first_of_body(lines: list[str], start: int) -> int:
    """Where the text begins in a file without the mark: at its first article or chapter."""
    for at in range(start, len(lines)):
        line = lines[at]
        if line.startswith("##") or _article(line) or _COUNTED[0].match(line):
            return at
    return start


def _version(file: str, header: list[str]) -> date:
    match = DATED.search(PurePosixPath(file).stem)
    if match:
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            raise Unreadable(f"the date in the file's name does not exist: {match[0].strip()}") from None
    days = [
        day
        for line in header
        for match in _YMD.finditer(line)
        if not _TAKES_FORCE.match(line, match.end()) and (day := _day(match))
    ]
    if not days:
        raise Unreadable(
            "no date tells the version: add it to the file's name, `…(2020-05-28).md`, or to the header, "
            "`2020年5月28日 第十三届…通过`"
        )
    return max(days)


def _day(match: re.Match[str]) -> date | None:
    try:
        year, month, day = (to_int(part) for part in match.groups()[-3:])
        return date(year, month, day)
    except ValueError:
        return None


def _in_force(version: date, header: list[str], articles: list[Article]) -> date:
    """An amended text still names the first day of its first version: a day before the version tells nothing."""
    days = [
        _day(match) for line in header for match in _YMD.finditer(line) if _TAKES_FORCE.match(line, match.end())
    ] + [_day(match) for article in articles[-3:] for match in _FROM.finditer(article.text)]
    return max((day for day in days if day and day >= version), default=version)


def _kind(name: str, file: str) -> str:
    folder = file.split("/")[0]
    if re.search(r"修正案|关于修改.*的决定|废止.*的决定", name):
        return "amendment"
    if folder == "司法解释" or re.match(r"最高人民|人民(法院|检察院)", name):
        return "interpretation"
    if folder == "行政法规":
        return "regulation"
    if folder == "部门规章":
        return "rule"
    if name == "宪法" or name.endswith(("法", "法典", "通则")):
        return "law"
    return "law" if folder.endswith("法") or folder == "民法典" else "regulation"


def _article(line: str) -> tuple[str, str] | None:
    """(number, rest of the line), when a line begins an article and does not merely mention one."""
    if "条" not in line[:24]:
        return None
    match = _ARTICLE.match(line)
    if match is None or not (match[2] or match[4] is not None):
        return None
    try:
        return canonical(f"第{match[1]}条" + (f"之{match[3]}" if match[3] else "")), match[5].strip()
    except ValueError:
        return None


def _articles(lines: list[str], body: int, parts: list[str]) -> tuple[list[Article], list[str]]:
    if any(_article(line) for line in lines[body:]):
        return _split(lines, body, parts, _article)
    for counted in _COUNTED:
        articles, remarks = _split(lines, body, parts, _counting(counted))
        if len(articles) > 1:
            return articles, remarks
    text = [line.strip() for line in lines[body:] if line.strip() and not line.startswith("#")]
    return ([Article(WHOLE_TEXT, "", "\n".join(text), body + 1)] if text else []), []


def _counting(pattern: re.Pattern[str]) -> Starts:
    """Like `_article` for texts that count `一、二、` or `1. 2.`: only the next number begins a new one, so that the
    lists within one do not."""
    last = 0

    def found(line: str) -> tuple[str, str] | None:
        nonlocal last
        match = pattern.match(line.strip())
        if match is None or to_int(match[1]) != last + 1:
            return None
        last += 1
        return str(last), match[2].strip()

    return found


def _split(lines: list[str], body: int, parts: list[str], starts: Starts) -> tuple[list[Article], list[str]]:
    headings = Headings(parts)
    done: list[Article] = []
    remarks: list[str] = []
    number, since, text = "", 0, [""]
    in_annex = False

    def close() -> None:
        paragraphs = [paragraph for paragraph in text if paragraph]
        if number:
            done.append(Article(number, headings.kept, "\n".join(paragraphs), since))

    for at in range(body, len(lines)):
        line = lines[at].strip()
        found = starts(line)
        if found:
            last = sort_key(number) if number else (0, 0)
            if sort_key(found[0]) <= last:
                if not in_annex:
                    remarks.append(f"line {at + 1}: article {found[0]} comes after {number} and was left out")
                in_annex = True
                continue
            if number and sort_key(found[0])[0] > last[0] + 1:
                remarks.append(
                    f"line {at + 1}: article {found[0]} follows {number}; what is between is not in the file"
                )
            close()
            number, since, text, in_annex = found[0], at + 1, [found[1]], False
            headings.keep()
        elif heading := _HEADING.match(line):
            headings.add(len(heading[1]), heading[2])
        elif _ANNEX.match(line):
            in_annex = True
        elif number and not in_annex:
            text.append(line)
    close()
    return done, remarks
