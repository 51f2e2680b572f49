"""What stories of messages begin with."""

from pathlib import Path
from typing import Any

from callcenter.message.gateway import Gateway
from callcenter.message.model import Purpose
from callcenter.message.repository import Messages
from callcenter.message.rules import HttpRules, MessageRules, TwilioRules
from callcenter.message.sending import Sending
from callcenter.message.service import enqueue
from callcenter.message.table import MessageRow, MessageTemplateRow
from callcenter.message.twilio_gateway import TwilioGateway
from callcenter.storage.numbers import NumberVault
from tests.message.gateways import ACCOUNT, SENDER, TOKEN
from tests.site import START, HandClock

NUMBER = "13912345678"
TWILIO = MessageRules(gateway="twilio", twilio=TwilioRules(account=ACCOUNT, sender=SENDER))
CARRIER: dict[str, Any] = {
    "account": "office",
    "fields": {
        "account": "{account}",
        "mobile": "{number}",
        "templateId": "{template}",
        "params": "{values}",
        "content": "{text}",
        "outId": "{id}",
        "timestamp": "{at}",
        "sign": "{signature}",
    },
    "signature": {"method": "md5", "of": "{account}{secret}{at}", "upper": True},
    "taken_at": "code",
    "taken_if": ["0"],
    "busy_if": ["9"],
    "id_at": "data.msgid",
    "reports": {
        "id": "outId",
        "state": "stat",
        "delivered": ["DELIVRD"],
        "signature": {"of": "{outId}{stat}{time}"},
        "signed_in": "sign",
        "at": "time",
    },
    "replies": {"number": "mobile", "text": "content", "signature": {"of": "{mobile}{content}"}, "signed_in": "sign"},
}


def carrier_rules(address: str) -> HttpRules:
    return HttpRules.model_validate({"url": f"{address}/send", **CARRIER})


class Office:
    """A site's messages: asked for, sent, looked at."""

    def __init__(self, database: Any, vault: NumberVault, clock: HandClock) -> None:
        self.database, self.vault, self.clock = database, vault, clock
        with database.begin() as session:
            for purpose, text in (
                (Purpose.SURVEY, "评价：{link}"),
                (Purpose.ALARM, "{what}{where}{at}"),
                (Purpose.TEST, "测试{at}"),
            ):
                session.add(approved(purpose, text))

    def asks(self, subject: str = "a-1", number: str = NUMBER, purpose: Purpose = Purpose.SURVEY, **more: str) -> str:
        """For a message; its id."""
        values = {"link": f"https://x.cn/s/{subject}"} if purpose is Purpose.SURVEY else {"at": "11-22 14:00"}
        with self.database.begin() as session:
            enqueue(
                session,
                self.vault,
                self.clock.now(),
                purpose=purpose,
                subject_id=subject,
                language=more.get("language", "zh"),
                number=number,
                values=values,
            )
            row = Messages(session).about(purpose, subject)
            assert row is not None
            return row.id

    def row(self, id_: str) -> MessageRow:
        with self.database.read() as session:
            row = Messages(session).get(id_)
        assert row is not None
        return row

    def state(self, id_: str) -> tuple[str, str]:
        row = self.row(id_)
        return row.state, row.reason

    def worker(self, gateway: Gateway | None, rules: MessageRules = TWILIO) -> Sending:
        return Sending(self.database, self.vault, self.clock, rules, gateway)


def approved(purpose: Purpose, text: str, language: str = "zh") -> MessageTemplateRow:
    return MessageTemplateRow(
        purpose=purpose.value,
        language=language,
        text=text,
        carrier_id="SMS_1",
        written_by="supervisor",
        written_at=START,
        approved_by="manager",
        approved_at=START,
    )


def twilio_at(address: str, token: str = TOKEN, reports_to: str = "") -> TwilioGateway:
    assert TWILIO.twilio is not None
    return TwilioGateway(TWILIO.twilio, token, reports_to, address)


def write_rules(flows: Path, text: str) -> None:
    (flows / "site").mkdir(parents=True, exist_ok=True)
    (flows / "site" / "messages.yaml").write_text(text)
