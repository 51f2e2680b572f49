"""Texts to begin with. Nobody has approved them: a site reads, changes and approves its own before one is sent.

The Tibetan and Mongolian ones are drafts by non-speakers, as the prompts are, and wait for a reader of the language.
"""

from collections.abc import Mapping

from callcenter.message.model import Purpose

STARTERS: Mapping[tuple[Purpose, str], str] = {
    (Purpose.SURVEY, "zh"): "【12348】感谢您的来电，请为本次服务评价：{link} 。拒收请回复TD",
    (Purpose.SURVEY, "bo"): "【12348】ཁྱེད་ཀྱིས་ཁ་པར་བཏང་བར་ཐུགས་རྗེ་ཆེ། ཐེངས་འདིའི་ཞབས་ཞུར་དཔྱད་འཇོག་གནང་རོགས། {link} TD",
    (Purpose.SURVEY, "mn"): "【12348】ᠤᠲᠠᠰᠤᠳᠠᠭᠰᠠᠨ ᠳᠤ ᠪᠠᠶᠠᠷᠯᠠᠯ᠎ᠠ᠃ ᠡᠨᠡ ᠤᠳᠠᠭᠠᠨ ᠤ ᠦᠢᠯᠡᠴᠢᠯᠡᠭᠡ ᠶᠢ ᠦᠨᠡᠯᠡᠭᠡᠷᠡᠢ᠄ {link} TD",
    (Purpose.ALARM, "zh"): "【12348】告警：{what}{where}，{at}",
    (Purpose.TEST, "zh"): "【12348】这是一条测试短信，{at}",
}
