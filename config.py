"""Every setting of the portal: read once from the environment, typed, checked, documented in docs/settings.md."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DENIED_PHRASES = "bongdalu truc tiep"
THIS_MACHINE = ("127.0.0.1", "localhost")
KNOWN_SECRETS = frozenset({"changeme", "secret", "thisismyscretkey", "dev", "development", "password"})
SHORTEST_SECRET = 32


MOST_WORKERS = 4
"""Beyond that, workers that nobody asked for would take memory that the rest of a small machine needs."""


class BadSettingError(Exception):
    """A setting is missing, malformed or unsafe; the message names it and says what to do."""


def _text(raw: str) -> str:
    return raw


def _whole(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or int(raw) < 1:
        raise ValueError("a whole number above zero")
    return int(raw)


def _count(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit():
        raise ValueError("a whole number, 0 for none")
    return int(raw)


def _flag(raw: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    if raw.lower() not in answers:
        raise ValueError("yes or no")
    return answers[raw.lower()]


def _words(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(";") if part.strip())


def _mode(raw: str) -> str:
    if raw not in ("demo", "production"):
        raise ValueError("demo or production")
    return raw


def _security(raw: str) -> str:
    if raw not in ("starttls", "tls", "none"):
        raise ValueError("starttls, tls or none")
    return raw


def _plugin(raw: str) -> str:
    if raw and not re.fullmatch(r"wss?://(127\.0\.0\.1|localhost):[0-9]{1,5}", raw):
        raise ValueError("wss://127.0.0.1:PORT or wss://localhost:PORT, without a path")
    return raw


def _hour(raw: str) -> str:
    hours, _, minutes = raw.partition(":")
    if not re.fullmatch("[0-2][0-9]:[0-5][0-9]", raw) or int(hours) > 23:  # noqa: PLR2004 - the last hour of a day
        raise ValueError("an hour of the day such as 07:30")
    return f"{hours}:{minutes}"


@dataclass(frozen=True)
class Setting:
    """One environment variable.

    Attributes:
        name: the variable.
        read: turns its text into a value; raises ValueError naming the expected shape.
        default: the text used when the variable is unset; None when another setting gives it.
        about: one English sentence, the same as in docs/settings.md.
    """

    name: str
    read: Callable[[str], object]
    default: str | None
    about: str


SETTINGS: tuple[Setting, ...] = (
    Setting("PORTAL_MODE", _mode, "demo", "`demo` for one machine with sample data, `production` for real work."),
    Setting("PORTAL_DATA", _text, "var", "Folder that holds the database, files, and secrets of the embedded mode."),
    Setting("HOST", _text, "127.0.0.1", "Address the server listens on."),
    Setting("PORT", _whole, "8080", "Port the server listens on."),
    Setting("DATABASE_URL", _text, None, "SQLAlchemy address; an SQLite file in `PORTAL_DATA` when unset."),
    Setting(
        "SECRET_KEY",
        _text,
        None,
        "Signs cookies and encrypts second factors; at least 32 characters; kept in `PORTAL_DATA` in demo mode.",
    ),
    Setting(
        "TRUSTED_HOSTS",
        _words,
        "",
        "Host names the portal answers to, `;` between them; required in production; `127.0.0.1` and `localhost` when "
        "unset and the server listens on one of them.",
    ),
    Setting(
        "TRUSTED_PROXIES",
        _count,
        "0",
        "How many proxies stand before the portal and are believed who the sender is; 0 when it is reached directly.",
    ),
    Setting("PORTAL_DEBUG", _flag, "no", "Shows errors in the browser; refused in production."),
    Setting("PORTAL_LANGUAGE", _text, "vi", "Language before a person chooses one: `vi` or `en`."),
    Setting("SESSION_HOURS", _whole, "8", "Hours after which an idle session ends."),
    Setting("SESSION_LONGEST_HOURS", _whole, "12", "Hours after which a session ends even while it is used."),
    Setting(
        "REQUIRE_SECOND_FACTOR",
        _flag,
        None,
        "Approvers, registrars and administrators sign in with a code as well; yes in production mode, no in demo "
        "mode when unset.",
    ),
    Setting(
        "SECOND_PERSON_PUBLISHES",
        _flag,
        None,
        "A form, chain, document, calendar or schedule is published by somebody who did not draft it; yes in "
        "production mode, no in demo mode when unset.",
    ),
    Setting(
        "SECURITY_LOG",
        _text,
        None,
        "File for the security log, `-` for the terminal; `security.log` in `PORTAL_DATA` when unset.",
    ),
    Setting(
        "SIGN_IN_FAILURES",
        _whole,
        "5",
        "Failed sign-ins of an account after which each further one must wait, longer every time; of an address four "
        "times as many.",
    ),
    Setting("UPLOAD_MAX_MB", _whole, "20", "Largest upload in megabytes."),
    Setting("VERIFY_MAX_MB", _whole, "20", "Largest file in megabytes that anybody may have checked in public."),
    Setting("VERIFY_SECONDS", _whole, "15", "Seconds that the signatures of such a file may take to be examined."),
    Setting(
        "VERIFY_FILES",
        _whole,
        "5",
        "Files that an address may have examined before each further one must wait, longer every time; files that are "
        "a released document do not count.",
    ),
    Setting(
        "VERIFY_FAILURES",
        _whole,
        "20",
        "Codes without a document that an address may ask for on the public page before each further one must wait.",
    ),
    Setting("DENIED_PHRASES", _words, DENIED_PHRASES, "Phrases no submission may contain, `;` between them."),
    Setting("RENDER_SECONDS", _whole, "60", "Seconds one document, or the preview of one file, may take to be made."),
    Setting("RENDER_CPU_SECONDS", _whole, "30", "Processor seconds one document may use."),
    Setting("RENDER_MEMORY_MB", _whole, "1536", "Megabytes of memory that one document, or one preview, may use."),
    Setting("RENDER_PAGES", _whole, "300", "Most pages of one document."),
    Setting("SMTP_HOST", _text, "", "Mail server; without one nobody gets mail."),
    Setting("SMTP_PORT", _whole, "587", "Port of the mail server."),
    Setting("SMTP_SECURITY", _security, "starttls", "How the connection is kept secret: `starttls`, `tls` or `none`."),
    Setting("SMTP_USER", _text, "", "Account at the mail server; none when it asks for none."),
    Setting("SMTP_PASSWORD", _text, "", "Its password."),
    Setting("MAIL_FROM", _text, "", "Address that mail comes from; required with `SMTP_HOST`."),
    Setting(
        "PORTAL_URL",
        _text,
        "",
        "Address of the portal that mail and the QR codes of documents name, such as `https://trinh.example.gov.vn`; "
        "required with `SMTP_HOST`; without one documents print their code alone.",
    ),
    Setting(
        "SIGNING_TRUST",
        _text,
        None,
        "Folder of the certificates and revocation lists (`.cer`, `.crt`, `.pem`, `.der`, `.crl`) of the "
        "authorities whose signatures are believed; nobody's when unset, but those of `trust` in `PORTAL_DATA` in demo "
        "mode.",
    ),
    Setting(
        "SIGNING_TIME_STAMP",
        _text,
        "",
        "Address of the authority that time stamps are asked of (RFC 3161); signatures have none when unset.",
    ),
    Setting(
        "SIGNING_REVOCATION",
        _words,
        "",
        "Addresses that may be asked whether a certificate is revoked, `;` between them; nobody is asked when unset.",
    ),
    Setting("SIGNING_RENEW_DAYS", _count, "90", "Days before its end at which a time stamp is renewed; 0: never."),
    Setting(
        "SIGNING_TOKEN_LIBRARY",
        _text,
        "",
        "PKCS#11 library of the tokens or the security module at the server, "
        "such as `/usr/lib/softhsm/libsofthsm2.so`.",
    ),
    Setting(
        "SIGNING_KEYS",
        _text,
        None,
        "Folder of the key files (PKCS#12) that the portal signs with once their PIN is typed; `keys` in `PORTAL_DATA` "
        "when unset.",
    ),
    Setting(
        "SIGNING_PLUGIN",
        _plugin,
        "",
        "WebSocket address of the signing program at the signers' own computers, such as `wss://127.0.0.1:8987`; pages "
        "may speak to it and to nothing else; none when unset.",
    ),
    Setting("DIGEST_AT", _hour, "07:00", "Hour in Vietnam at which the mail of a working day goes out."),
    Setting(
        "JOB_WORKERS",
        _whole,
        None,
        "Workers that `run.py` starts side by side; as many as there are processors, at most 4, when unset.",
    ),
    Setting("JOB_ATTEMPTS", _whole, "5", "Times a job is tried before an operator must look at it."),
    Setting("JOB_LEASE_SECONDS", _whole, "180", "Seconds a worker may hold a job before another may take it."),
    Setting(
        "AUDIT_CHECKPOINTS",
        _text,
        None,
        "Folder of the audit log's signed checkpoints; `checkpoints` in `PORTAL_DATA` when unset.",
    ),
    Setting("AUDIT_CHECKPOINT_MINUTES", _whole, "15", "Minutes after which new entries get a checkpoint."),
    Setting("AUDIT_CHECKPOINT_ENTRIES", _whole, "1000", "New entries that get a checkpoint at once."),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one process, all typed and checked.

    Read with `load`; fields carry the lower-case names of the variables.
    """

    portal_mode: str
    portal_data: Path
    host: str
    port: int
    database_url: str
    secret_key: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int
    portal_debug: bool
    portal_language: str
    session_hours: int
    session_longest_hours: int
    require_second_factor: bool
    second_person_publishes: bool
    security_log: Path | None
    sign_in_failures: int
    upload_max_mb: int
    verify_max_mb: int
    verify_seconds: int
    verify_files: int
    verify_failures: int
    denied_phrases: tuple[str, ...]
    render_seconds: int
    render_cpu_seconds: int
    render_memory_mb: int
    render_pages: int
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    mail_from: str
    portal_url: str
    signing_trust: Path | None
    signing_time_stamp: str
    signing_revocation: tuple[str, ...]
    signing_renew_days: int
    signing_token_library: str
    signing_keys: Path
    signing_plugin: str
    digest_at: str
    job_workers: int
    job_attempts: int
    job_lease_seconds: int
    audit_checkpoints: Path
    audit_checkpoint_minutes: int
    audit_checkpoint_entries: int

    @property
    def production(self) -> bool:
        """Whether the portal runs for real work."""
        return self.portal_mode == "production"


def _read(setting: Setting, env: Mapping[str, str]) -> object:
    raw = env.get(setting.name, setting.default)
    if raw is None:
        return None
    try:
        return setting.read(raw)
    except ValueError as shape:
        raise BadSettingError(f"{setting.name}={raw!r}: expected {shape}. See docs/settings.md.") from None


def _log_file(asked: object, data: Path) -> Path | None:
    """Where the security log is kept; None for the terminal."""
    if asked == "-":
        return None
    return Path(str(asked)).resolve() if asked else data / "security.log"


def _trust_folder(asked: object, data: Path, *, production: bool) -> Path | None:
    """Whose signatures are believed; of a demo that made its own authority, that one's."""
    if asked:
        return Path(str(asked)).resolve()
    made_up = data / "trust"
    return made_up if not production and made_up.is_dir() else None


def _kept_secret(data: Path) -> str:
    """The secret of the embedded mode: made once, readable by its owner alone."""
    path = data / "secret-key.txt"
    if not path.exists():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _refuse_unsafe(settings: Settings) -> None:
    """Production refuses what would be an open door.

    Raises:
        BadSettingError: names the setting and what to do.
    """
    weak = len(settings.secret_key) < SHORTEST_SECRET or settings.secret_key.lower() in KNOWN_SECRETS
    problems = {
        "SECRET_KEY is missing or weak: give at least 32 random characters.": weak,
        "SECRET_KEY is one character repeated: give at least 32 random characters.": len(set(settings.secret_key)) == 1,
        "PORTAL_DEBUG must be off in production.": settings.portal_debug,
        "TRUSTED_HOSTS must name the hosts the portal answers to in production.": not settings.trusted_hosts,
    }
    for message, present in problems.items():
        if present:
            raise BadSettingError(message)


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read every setting.

    Args:
        env: variables; the process's own when None.

    Raises:
        BadSettingError: a value is malformed, or unsafe in production mode.
    """
    read = {setting.name: _read(setting, os.environ if env is None else env) for setting in SETTINGS}
    data = Path(str(read["PORTAL_DATA"])).resolve()
    if read["PORTAL_LANGUAGE"] not in ("vi", "en"):
        raise BadSettingError(f"PORTAL_LANGUAGE={read['PORTAL_LANGUAGE']!r}: expected vi or en. See docs/settings.md.")
    production = read["PORTAL_MODE"] == "production"
    read["PORTAL_DATA"] = data
    read["AUDIT_CHECKPOINTS"] = Path(str(read["AUDIT_CHECKPOINTS"] or data / "checkpoints")).resolve()
    read["SIGNING_KEYS"] = Path(str(read["SIGNING_KEYS"] or data / "keys")).resolve()
    read["SIGNING_TRUST"] = _trust_folder(read["SIGNING_TRUST"], data, production=production)
    for careful in ("REQUIRE_SECOND_FACTOR", "SECOND_PERSON_PUBLISHES"):
        read[careful] = production if read[careful] is None else read[careful]
    read["JOB_WORKERS"] = read["JOB_WORKERS"] or min(os.cpu_count() or 1, MOST_WORKERS)
    read["SECURITY_LOG"] = _log_file(read["SECURITY_LOG"], data)
    if not read["TRUSTED_HOSTS"] and not production and read["HOST"] in THIS_MACHINE:
        # A page of another site could otherwise reach this machine under a name of its own.
        read["TRUSTED_HOSTS"] = THIS_MACHINE
    read["DATABASE_URL"] = read["DATABASE_URL"] or f"sqlite:///{data / 'portal.db'}"
    read["SECRET_KEY"] = read["SECRET_KEY"] or ("" if production else _kept_secret(data))
    settings = Settings(**{name.lower(): value for name, value in read.items()})  # type: ignore[arg-type]
    if settings.smtp_host and "@" not in settings.mail_from:
        raise BadSettingError("MAIL_FROM must be the address that mail comes from, for SMTP_HOST is set.")
    if settings.smtp_host and not settings.portal_url.startswith(("http://", "https://")):
        raise BadSettingError("PORTAL_URL must be the address of the portal that mail names, for SMTP_HOST is set.")
    if settings.job_lease_seconds <= settings.render_seconds:
        raise BadSettingError("JOB_LEASE_SECONDS must be longer than RENDER_SECONDS, or documents are made twice.")
    if production:
        _refuse_unsafe(settings)
    return settings
