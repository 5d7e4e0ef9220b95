"""Mail: one message to one person, through the server that the settings name, and what went wrong in plain words."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config import Settings

SECONDS = 15.0
"""How long a mail server may take to answer."""


class MailError(Exception):
    """A message was not sent; its text is what the server or the network said."""


@dataclass(frozen=True)
class Letter:
    """A message.

    Attributes:
        to: the address of one person.
        subject: one line.
        text: plain text.
        key: the same for the same message sent twice, so that mail programs show it once.
    """

    to: str
    subject: str
    text: str
    key: str


def send(settings: Settings, letter: Letter) -> None:
    """Send a message.

    Args:
        settings: with the server's address.
        letter: what is sent.

    Raises:
        MailError: there is no server in the settings, or it did not take the message.
    """
    if not settings.smtp_host:
        raise MailError("SMTP_HOST is not set")
    try:
        with _connection(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(_message(settings, letter))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailError(f"{type(error).__name__}: {error}") from error


def _connection(settings: Settings) -> smtplib.SMTP:
    where = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(*where, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, letter.to, letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{letter.key}@{settings.mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
