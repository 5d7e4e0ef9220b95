"""The first tables: Flask-AppBuilder's accounts and the rooms of the portal.

Think before you write: a long lock stops the province's work, and SQLite rebuilds whole tables,
losing triggers on the way. Re-create every trigger of a table that is altered.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "00d9b845e7dc"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ab_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=150), nullable=True),
        sa.Column("description", sa.String(length=512), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "ab_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "ab_register_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("registration_date", sa.DateTime(), nullable=True),
        sa.Column("registration_hash", sa.String(length=256), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("username"),
    )
    op.create_table(
        "ab_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "ab_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("last_login", sa.DateTime(), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("fail_login_count", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("changed_on", sa.DateTime(), nullable=True),
        sa.Column("created_by_fk", sa.Integer(), nullable=True),
        sa.Column("changed_by_fk", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_fk"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["created_by_fk"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("username"),
    )
    op.create_table(
        "ab_view_menu",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("digest"),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_object", ["object_kind", "object_id"], unique=False)

    op.create_table(
        "clarity_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("facets", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="uq_clarity_profile_code"),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'draft') = (published_at IS NULL)", name="ck_definition_published_at"),
        sa.CheckConstraint("kind IN ('form', 'chain', 'document')", name="ck_definition_kind"),
        sa.CheckConstraint("status IN ('draft', 'published', 'retired')", name="ck_definition_status"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "key", "version", name="uq_definition_version"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'done', 'failed')", name="ck_job_status"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["status", "run_after"], unique=False)

    op.create_table(
        "source_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("search", sa.String(length=900), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "year", "symbol", name="uq_source_document"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("symbol", sa.String(length=24), nullable=False),
        sa.Column("header_parent", sa.String(length=200), nullable=True),
        sa.Column("header_name", sa.String(length=300), nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("search", sa.String(length=700), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=700).with_variant(sa.String(length=700, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('ppc', 'ppc_office', 'department', 'equivalent', 'police', 'division', 'steering_body', 'dpc', 'cpc')",
            name="ck_unit_kind",
        ),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="ck_unit_not_own_parent"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_unit_life"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="uq_unit_code"),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_parent", ["parent_id"], unique=False)

    op.create_table(
        "ab_api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("key_hash", sa.String(length=256), nullable=False),
        sa.Column("lookup_hash", sa.String(length=256), nullable=True),
        sa.Column("key_prefix", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("expires_on", sa.DateTime(), nullable=True),
        sa.Column("revoked_on", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("lookup_hash"),
        sa.UniqueConstraint("uuid"),
    )
    with op.batch_alter_table("ab_api_key", schema=None) as batch_op:
        batch_op.create_index("idx_api_key_lookup_hash", ["lookup_hash"], unique=True)
        batch_op.create_index("idx_api_key_prefix", ["key_prefix"], unique=False)
        batch_op.create_index("idx_api_key_user_id", ["user_id"], unique=False)

    op.create_table(
        "ab_group_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("group_id", "role_id"),
    )
    with op.batch_alter_table("ab_group_role", schema=None) as batch_op:
        batch_op.create_index("idx_group_id", ["group_id"], unique=False)
        batch_op.create_index("idx_group_role_id", ["role_id"], unique=False)

    op.create_table(
        "ab_permission_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_id", sa.Integer(), nullable=False),
        sa.Column("view_menu_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permission_id"],
            ["ab_permission.id"],
        ),
        sa.ForeignKeyConstraint(
            ["view_menu_id"],
            ["ab_view_menu.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("permission_id", "view_menu_id"),
    )
    with op.batch_alter_table("ab_permission_view", schema=None) as batch_op:
        batch_op.create_index("idx_permission_id", ["permission_id"], unique=False)
        batch_op.create_index("idx_view_menu_id", ["view_menu_id"], unique=False)

    op.create_table(
        "ab_user_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "group_id"),
    )
    with op.batch_alter_table("ab_user_group", schema=None) as batch_op:
        batch_op.create_index("idx_user_group_id", ["group_id"], unique=False)
        batch_op.create_index("idx_user_id", ["user_id"], unique=False)

    op.create_table(
        "ab_user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "role_id"),
    )
    op.create_table(
        "approval_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("initiator_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'in_review') = (stage IS NOT NULL)", name="ck_approval_case_stage_if_in_review"),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'returned', 'recalled', 'approved', 'rejected')",
            name="ck_approval_case_status",
        ),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name="fk_approval_case_definition"),
        sa.ForeignKeyConstraint(["initiator_id"], ["ab_user.id"], name="fk_approval_case_initiator"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_approval_case_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject_kind", "subject_id", name="uq_approval_case_subject"),
    )
    with op.batch_alter_table("approval_case", schema=None) as batch_op:
        batch_op.create_index("ix_approval_case_unit", ["unit_id", "status"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title_vi", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('head', 'deputy', 'officer', 'registrar', 'administrator')", name="ck_post_kind"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_post_life"),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name="fk_post_role"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_post_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "code", name="uq_post_unit_code"),
    )
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=24), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_number >= 0", name="ck_register_last_number"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_register_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "year", "series", name="uq_register_series"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by"], ["ab_user.id"], name="fk_stored_file_user"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_stored_file_sha256", ["sha256"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("objective", sa.String(length=500), nullable=True),
        sa.Column("product", sa.String(length=500), nullable=True),
        sa.Column("expected_result", sa.String(length=500), nullable=True),
        sa.Column("authority", sa.String(length=200), nullable=True),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("lead_unit_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("deadline_kind", sa.String(length=16), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search", sa.String(length=1200), nullable=False),
        sa.CheckConstraint(
            "(deadline_kind IN ('before', 'by', 'within_month')) = (deadline_on IS NOT NULL)",
            name="ck_task_deadline_on",
        ),
        sa.CheckConstraint(
            "deadline_kind IN ('before', 'by', 'within_month', 'recurring', 'none')", name="ck_task_deadline_kind"
        ),
        sa.CheckConstraint("(completed_on IS NULL) = (evidence IS NULL)", name="ck_task_evidence_if_completed"),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name="fk_task_lead_unit"),
        sa.ForeignKeyConstraint(["leader_id"], ["ab_user.id"], name="fk_task_leader"),
        sa.ForeignKeyConstraint(["officer_id"], ["ab_user.id"], name="fk_task_officer"),
        sa.ForeignKeyConstraint(["profile_id"], ["clarity_profile.id"], name="fk_task_profile"),
        sa.ForeignKeyConstraint(["source_id"], ["source_document.id"], name="fk_task_source"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_lead", ["lead_unit_id"], unique=False)

    op.create_table(
        "ab_permission_view_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_view_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["permission_view_id"], ["ab_permission_view.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("permission_view_id", "role_id"),
    )
    with op.batch_alter_table("ab_permission_view_role", schema=None) as batch_op:
        batch_op.create_index("idx_permission_view_id", ["permission_view_id"], unique=False)
        batch_op.create_index("idx_role_id", ["role_id"], unique=False)

    op.create_table(
        "approval_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("returned_to", sa.String(length=64), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('approve', 'return', 'reject')", name="ck_approval_decision_verdict"),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name="fk_approval_decision_case"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_approval_decision_post"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_approval_decision_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "entry", "step", name="uq_approval_decision_step"),
        sa.UniqueConstraint("case_id", "entry", "user_id", name="uq_approval_decision_person"),
    )
    op.create_table(
        "approval_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"], name="fk_approval_event_actor"),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name="fk_approval_event_case"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "seq", name="uq_approval_event_seq"),
    )
    op.create_table(
        "approval_work_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="ck_approval_work_item_closed_at"),
        sa.CheckConstraint("status IN ('open', 'decided', 'closed')", name="ck_approval_work_item_status"),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name="fk_approval_work_item_case"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_approval_work_item_post"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_approval_work_item_unit"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_approval_work_item_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "number", name="uq_approval_work_item_number"),
    )
    with op.batch_alter_table("approval_work_item", schema=None) as batch_op:
        batch_op.create_index("ix_approval_work_item_reached", ["unit_id", "case_id"], unique=False)
        batch_op.create_index("ix_approval_work_item_worklist", ["user_id", "status"], unique=False)
        batch_op.create_index(
            "uq_approval_work_item_open",
            ["case_id", "step", "user_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.String(length=60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_holding_life"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_holding_post"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_holding_user"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.create_index("ix_holding_post", ["post_id"], unique=False)
        batch_op.create_index("ix_holding_user", ["user_id"], unique=False)

    op.create_table(
        "official_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'awaiting_signature') = (file_id IS NOT NULL)", name="ck_official_document_file_if_rendered"
        ),
        sa.CheckConstraint(
            "status IN ('rendering', 'awaiting_signature', 'failed')", name="ck_official_document_status"
        ),
        sa.CheckConstraint("number > 0", name="ck_official_document_number"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_official_document_file"),
        sa.ForeignKeyConstraint(["issuer_id"], ["unit.id"], name="fk_official_document_issuer"),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name="fk_official_document_register"),
        sa.ForeignKeyConstraint(["signer_id"], ["ab_user.id"], name="fk_official_document_signer"),
        sa.ForeignKeyConstraint(["template_id"], ["definition.id"], name="fk_official_document_template"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer_id", "year", "number", "symbol", name="uq_official_document_symbol"),
        sa.UniqueConstraint("register_id", "number", name="uq_official_document_number"),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("period_kind", sa.String(length=16), nullable=False),
        sa.Column("period_year", sa.Integer(), nullable=False),
        sa.Column("period_number", sa.Integer(), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", sa.String(length=700), nullable=False),
        sa.CheckConstraint("window_to >= window_from", name="ck_submission_window"),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name="fk_submission_case"),
        sa.ForeignKeyConstraint(["created_by"], ["ab_user.id"], name="fk_submission_creator"),
        sa.ForeignKeyConstraint(["form_id"], ["definition.id"], name="fk_submission_form"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_submission_unit"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", name="uq_submission_case"),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(
            "ix_submission_unit_period",
            ["unit_id", "form_key", "period_kind", "period_year", "period_number"],
            unique=False,
        )

    op.create_table(
        "task_cooperation",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_task_cooperation_task", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_task_cooperation_unit"),
        sa.PrimaryKeyConstraint("task_id", "unit_id"),
    )
    op.create_table(
        "task_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["ab_user.id"], name="fk_task_progress_author"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_task_progress_task"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id", "week", name="uq_task_progress_week"),
    )
    op.create_table(
        "submission_author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_submission_author_submission"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="fk_submission_author_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "user_id", name="uq_submission_author"),
    )
    op.create_table(
        "submission_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_submission_file_file"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_submission_file_submission"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("submission_file", schema=None) as batch_op:
        batch_op.create_index("ix_submission_file_submission", ["submission_id"], unique=False)

    op.create_table(
        "submission_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_submission_version_submission"),
        sa.ForeignKeyConstraint(["submitted_by"], ["ab_user.id"], name="fk_submission_version_user"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "round", name="uq_submission_version_round"),
    )


def downgrade() -> None:
    op.drop_table("submission_version")
    with op.batch_alter_table("submission_file", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_file_submission")

    op.drop_table("submission_file")
    op.drop_table("submission_author")
    op.drop_table("task_progress")
    op.drop_table("task_cooperation")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_unit_period")

    op.drop_table("submission")
    op.drop_table("official_document")
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.drop_index("ix_holding_user")
        batch_op.drop_index("ix_holding_post")

    op.drop_table("holding")
    with op.batch_alter_table("approval_work_item", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_approval_work_item_open",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index("ix_approval_work_item_worklist")
        batch_op.drop_index("ix_approval_work_item_reached")

    op.drop_table("approval_work_item")
    op.drop_table("approval_event")
    op.drop_table("approval_decision")
    with op.batch_alter_table("ab_permission_view_role", schema=None) as batch_op:
        batch_op.drop_index("idx_role_id")
        batch_op.drop_index("idx_permission_view_id")

    op.drop_table("ab_permission_view_role")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_lead")

    op.drop_table("task")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_file_sha256")

    op.drop_table("stored_file")
    op.drop_table("register")
    op.drop_table("post")
    with op.batch_alter_table("approval_case", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_case_unit")

    op.drop_table("approval_case")
    op.drop_table("ab_user_role")
    with op.batch_alter_table("ab_user_group", schema=None) as batch_op:
        batch_op.drop_index("idx_user_id")
        batch_op.drop_index("idx_user_group_id")

    op.drop_table("ab_user_group")
    with op.batch_alter_table("ab_permission_view", schema=None) as batch_op:
        batch_op.drop_index("idx_view_menu_id")
        batch_op.drop_index("idx_permission_id")

    op.drop_table("ab_permission_view")
    with op.batch_alter_table("ab_group_role", schema=None) as batch_op:
        batch_op.drop_index("idx_group_role_id")
        batch_op.drop_index("idx_group_id")

    op.drop_table("ab_group_role")
    with op.batch_alter_table("ab_api_key", schema=None) as batch_op:
        batch_op.drop_index("idx_api_key_user_id")
        batch_op.drop_index("idx_api_key_prefix")
        batch_op.drop_index("idx_api_key_lookup_hash")

    op.drop_table("ab_api_key")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_parent")

    op.drop_table("unit")
    op.drop_table("source_document")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("definition")
    op.drop_table("clarity_profile")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_object")

    op.drop_table("audit_entry")
    op.drop_table("ab_view_menu")
    op.drop_table("ab_user")
    op.drop_table("ab_role")
    op.drop_table("ab_register_user")
    op.drop_table("ab_permission")
    op.drop_table("ab_group")
