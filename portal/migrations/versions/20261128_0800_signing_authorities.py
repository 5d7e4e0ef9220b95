"""Who signs as what, and what units print from which day on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d20c4e8b5a1"
down_revision = "b7d20c5e91f4"
branch_labels = None
depends_on = None

SAID = "kind, issuer_id, source_post_id, signer_post_id, with_deputies, types, templates, printed_title, grounds"
TRIGGERS = (
    ("signing_authority_frozen", f"UPDATE OF id, {SAID}, grounds_on, valid_from, valid_to", "TRUE"),
    ("signing_authority_revoked_once", "UPDATE OF revoked_at, revoked_by", "OLD.revoked_at IS NOT NULL"),
    ("signing_authority_no_delete", "DELETE", "TRUE"),
)
"""Name, event and condition: what was entered is revoked once, and nothing else of it changes."""


def upgrade() -> None:
    _head_of_documents()
    with op.batch_alter_table("holding") as batch:
        batch.add_column(sa.Column("acting", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("holding") as batch:
        batch.alter_column("acting", server_default=None)
    _authorities()
    _freeze()


def _head_of_documents() -> None:
    op.create_table(
        "unit_header",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("header_parent", sa.String(length=200), nullable=True),
        sa.Column("header_name", sa.String(length=300), nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("symbol", sa.String(length=24), nullable=False),
        sa.Column("grounds", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_header_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "valid_from", name="uq_unit_header_day"),
    )
    with op.batch_alter_table("unit") as batch:
        batch.add_column(sa.Column("seal_unit_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_unit_seal_unit", "unit", ["seal_unit_id"], ["id"])
        batch.create_check_constraint("ck_unit_seal", "seal_unit_id IS NULL OR kind = 'steering_body'")


def _authorities() -> None:
    op.create_table(
        "signing_authority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("source_post_id", sa.Integer(), nullable=False),
        sa.Column("signer_post_id", sa.Integer(), nullable=False),
        sa.Column("with_deputies", sa.Boolean(), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("templates", sa.JSON(), nullable=False),
        sa.Column("printed_title", sa.String(length=120), nullable=True),
        sa.Column("grounds", sa.String(length=60), nullable=False),
        sa.Column("grounds_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('TL', 'TUQ')", name="ck_signing_authority_kind"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_signing_authority_life"),
        sa.CheckConstraint("kind = 'TL' OR valid_to IS NOT NULL", name="ck_signing_authority_end"),
        sa.CheckConstraint("kind = 'TL' OR NOT with_deputies", name="ck_signing_authority_deputies"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="ck_signing_authority_revoked"),
        sa.ForeignKeyConstraint(["issuer_id"], ["unit.id"], name="fk_signing_authority_issuer"),
        sa.ForeignKeyConstraint(["source_post_id"], ["post.id"], name="fk_signing_authority_source_post"),
        sa.ForeignKeyConstraint(["signer_post_id"], ["post.id"], name="fk_signing_authority_signer_post"),
        sa.ForeignKeyConstraint(["revoked_by"], ["ab_user.id"], name="fk_signing_authority_revoked_by"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_signing_authority_issuer", "signing_authority", ["issuer_id"])
    op.create_index("ix_signing_authority_signer", "signing_authority", ["signer_post_id"])


def _freeze() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for name, event, condition in TRIGGERS:
        head = f"CREATE TRIGGER {name} BEFORE {event} ON signing_authority FOR EACH ROW WHEN ({condition})"
        refuse = f"BEGIN SELECT RAISE(ABORT, 'record is frozen: {name}'); END"
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()" if postgres else f"{head} {refuse}")


def downgrade() -> None:
    op.drop_table("signing_authority")
    with op.batch_alter_table("holding") as batch:
        batch.drop_column("acting")
    with op.batch_alter_table("unit") as batch:
        batch.drop_constraint("ck_unit_seal", type_="check")
        batch.drop_constraint("fk_unit_seal_unit", type_="foreignkey")
        batch.drop_column("seal_unit_id")
    op.drop_table("unit_header")
