"""messages, their texts and who wants none; surveys after the call"""

import sqlalchemy as sa
from alembic import op

from callcenter.storage.columns import BigId, Utc

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.String(64), nullable=True),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(120), nullable=False, server_default=""),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("next_at", Utc(), nullable=False),
        sa.Column("claimed_at", Utc(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("looks", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("template", sa.Integer(), nullable=True),
        sa.Column("gateway", sa.String(16), nullable=False, server_default=""),
        sa.Column("gateway_id", sa.String(80), nullable=False, server_default=""),
        sa.Column("parts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.UniqueConstraint("purpose", "subject", name=op.f("uq_message_purpose")),
    )
    for column in ("number_hash", "state", "made_at", "claimed_at", "gateway_id"):
        op.create_index(op.f(f"ix_message_{column}"), "message", [column])
    op.create_table(
        "message_template",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text", sa.String(400), nullable=False),
        sa.Column("carrier_id", sa.String(64), nullable=False, server_default=""),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.Column("approved_by", sa.String(64), nullable=True),
        sa.Column("approved_at", Utc(), nullable=True),
    )
    op.create_table(
        "message_opt_out",
        sa.Column("number_hash", sa.String(64), primary_key=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
    )
    op.create_table(
        "survey",
        sa.Column("call", sa.String(80), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("invited_at", Utc(), nullable=True),
        sa.Column("expires_at", Utc(), nullable=True),
        sa.Column("offered_at", Utc(), nullable=True),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("spoken", sa.String(255), nullable=False, server_default=""),
        sa.Column("spoken_millis", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("spoken_at", Utc(), nullable=True),
        sa.UniqueConstraint("token_hash", name=op.f("uq_survey_token_hash")),
    )
    op.create_index(op.f("ix_survey_invited_at"), "survey", ["invited_at"])
    op.add_column("call", sa.Column("survey_via", sa.String(8), nullable=True))
    op.add_column("alarm_rule", sa.Column("sms", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("alarm_rule", schema=None) as batch_op:
        batch_op.drop_column("sms")
    op.drop_column("call", "survey_via")
    for table in ("survey", "message_opt_out", "message_template", "message"):
        op.drop_table(table)
