"""Mail as it arrives: the daily one with what is so when it goes out, the test of an administrator, and what fails."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from portal import jobs
from portal.approvals import digest
from portal.approvals.models import Digest, Notice
from portal.mail import Letter, MailError, send
from portal.security import VIETNAM
from tests.web.calls import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from config import Settings
    from tests.web.desk import Desk

MONDAY = date(2026, 3, 2)


class Box:
    """A mail server's handler that keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a message."""
        if self.refuses:
            return "554 the box is full"
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def box(portal: Flask) -> Iterator[Box]:
    """A mail server on this machine that the portal is set to."""
    kept = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    before: Settings = portal.extensions["trinh"]["settings"]
    there = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_from": "trinh@gialai.example"}
    settings = replace(before, **there, portal_url="https://trinh.gialai.example")
    portal.extensions["trinh"]["settings"] = settings
    jobs.HANDLERS[digest.DIGEST] = digest.Digester(settings).send_digest
    yield kept
    portal.extensions["trinh"]["settings"] = before
    server.stop()


def work(portal: Flask) -> None:
    """Do what is owed."""
    with portal.app_context():
        while jobs.work_one(portal.extensions["trinh"]["database"], 60, 1):
            pass


def owe(portal: Flask, day: date = MONDAY) -> bool:
    """Owe the mails of a day; gives whether that was not done before."""
    with rows(portal) as session:
        done = digest.owe(session, day)
        session.commit()
    return done


def to(box: Box, who: str) -> list[str]:
    """The texts that came for one of the cast."""
    return [each.get_content() for each in box.letters if each["To"].startswith(f"{who}@")]


def test_who_has_work_gets_one_mail_a_day_that_names_it(portal: Flask, desk: Desk, box: Box) -> None:
    assert (owe(portal), owe(portal)) == (True, False)
    work(portal)
    (text,) = to(box, "head")
    assert "Việc chờ bạn:\n- Báo cáo tình hình, kết quả thực hiện Đề án 06" in text
    assert "hạn " in text
    assert "https://trinh.gialai.example" in text
    letter = next(each for each in box.letters if each["To"].startswith("head@"))
    assert letter["Subject"] == "Trình: việc chờ bạn ngày 02/03/2026"
    assert letter["Message-ID"].startswith(f"<digest-2026-03-02-{desk.key('head')}@")
    assert to(box, "outsider") == []


def test_nobody_is_written_to_about_what_is_done_meanwhile(portal: Flask, desk: Desk, box: Box) -> None:
    owe(portal)
    desk.done("head", "return", reason="Đề nghị bổ sung.")
    work(portal)
    assert to(box, "head") == []
    owe(portal, date(2026, 3, 3))
    work(portal)
    assert "Hồ sơ được trả lại cho bạn." in to(box, "clerk")[0]
    assert to(box, "head") == []


def test_a_closed_account_gets_nothing(portal: Flask, desk: Desk, box: Box) -> None:
    owe(portal)
    head = desk.key("head")
    with rows(portal) as session:
        session.execute(update(User).where(User.id == head).values(active=False))
        session.commit()
    work(portal)
    assert to(box, "head") == []


def test_what_was_read_is_not_told_again(portal: Flask, desk: Desk, box: Box) -> None:
    desk.done("head", "return", reason="Đề nghị bổ sung.")
    with rows(portal) as session:
        newest = max(session.scalars(select(Notice.id)))
    desk.visitor("clerk").post("/notices/read", {"notice": newest})
    owe(portal)
    work(portal)
    assert to(box, "clerk") == []


def test_a_mail_that_is_refused_stays_for_an_operator(portal: Flask, desk: Desk, box: Box) -> None:
    box.refuses = True
    owe(portal)
    work(portal)
    page = unescape(desk.visitor("admin").get("/mail/").text)
    assert "554" in page
    assert "the box is full" in page
    assert "127.0.0.1" in page


def test_an_administrator_tries_it_and_reads_what_the_server_says(desk: Desk, box: Box) -> None:
    admin = desk.visitor("admin")
    assert admin.post("/mail/try", {"to": "ai@gialai.example"}).status_code == 302
    assert box.letters[0]["To"] == "ai@gialai.example"
    box.refuses = True
    refused = admin.post("/mail/try", {"to": "ai@gialai.example"})
    assert refused.status_code == 422
    assert "the box is full" in unescape(refused.text)
    assert 'value="ai@gialai.example"' in refused.text
    for bad in ("", "ai@gialai.example\nBcc: moi@gialai.example", "không phải địa chỉ"):
        answer = admin.post("/mail/try", {"to": bad})
        assert answer.status_code == 422, bad
    assert len(box.letters) == 1
    assert desk.visitor("head").get("/mail/").status_code == 403


def test_without_a_server_nothing_is_owed_and_the_page_says_so(portal: Flask, desk: Desk) -> None:
    settings = portal.extensions["trinh"]["settings"]
    with portal.app_context():
        digest.DigestWatch(portal.extensions["trinh"]["database"], settings)()
    assert desk.count(Digest) == 0
    assert "Chưa khai báo máy chủ thư" in unescape(desk.visitor("admin").get("/mail/").text)
    with pytest.raises(MailError, match="SMTP_HOST"):
        send(settings, Letter("ai@gialai.example", "Thử", "Thử", "1"))


@pytest.mark.parametrize(
    ("moment", "owed"),
    [
        (datetime(2026, 3, 2, 6, 30, tzinfo=VIETNAM), 0),
        (datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM), 1),
        (datetime(2026, 3, 1, 8, 0, tzinfo=VIETNAM), 0),  # a Sunday
        (datetime(2026, 2, 17, 8, 0, tzinfo=VIETNAM), 0),  # Lunar New Year
    ],
)
def test_mail_goes_out_on_working_days_when_its_hour_has_come(
    desk: Desk, box: Box, monkeypatch: pytest.MonkeyPatch, moment: datetime, owed: int
) -> None:
    class Clock(datetime):
        """A clock that stands still."""

        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            """The moment of the test."""
            return moment.astimezone(tz)

    monkeypatch.setattr(digest, "datetime", Clock)
    with desk.portal.app_context():
        parts = desk.portal.extensions["trinh"]
        watch = digest.DigestWatch(parts["database"], parts["settings"])
        watch()
        watch()
    assert desk.count(Digest) == owed
    assert box.letters == []  # they are owed, and sent by the worker
