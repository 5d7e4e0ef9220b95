"""Order of lists: the pages of reports, cases and documents are found by an index and no longer by sorting all rows."""

from __future__ import annotations

from alembic import op

revision = "7e41c2d90b35"
down_revision = "0753d100a74a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_submission_changed", "submission", ["changed_at", "id"])
    op.create_index("ix_approval_case_changed", "approval_case", ["changed_at", "id"])
    op.create_index("ix_official_document_issued", "official_document", ["issued_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_official_document_issued", table_name="official_document")
    op.drop_index("ix_approval_case_changed", table_name="approval_case")
    op.drop_index("ix_submission_changed", table_name="submission")
