"""The words of a report. A code without a word stays as it is, so that a new figure is never left out."""

from collections.abc import Mapping

from callcenter.config import Settings
from callcenter.consultation.catalogue import catalogue

NOT_GIVEN = "未登记"

FIGURES = {
    "connection_rate": "接通率",
    "within_threshold": "限时接起率",
    "service_level": "服务水平",
    "abandonment_rate": "放弃率",
    "asa_s": "平均应答时间(秒)",
    "aht_s": "平均处理时长(秒)",
    "talk_s": "平均通话时长(秒)",
    "hold_s": "平均保持时长(秒)",
    "wrap_up_s": "平均话后处理时长(秒)",
    "occupancy": "占用率",
    "longest_wait_s": "最长等候(秒)",
    "satisfaction": "满意度",
    "participation": "参评率",
    "survey_coverage": "评价覆盖率",
    "first_call_resolution": "首呼解决率",
    "loss_rate": "呼损率",
    "callback_completion": "回拨完成率",
    "voicemail_answered": "留言处理率",
    "return_visit_completion": "回访完成率",
    "quality_coverage": "质检覆盖率",
}
VARIANTS = {
    "queue": "排队口径",
    "inbound": "全部呼入",
    "queue_net_short": "扣除短放弃",
    "rolling24h_worst": "任意连续24小时最低",
    "rolling24h_last": "最近连续24小时",
    "answered_from_queue": "自排队起, 按接通",
    "offered_from_queue": "自排队起, 按转坐席",
    "answered_from_ring": "自振铃起, 按接通",
    "queue_without_short": "排队, 扣除短放弃",
    "ivr": "导航中",
    "before_ring": "振铃前",
    "after_ring": "振铃后",
    "short": "速挂",
    "long": "超过T秒",
    "queue_timeout": "排队超时",
    "blocked": "拦截",
    "system_failure": "系统故障",
    "positive": "本单位口径",
    "of_working": "按工作时长",
    "of_signed_in": "按签入时长",
    "no_repeat": "非重复来电",
    "no_repeat_same_topic": "非重复来电, 同事项",
    "not_again": "未再来电",
    "not_again_same_topic": "未再来电, 同事项",
    "within_24h": "24小时内",
    "attempted": "已尝试",
    "reached": "已联系到",
    "in_time": "限期内办结",
    "all": "全部",
    "grades_1_3": "基本满意及以上",
    "grades_1_2": "满意及以上",
    "of_answered": "按接通",
    "of_offered": "按已邀请",
}
COUNTS = {
    "in": "呼入量",
    "to_seat": "转坐席量",
    "answered": "接通量",
    "abandoned_ivr": "导航中放弃",
    "abandoned_queue": "排队中放弃",
    "queue_timeout": "排队超时",
    "voicemail": "留言",
    "callback_requested": "预约回拨",
    "blocked": "拦截",
    "system_failure": "系统故障",
    "transferred_out": "已转出",
    "short_abandons": "其中短放弃",
    "rated": "参评量",
    "survey_offered": "邀评量",
    "live": "通话进行中",
}
LANGUAGES = {"zh": "汉语", "bo": "藏语", "mn": "蒙古语"}
GRADES = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}
REQUESTS = {"voicemail": "留言", "callback": "预约回拨"}
VISIT_VARIANTS = {"attempted": "已尝试", "reached": "已联系到", "all": "已办结", "in_time": "限期内办结"}
VISITS = {"open": "待指派", "assigned": "办理中", "closed": "已办结"}
VISIT_RESULTS = {
    "settled": "已解决",
    "explained": "解释后认可",
    "still-dissatisfied": "仍不满意",
    "declined": "不愿受访",
    "not-reached": "未联系到",
}
CAUSES = {
    "attitude": "服务态度",
    "advice": "专业解答",
    "waiting": "等候时间",
    "connection": "通话质量",
    "outside": "超出受理范围",
    "mistake": "误评",
    "none": "无",
    "unknown": "未能了解",
    "other": "其他",
}
REQUEST_STATES = {"open": "待处理", "done": "已办结"}
TEXT_MAX = 200
"""Characters of a word that came in with an imported history."""


def word(words: Mapping[str, str], code: str | None) -> str:
    return NOT_GIVEN if not code else words.get(code, code)[:TEXT_MAX]


def places(settings: Settings) -> dict[str, str]:
    """Code -> name, of the places that the site names."""
    return {code: names["zh"] for code, names in settings.places.items()}


def topics() -> dict[str, str]:
    """Code -> its whole name, the field of law in front."""
    named: dict[str, str] = {}
    for parent in catalogue().topics:
        named[parent.id] = parent.name["zh"]
        named |= {child.id: f"{parent.name['zh']} / {child.name['zh']}" for child in parent.children}
    return named


def outcomes() -> dict[str, str]:
    """Of a case record."""
    return {entry.id: entry.name["zh"] for entry in catalogue().outcomes}
