"""The operator's commands: `flask --app portal.app …`."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app, url_for
from flask.cli import AppGroup, with_appcontext
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from portal import backup, idempotency, jobs, onetime, rehearsal_commands, restore, roles, secondfactor
from portal.approvals import digest, due_work, reseating
from portal.approvals import doctor as doctors
from portal.archive import BackupError
from portal.audit import AuditEntry
from portal.checkpoints import PRIVATE_KEY
from portal.checkpoints import read as read_checkpoints
from portal.checkpoints import verify as verify_log
from portal.confined import can_isolate
from portal.db import lock_for, utc_now
from portal.definition_commands import definition_commands
from portal.definitions.publishing import publish_shipped
from portal.exchange_commands import document_commands
from portal.grants import ADMINISTRATOR, ADMINISTRATORS_LOCK
from portal.passwords import NO_PASSWORD
from portal.register_commands import register_commands
from portal.security import today
from portal.signatures import renewing
from portal.signer import Signer, UnsoundError, Watchman
from portal.submissions import attachments
from portal.verification.commands import verify_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

    from config import Settings
    from portal.audit import Break
    from portal.checkpoints import Problem
    from portal.db import Database

log = logging.getLogger(__name__)

Done = TypeVar("Done")

ACCOUNTS_BEGAN = ("user_first_administrator_made", "user_added", "ab_user_added", "demo_loaded")
"""Entries of the audit log, which nobody deletes, that say of an account that it was made."""

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

db_commands = AppGroup("db", help="Bring the database's tables up to date.")
audit_commands = AppGroup("audit", help="Check the audit log.")
accounts_commands = AppGroup("accounts", help="The first account, and ways back in when nobody can sign in.")
approvals_commands = AppGroup("approvals", help="Find cases that are stuck, and try out chains.")
jobs_commands = AppGroup("jobs", help="Do the work owed after commits.")


def _database() -> Database:
    database: Database = current_app.extensions["trinh"]["database"]
    return database


def alembic_config(database: Database) -> Config:
    """Alembic's configuration for this database; no file is read."""
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    alembic.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    alembic.attributes["engine"] = database.engine
    return alembic


def is_migrated(database: Database) -> bool:
    """Whether the tables are at the newest migration."""
    newest = ScriptDirectory.from_config(alembic_config(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def known_migrations(database: Database) -> frozenset[str]:
    """Every migration that this program has."""
    scripts = ScriptDirectory.from_config(alembic_config(database))
    return frozenset(script.revision for script in scripts.walk_revisions())


@db_commands.command("upgrade")
def upgrade() -> None:
    """Apply every migration that is missing."""
    command.upgrade(alembic_config(_database()), "head")


@db_commands.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Go back to an earlier migration."""
    command.downgrade(alembic_config(_database()), revision)


@db_commands.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration for what the models changed."""
    command.revision(alembic_config(_database()), message, autogenerate=True)


@db_commands.command("check")
def check() -> None:
    """Fail when the models and the migrations differ."""
    command.check(alembic_config(_database()))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["trinh"]["settings"]
    return settings


def signer_of(settings: Settings, database: Database) -> Signer:
    """Who signs the audit log of a portal."""
    return Signer(
        database,
        settings.audit_checkpoints,
        settings.portal_data / PRIVATE_KEY,
        settings.audit_checkpoint_minutes,
        settings.audit_checkpoint_entries,
    )


@audit_commands.command("verify")
@click.option(
    "--checkpoints",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A copy of the folder of checkpoints, kept where the portal cannot write.",
)
def verify(checkpoints: Path | None) -> None:
    """Walk the audit log's hash chain, compare it with the checkpoints, and name whatever does not hold."""
    own = None if checkpoints else _settings().portal_data / PRIVATE_KEY
    book = read_checkpoints(checkpoints or _settings().audit_checkpoints, own)
    count, breaks = verify_log(_database(), book)
    _tell_unsound(breaks, book.problems)
    wrong = len(breaks) + len(book.problems)
    click.echo(f"{count} entries, {wrong} breaks")
    click.echo(
        f"{len(book.checkpoints)} checkpoints, up to entry {book.last.seq}, keys: {' '.join(book.keys) or 'none'}"
    )
    if wrong:
        raise SystemExit(1)


def _tell_unsound(breaks: Iterable[Break], problems: Iterable[Problem]) -> None:
    for each in breaks:
        click.echo(f"entry {each.seq}: {each.why}", err=True)
    for problem in problems:
        click.echo(f"checkpoint {problem.line}: {problem.why}", err=True)


@audit_commands.command("checkpoint")
@click.option("--anew", is_flag=True, help="Put a damaged file of checkpoints aside and begin another.")
def checkpoint(*, anew: bool) -> None:
    """Sign how far the audit log has come."""
    try:
        made = signer_of(_settings(), _database()).sign(anew=anew)
    except UnsoundError as unsound:
        _tell_unsound(unsound.breaks, unsound.problems)
        raise SystemExit(1) from None
    if made is None:
        click.echo("nothing new to sign")
    else:
        click.echo(f"checkpoint {made.number}: entry {made.seq}, hash {made.digest}, key {made.key}")


@jobs_commands.command("work")
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
def work(*, once: bool) -> None:
    """Do due jobs until told to stop."""
    settings = _settings()
    limits: dict[str, Any] = {"lease_seconds": settings.job_lease_seconds, "most_attempts": settings.job_attempts}
    if not can_isolate():
        log.warning("documents and previews are made without a network namespace of their own: the kernel allows none")
    if not once:
        jobs.work_forever(_database(), **limits, between=_watches(settings, _database()))
        return
    reseating.DayWatch(_database())()
    due_work.DueWatch(_database())()
    digest.DigestWatch(_database(), settings)()
    renewing.RenewalWatch(_database(), settings)()
    idempotency.KeyWatch(_database())()
    while jobs.work_one(_database(), **limits):
        pass


def _watches(settings: Settings, database: Database) -> Callable[[], None]:
    """What a worker looks after between jobs: the log, days that begin, what is due, mails, time stamps, old keys."""
    watches = (
        Watchman(signer_of(settings, database)),
        reseating.DayWatch(database),
        due_work.DueWatch(database),
        digest.DigestWatch(database, settings),
        renewing.RenewalWatch(database, settings),
        idempotency.KeyWatch(database),
    )

    def look() -> None:
        for watch in watches:
            watch()

    return look


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@with_appcontext
def backup_command(target: Path) -> None:
    """Write database, files and checkpoints into one archive; the portal may be in use.

    TARGET is the archive, or a folder in which it gets a name by date and time.
    """
    settings = _settings()
    if target.is_dir():
        target /= f"trinh-{utc_now():%Y%m%d-%H%M%S}.tar"
    store = current_app.extensions["trinh"]["files"]
    manifest = _or_faults(lambda: backup.make(_database(), store, settings.audit_checkpoints, target))
    click.echo(f"{target}: {len(manifest.names('files'))} files, audit log up to entry {manifest.facts['audit'][0]}")
    click.echo(f"SHA-256 of the manifest: {manifest.sha256}")
    click.echo("Not in it, keep them elsewhere: SECRET_KEY (secret-key.txt) and checkpoint-key.pem.")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Put aside what is there; it is kept under another name.")
@with_appcontext
def restore_command(source: Path, *, overwrite: bool) -> None:
    """Verify a backup and put it in the place that DATABASE_URL and PORTAL_DATA name; the portal must be stopped."""
    settings, store = _settings(), current_app.extensions["trinh"]["files"]
    own_key, known = settings.portal_data / PRIVATE_KEY, known_migrations(_database())
    target = restore.Target(_database(), store, settings.audit_checkpoints, own_key, known)
    done = _or_faults(lambda: restore.restore(source, target, overwrite=overwrite))
    click.echo(f"restored: {done.files} files, {done.entries} entries of the audit log, all as they were")
    click.echo(f"SHA-256 of the manifest: {done.manifest.sha256}")
    if done.former:
        click.echo(f"The former database is kept as {done.former}.")
    if not is_migrated(_database()):
        click.echo("The backup is of an older version: run `flask db upgrade` and `flask init` before you start.")


def _or_faults(work: Callable[[], Done]) -> Done:
    """Do it, or name everything that is wrong and end with status 1."""
    try:
        return work()
    except BackupError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        raise SystemExit(1) from None


@accounts_commands.command("first-administrator")
@click.option("--username", prompt="User name")
@click.option("--family-name", prompt="Family and middle name")
@click.option("--given-name", prompt="Given name")
@click.option("--email", prompt="E-mail")
def first_administrator(username: str, family_name: str, given_name: str, email: str) -> None:
    """Make the first account, an administrator's, and print the one-time link by which he sets his password."""
    session = _database().session()
    lock_for(session, ADMINISTRATORS_LOCK)
    if session.scalar(select(AuditEntry.seq).where(AuditEntry.action.in_(ACCOUNTS_BEGAN)).limit(1)):
        raise click.UsageError("This portal has had accounts before. An administrator makes the others.")
    role = session.scalar(select(Role).where(Role.name == ADMINISTRATOR))
    if role is None:
        raise click.UsageError("There are no roles yet: run `flask --app portal.app init` first.")
    names = {"first_name": family_name, "last_name": given_name, "email": email}
    user = User(username=username, password=NO_PASSWORD, active=True, roles=[role], **names)
    session.add(user)
    session.flush()
    _print_link(user, "first_administrator_made")


@accounts_commands.command("one-time-link")
@click.argument("username")
def one_time_link(username: str) -> None:
    """Print a link by which this account gets a new password, for when no administrator can sign in."""
    _print_link(_account(username), "one_time_link_made")


@accounts_commands.command("reset-second-factor")
@click.argument("username")
def reset_second_factor(username: str) -> None:
    """Forget the second factor of this account, for when no administrator can sign in."""
    user = _account(username)
    secondfactor.remove(_database().session(), user.id)
    current_app.extensions["appbuilder"].sm.note(user, "second_factor_reset")


def _account(username: str) -> User:
    user: User | None = current_app.extensions["appbuilder"].sm.find_user(username=username)
    if user is None:
        raise click.UsageError("There is no account of this name.")
    return user


def _print_link(user: User, what: str) -> None:
    settings = _settings()
    own = f"https://{settings.trusted_hosts[0]}" if settings.production else f"http://{settings.host}:{settings.port}"
    token = onetime.make(_database().session(), user)
    current_app.extensions["appbuilder"].sm.note(user, what)
    with current_app.test_request_context(base_url=own):
        click.echo(url_for("NewPasswordView.choose", token=token, _external=True))
    hours = onetime.VALID_FOR // timedelta(hours=1)
    click.echo(f"It works once, within {hours} hours.", err=True)


@click.command("init")
def init() -> None:
    """Write rights and the shipped roles, forms, chains and templates; what administrators changed stays."""
    prepare(current_app)


def prepare(app: Flask) -> None:
    """Write what a database needs before its first request; safe to repeat.

    Args:
        app: the application whose screens define the rights.
    """
    session = _database().session()
    roles.write(app.extensions["appbuilder"])
    publish_shipped(session)
    attachments.owe_previews(session)
    session.commit()


@approvals_commands.command("doctor")
@click.option("--deep", is_flag=True, help="Compare each case and its content with its events as well; that reads all.")
def doctor(*, deep: bool) -> None:
    """Name every case that nobody can move and everybody who is asked and cannot answer, with what to do."""
    session = _database().session()
    found = doctors.examine(session, today()) + (list(doctors.contradictions(session)) if deep else [])
    for each in found:
        kind = "stuck" if each.is_stuck else "ailing"
        click.echo(f"{kind}: case {each.case_id} “{each.title}”: {each.what}\n    {each.remedy}")
    stuck = {each.case_id for each in found if each.is_stuck}
    click.echo(f"findings: {len(found)}, stuck cases: {len(stuck)}")
    if found:
        raise SystemExit(1)


approvals_commands.add_command(rehearsal_commands.rehearse)
approvals_commands.add_command(rehearsal_commands.replay)


def register(app: Flask) -> None:
    """Give the application its commands."""
    groups = (db_commands, audit_commands, accounts_commands, jobs_commands, approvals_commands, definition_commands)
    for each in (*groups, register_commands, document_commands):
        app.cli.add_command(each)
    for command_ in (init, backup_command, restore_command, verify_files):
        app.cli.add_command(command_)
