"""The database keeps a signing authority as it was entered: it is revoked once, and nothing else of it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

if TYPE_CHECKING:
    from flask import Flask

REVOKE = "UPDATE signing_authority SET revoked_at = CURRENT_TIMESTAMP, revoked_by = 1 WHERE id = 1"


@pytest.fixture(params=["portal", pytest.param("portal_on_postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Any:
    """The database of a portal with the demonstration's one authority, on either kind."""
    app: Flask = request.getfixturevalue(request.param)
    return app.extensions["trinh"]["database"].engine


def refused(engine: Any, statement: str) -> str:
    with pytest.raises(DatabaseError) as error, engine.begin() as connection:
        connection.execute(text(statement))
    return str(error.value.orig)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'TUQ', valid_to = '2099-12-31', with_deputies = FALSE",
        "types = '[]'",
        "valid_to = '2099-12-31'",
        "valid_from = '2000-01-01'",
        "signer_post_id = 1",
        "grounds = '1/QĐ-UBND'",
        "with_deputies = FALSE",
    ],
)
def test_nothing_that_was_entered_changes(engine: Any, change: str) -> None:
    assert "signing_authority_frozen" in refused(engine, f"UPDATE signing_authority SET {change}")


def test_it_is_revoked_once(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text(REVOKE))
    assert "signing_authority_revoked_once" in refused(engine, REVOKE)
    back = "UPDATE signing_authority SET revoked_at = NULL, revoked_by = NULL"
    assert "signing_authority_revoked_once" in refused(engine, back)


def test_it_is_not_deleted(engine: Any) -> None:
    assert "signing_authority_no_delete" in refused(engine, "DELETE FROM signing_authority")
