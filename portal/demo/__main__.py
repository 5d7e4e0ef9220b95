"""`python -m portal.demo`: the main job, headless, in a throw-away folder; prints one line per step and the PDF."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from alembic import command

import config
from portal import cli
from portal.app import create_app, keyring_of
from portal.demo.journey import Journey
from portal.demo.load import load
from portal.demo.signing import demo_pin, equip
from portal.security import today


def main() -> int:
    """Prepare a fresh portal, carry the report through it, and name the PDF."""
    folder = Path(tempfile.mkdtemp(prefix="trinh-demo-"))
    kept = {name: value for name, value in os.environ.items() if name == "PATH"}
    app = create_app(config.load({**kept, "PORTAL_DATA": str(folder)}))
    with app.app_context():
        database = app.extensions["trinh"]["database"]
        command.upgrade(cli.alembic_config(database), "head")
        cli.prepare(app)
        counts = load(database.session(), secrets.token_urlsafe(12), today())
        equip(database.session(), folder, today())
        database.session.commit()
        print(f"Gia Lai: {counts}")  # noqa: T201 - this command's output
        app.extensions["trinh"]["keyring"] = keyring_of(config.load({**kept, "PORTAL_DATA": str(folder)}))
        path = Journey(app, print).travel_to_release(demo_pin(folder))
    pdf = folder / "bao-cao.pdf"
    shutil.copyfile(path, pdf)
    print(pdf)  # noqa: T201 - this command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
