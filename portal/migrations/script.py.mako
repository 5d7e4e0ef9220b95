"""${message}.

Think before you write: a long lock stops the province's work, and SQLite rebuilds whole tables,
losing triggers on the way. Re-create every trigger of a table that is altered.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
