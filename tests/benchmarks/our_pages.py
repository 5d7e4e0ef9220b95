"""The portal over ten thousand reports: run by the benchmark in a process of its own."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from flask_appbuilder.security.sqla.models import PermissionView, ViewMenu, assoc_permissionview_role
from sqlalchemy import delete, select

from portal.app import create_app
from tests.asked import statements
from tests.benchmarks.served import serve
from tests.conftest import Visitor, settings_in

logging.disable(logging.WARNING)


def main() -> None:
    """Sign in and answer."""
    app = create_app(settings_in(Path(sys.argv[1])))
    engine = app.extensions["trinh"]["database"].engine
    visitor = Visitor(app.test_client())
    assert visitor.sign_in("admin").status_code == 302
    cookie = visitor.client.get_cookie("trinh_session")
    assert cookie is not None

    def count(what: Any) -> int:
        with statements(engine) as asked:
            what()
        return len(asked)

    def revoke() -> None:
        views = select(ViewMenu.id).where(ViewMenu.name.in_(("SubmissionView", "SubmissionApi")))
        rights = select(PermissionView.id).where(PermissionView.view_menu_id.in_(views))
        with engine.begin() as connection:
            given = assoc_permissionview_role
            connection.execute(delete(given).where(given.c.permission_view_id.in_(rights)))

    serve(app, f"trinh_session={cookie.value}", count, revoke=revoke)


if __name__ == "__main__":
    main()
