"""Alarms by short message, to the numbers that the site names. A row per number; the worker sends them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from callcenter import secrets
from callcenter.alarm.model import Rule
from callcenter.alarm.state import Change
from callcenter.alarm.table import AlarmRow
from callcenter.config import Settings
from callcenter.instants import CHINA
from callcenter.message.model import Purpose
from callcenter.message.rules import read_message_rules
from callcenter.message.service import enqueue
from callcenter.storage.numbers import NumberVault

NAMES: Mapping[Rule, str] = {
    Rule.RATE_LOW: "滚动24小时接通率低",
    Rule.LONG_WAIT: "等候过长",
    Rule.NO_SEAT: "语种坐席空缺",
    Rule.SEAT_UNREACHABLE: "坐席失联",
    Rule.ENGINE_SILENT: "话务引擎无消息",
    Rule.ASTERISK_AWAY: "电话系统断开",
    Rule.TRUNK_DOWN: "中继线路中断",
    Rule.RECORDS_WAIT: "记录未能入库",
    Rule.REDIS_DOWN: "消息总线中断",
    Rule.WORKER_DOWN: "后台任务停止",
    Rule.DISK_LOW: "磁盘空间不足",
    Rule.RECORDING_LOST: "录音缺失",
    Rule.DIFFERENCES: "夜间核对有差异",
    Rule.CALLBACK_OVERDUE: "回拨超时",
    Rule.VOICEMAIL_OVERDUE: "留言超时",
    Rule.APPOINTMENT_LATE: "预约回拨超时",
    Rule.VISIT_OVERDUE: "回访超期",
    Rule.ROSTER_GAP: "排班缺口",
    Rule.SPEECH_DOWN: "语音识别停止",
    Rule.SMS_DOWN: "短信未能发出",
}
"""In the words of the screens."""
OVER = "（已恢复）"


def tell_staff(session: Session, settings: Settings, row: AlarmRow, change: Change, now: datetime) -> int:
    """How many were told. Never of silent short messages by short message."""
    rules, _ = read_message_rules(settings.flows_dir)
    if rules.gateway == "none" or not rules.alarm_numbers or row.rule == Rule.SMS_DOWN.value:
        return 0
    vault = NumberVault(secrets.read(settings.home))
    values = {
        "what": NAMES[Rule(row.rule)] + (OVER if change is Change.CLEARED else ""),
        "where": f" {row.subject}" if row.subject else "",
        "at": now.astimezone(CHINA).strftime("%m-%d %H:%M"),
    }
    for place, number in enumerate(rules.alarm_numbers):
        subject = f"{row.id}:{change.value}:{place}"
        language = settings.default_language
        enqueue(
            session,
            vault,
            now,
            purpose=Purpose.ALARM,
            subject_id=subject,
            language=language,
            number=number,
            values=values,
        )
    return len(rules.alarm_numbers)
