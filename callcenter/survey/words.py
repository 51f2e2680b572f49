"""What stands on the page. The Tibetan and Mongolian words are drafts by non-speakers, like the prompts, and wait for a
reader of the language: until then the Chinese stands beside them (`REVIEWED`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from callcenter.survey.service import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    name: str
    """Of the language, in itself."""
    title: str
    grades: tuple[str, str, str, str, str]
    comment: str
    send: str
    thanks: str
    choose: str
    """Sent without a grade."""
    doors: Mapping[Door, str]


REVIEWED = frozenset({"zh"})
PAGE: Mapping[str, Words] = {
    "zh": Words(
        name="中文",
        title="请为本次服务评价",
        grades=("非常满意", "满意", "基本满意", "不满意", "非常不满意"),
        comment="您还想说什么？（可不填）",
        send="提交评价",
        thanks="谢谢您，您的评价已收到。",
        choose="请先选一项。",
        doors={
            Door.USED: "这次服务您已经评价过了，谢谢您。",
            Door.EXPIRED: "这个链接已过期。如需帮助，请拨打12348。",
            Door.UNKNOWN: "这个链接无效，请核对短信中的链接。如需帮助，请拨打12348。",
        },
    ),
    "bo": Words(
        name="བོད་ཡིག",
        title="ཐེངས་འདིའི་ཞབས་ཞུར་དཔྱད་འཇོག་གནང་རོགས།",
        grades=("ཧ་ཅང་ཡིད་ཚིམ", "ཡིད་ཚིམ", "ཕལ་ཆེར་ཡིད་ཚིམ", "ཡིད་མ་ཚིམ", "ཧ་ཅང་ཡིད་མ་ཚིམ"),
        comment="དགོངས་འཆར་གཞན་ཡོད་དམ།",
        send="སྤྲོད།",
        thanks="ཐུགས་རྗེ་ཆེ།",
        choose="གཅིག་འདེམས་རོགས།",
        doors={
            Door.USED: "དཔྱད་འཇོག་གནང་ཟིན། ཐུགས་རྗེ་ཆེ།",
            Door.EXPIRED: "དུས་ཚོད་ཡོལ་ཟིན། 12348",
            Door.UNKNOWN: "སྦྲེལ་མཐུད་འདི་ནོར་འདུག 12348",
        },
    ),
    "mn": Words(
        name="ᠮᠣᠩᠭᠣᠯ",
        title="ᠡᠨᠡ ᠤᠳᠠᠭᠠᠨ ᠤ ᠦᠢᠯᠡᠴᠢᠯᠡᠭᠡ ᠶᠢ ᠦᠨᠡᠯᠡᠭᠡᠷᠡᠢ",
        grades=(
            "ᠮᠠᠰᠢ ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠨ᠎ᠠ",
            "ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠨ᠎ᠠ",
            "ᠦᠨᠳᠦᠰᠦᠨ ᠳᠦ ᠪᠡᠨ ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠨ᠎ᠠ",
            "ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠬᠤ ᠦᠭᠡᠢ",
            "ᠮᠠᠰᠢ ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠬᠤ ᠦᠭᠡᠢ",
        ),
        comment="ᠰᠠᠨᠠᠯ",
        send="ᠢᠯᠡᠭᠡᠬᠦ",
        thanks="ᠪᠠᠶᠠᠷᠯᠠᠯ᠎ᠠ",
        choose="ᠨᠢᠭᠡ ᠶᠢ ᠰᠣᠩᠭᠣᠭᠠᠷᠠᠢ",
        doors={
            Door.USED: "ᠦᠨᠡᠯᠡᠭᠰᠡᠨ᠂ ᠪᠠᠶᠠᠷᠯᠠᠯ᠎ᠠ",
            Door.EXPIRED: "ᠬᠤᠭᠤᠴᠠᠭ᠎ᠠ ᠥᠩᠭᠡᠷᠡᠭᠰᠡᠨ 12348",
            Door.UNKNOWN: "ᠪᠤᠷᠤᠭᠤ ᠬᠣᠯᠪᠣᠭ᠎ᠠ 12348",
        },
    ),
}
TOO_OFTEN = "尝试次数过多，请过十分钟再试。"
