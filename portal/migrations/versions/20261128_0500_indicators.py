"""The register of indicators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4f7be2a9d016"
down_revision = "e61b04f7a9c8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=41), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("measure_vi", sa.String(length=60), nullable=True),
        sa.Column("measure_en", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("aggregation", sa.String(length=16), nullable=False),
        sa.Column("definition_vi", sa.String(length=1000), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('number', 'ratio', 'score', 'rank')", name="ck_indicator_kind"),
        sa.CheckConstraint("direction IN ('up', 'down', 'neither')", name="ck_indicator_direction"),
        sa.CheckConstraint("aggregation IN ('sum', 'last', 'none', 'ratio_of_sums')", name="ck_indicator_aggregation"),
        sa.CheckConstraint(
            "(kind = 'number' AND aggregation IN ('sum', 'last', 'none')) OR (kind = 'ratio' AND aggregation IN ('ratio_of_sums', 'none')) "
            "OR (kind = 'score' AND aggregation IN ('none')) OR (kind = 'rank' AND aggregation IN ('none'))",
            name="ck_indicator_aggregation_of_kind",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", name="uq_indicator_key"),
    )


def downgrade() -> None:
    op.drop_table("indicator")
