"""Starts the portal: `python run.py`. Embedded mode prepares its own database; production refuses an unready one."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import subprocess
import sys
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from alembic import command
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from waitress import serve

import config
from portal import cli
from portal.app import create_app
from portal.demo.letters import let_urge
from portal.demo.load import load
from portal.demo.signing import demo_pin, equip
from portal.security import today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from config import Settings

log = logging.getLogger(__name__)

LARGEST_BODY = 2 * 1024**3
"""The server takes larger bodies than the portal accepts, so that their sender gets a page and not a closed line."""

CAST = (
    ("clerk", "chuyên viên Sở Thông tin và Truyền thông"),
    ("head", "Giám đốc Sở Thông tin và Truyền thông"),
    ("police.head", "Trưởng phòng PC06, Công an tỉnh"),
    ("police.writer", "cán bộ tổng hợp PC06, soạn công văn đôn đốc"),
    ("vicechair", "Phó Chủ tịch UBND tỉnh"),
    ("registrar", "văn thư UBND tỉnh"),
    ("units", "quản trị đơn vị"),
    ("designer", "thiết kế biểu mẫu và quy trình"),
    ("auditor", "kiểm tra, chỉ đọc"),
    ("admin", "quản trị hệ thống"),
    ("outsider", "chuyên viên huyện Ia Grai"),
)


def demo_password(settings: Settings) -> str:
    """The one password of the demo's cast: random, chosen at the first start, readable by its owner alone."""
    path = settings.portal_data / "demo-password.txt"
    if not path.exists():
        settings.portal_data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(12))
    return path.read_text().strip()


def prepare(app: Flask, settings: Settings) -> bool:
    """Bring the embedded database up to date, and load the demo province into an empty one.

    Returns:
        whether the demo's cast is there to sign in.
    """
    database = app.extensions["trinh"]["database"]
    if not cli.is_migrated(database):
        command.upgrade(cli.alembic_config(database), "head")
    cli.prepare(app)
    session = database.session()
    if session.scalar(select(User.id).limit(1)) is None:
        load(session, demo_password(settings), today())
        equip(session, settings.portal_data, today())
        let_urge(session, today())
        session.commit()
    is_demo = session.scalar(select(User.id).where(User.email.endswith("@gialai.example")).limit(1)) is not None
    database.session.remove()
    return is_demo


def refuse_unready(app: Flask) -> None:
    """Nothing is served from a database whose tables are not the newest.

    Raises:
        BadSettingError: it is not.
    """
    if not cli.is_migrated(app.extensions["trinh"]["database"]):
        raise config.BadSettingError("The database is not migrated: run `flask --app portal.app db upgrade` first.")


def application() -> Flask:
    """The application for a server of several processes: `gunicorn --threads 1 "run:application()"`.

    Raises:
        BadSettingError: a setting is unsafe, or the database is not migrated.
    """
    app = create_app(config.load())
    refuse_unready(app)
    return app


def keep_running(command: list[str], stopped: Event, pause: float = 5) -> None:
    """Run a program until told to stop; one that ends by itself is reported and begun anew.

    Args:
        command: the program and its arguments.
        stopped: set when the program is no longer wanted.
        pause: seconds between an end and the next beginning.
    """
    while not stopped.is_set():
        with subprocess.Popen(command) as process:  # noqa: S603 - the command is our own
            while process.poll() is None and not stopped.wait(0.2):
                pass
            process.terminate()
        if not stopped.is_set():
            log.error("%s ended with status %s; it begins anew in %s s", command[-1], process.returncode, pause)
            stopped.wait(pause)


@contextmanager
def workers(number: int) -> Iterator[None]:
    """Processes beside the server that do the work owed after commits, so that as many documents are made at once."""
    stopped = Event()
    command = [sys.executable, "-m", "flask", "--app", "portal.app", "jobs", "work"]
    keepers = [Thread(target=keep_running, args=(command, stopped)) for _ in range(number)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        stopped.set()
        for keeper in keepers:
            keeper.join()


def announce(settings: Settings, *, is_demo: bool) -> None:
    """Say where the portal is, and who may sign in to the demo."""
    lines = [f"Trình: http://{settings.host}:{settings.port}"]
    if is_demo:
        lines += [f"  {name:13} {about}" for name, about in CAST]
        lines.append(f"  password      {demo_password(settings)}")
        lines.append(f"  PIN           {demo_pin(settings.portal_data)} (ký số, con dấu thử nghiệm)")
    print("\n".join(lines), flush=True)  # noqa: T201 - this is what the terminal is for


def main() -> int:
    """Prepare, announce, serve until interrupted."""
    try:
        settings = config.load()
        app = create_app(settings)
        with app.app_context():
            if settings.production:
                refuse_unready(app)
                is_demo = False
            else:
                is_demo = prepare(app, settings)
        # The demo has made an authority of its own, which is believed from now on.
        if is_demo and settings.signing_trust is None:
            settings = config.load()
            app = create_app(settings)
    except config.BadSettingError as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the one line an operator needs
        return 1
    announce(settings, is_demo=is_demo)
    # Stopped by the system, the server takes its workers with it, as when stopped by hand.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # A queue of one is how a single thread works, not news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with workers(settings.job_workers):
        # One thread: Flask-AppBuilder's views keep state between requests.
        serve(
            app,
            host=settings.host,
            port=settings.port,
            threads=1,
            max_request_body_size=LARGEST_BODY,
            ident=None,
            # What proxies say of the sender is read, or not, in one place: the application.
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
