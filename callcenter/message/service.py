"""How another feature asks for a message. It is a row in the asker's own transaction; a worker sends it after that."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from callcenter.message.model import MessageState, Purpose, Refusal, check_values, mobile
from callcenter.message.repository import Messages
from callcenter.message.table import MessageRow
from callcenter.storage.numbers import NumberVault


def enqueue(
    session: Session,
    vault: NumberVault,
    now: datetime,
    *,
    purpose: Purpose,
    subject_id: str,
    language: str,
    number: str,
    values: Mapping[str, str],
) -> MessageState:
    """Where the message about this subject stands. Asked for again, nothing changes: there is one of each purpose.

    `number` in clear, as the trunk writes it. Whether it may be sent (opt-out, hours, limits, text, gateway) is decided
    when it is its turn, and shown on the page of messages. Raises BadInput for values that the purpose's texts do not
    name.
    """
    check_values(purpose, values)
    to = mobile(number)
    refused = to if isinstance(to, Refusal) else None
    row = MessageRow(
        id=uuid.uuid4().hex,
        purpose=purpose.value,
        subject=subject_id,
        language=language,
        number=vault.seal(number if refused else str(to)),
        number_hash=vault.search_hash(number if refused else str(to)),
        given=None if refused else vault.seal(json.dumps(dict(values), ensure_ascii=False)),
        state=(MessageState.REFUSED if refused else MessageState.QUEUED).value,
        reason=refused.value if refused else "",
        made_at=now,
        due_at=now,
        next_at=now,
        ended_at=now if refused else None,
    )
    messages = Messages(session)
    if messages.add(row):
        return MessageState(row.state)
    known = messages.about(purpose, subject_id)
    return MessageState(known.state) if known is not None else MessageState.QUEUED
