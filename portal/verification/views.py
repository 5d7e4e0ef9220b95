"""The public page on which anybody checks a document by its code or by its file; nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import current_app, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext

from portal import throttle
from portal.confined import Budget
from portal.data import current_session
from portal.db import reading, utc_now, writing
from portal.documents.codes import LENGTH, PAGE, read_code, spaced
from portal.files import MEGABYTE
from portal.securitylog import tell
from portal.signatures.examining import examine_confined
from portal.verification import words
from portal.verification.report import verdict_of
from portal.verification.service import find_by_code, find_by_file
from portal.verification.trusted import trust_of
from portal.views import PortalView

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage
    from werkzeug.wrappers import Response

    from config import Settings
    from portal.signatures.examining import Examination
    from portal.verification.service import Match

ALONE = {"X-Robots-Tag": "noindex, nofollow"}
"""No index has these pages. That no other site hears of a code by which somebody came, each page of ours sees to."""

MEMORY_BYTES = 512 * MEGABYTE
BETWEEN_SECONDS = 5
"""How much longer than its examination a file keeps the next one of its sender waiting, should the process end."""


@dataclass(frozen=True)
class Checked:
    """What was found of a file.

    Attributes:
        match: the released document that it is or begins with.
        examination: of its signatures; None for a released file, of which all is known.
    """

    match: Match | None
    examination: Examination | None

    @property
    def verdict(self) -> str:
        """What its signatures come to; empty where they were not looked at."""
        return verdict_of(self.examination) if self.examination else ""


class VerificationView(PortalView):
    """Checking a document without an account."""

    route_base = PAGE
    default_view = "check"

    @expose("", methods=["GET", "POST"])
    def check(self) -> Response:
        """The form for a code and for a file; a file is answered at once, a code has a page of its own."""
        if request.method == "POST":
            return self._check_file(request.files.get("file"))
        typed = request.args.get("code", "").strip()
        if typed:
            return _alone(redirect(url_for("VerificationView.show", code=spaced(read_code(typed)) or typed)))
        return self._answer()

    @expose("/<string:code>", methods=["GET"])
    def show(self, code: str) -> Response:
        """What is known of the document with this code; nobody learns whether there is one that is not released."""
        if not read_code(code):
            problem = gettext("A code has %(length)s letters and digits. Compare it with the paper.", length=LENGTH)
            return self._answer(HTTPStatus.NOT_FOUND, code=code, problem=problem)
        asker = _asker("code", _settings().verify_failures)
        wait = throttle.wait_of(current_session(), [asker])
        if wait:
            return self._too_soon(wait, code=code)
        known = find_by_code(current_session(), code)
        if known is None:
            with writing(current_session()):
                throttle.admit(current_session(), [asker])
        return self._answer(HTTPStatus.OK if known else HTTPStatus.NOT_FOUND, code=code, known=known, asked=True)

    def _check_file(self, file: FileStorage | None) -> Response:
        """Read it, and forget it: nothing of it is written or logged."""
        content = _read(file)
        problem = _refused(content)
        if problem:
            return self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, problem=problem)
        counted, at_work = _asker("file", _settings().verify_files), _asker("examining", 1)
        session = current_session()
        wait = throttle.admit(session, [counted]) or throttle.occupy(session, at_work, _longest())
        session.commit()
        if wait:
            return self._too_soon(wait)
        try:
            checked = _checked(content)
        finally:
            with writing(session):
                throttle.vacate(session, at_work)
        if checked.match and checked.match.is_whole:
            throttle.forgive(session, [counted], is_in=True)
            session.commit()
        return self._answer(checked=checked)

    def _too_soon(self, wait: int, **shown: Any) -> Response:
        tell("verification_throttled", wait=wait, path=PAGE)  # not the code that was asked for
        problem = gettext(
            "Too much was asked from your address. Wait %(seconds)s seconds, then try again.", seconds=wait
        )
        answer = self._answer(HTTPStatus.TOO_MANY_REQUESTS, problem=problem, **shown)
        answer.headers["Retry-After"] = str(wait)
        return answer

    def _answer(self, status: HTTPStatus = HTTPStatus.OK, **shown: Any) -> Response:
        html = self.page("verification/check.html", words=words, now=utc_now(), most=_settings().verify_max_mb, **shown)
        return _alone(make_response(html, status))


def _alone(answer: Response) -> Response:
    answer.headers.update(ALONE)
    return answer


def _settings() -> Settings:
    settings: Settings = current_app.extensions["trinh"]["settings"]
    return settings


def _asker(what: str, free: int) -> throttle.Bucket:
    return throttle.by_asker(what, request.remote_addr or "", free)


def _longest() -> int:
    return _settings().verify_seconds + BETWEEN_SECONDS


def _read(file: FileStorage | None) -> bytes:
    """What was sent, and one byte more than is looked at where it is too much; what it was received in is gone then."""
    if file is None:
        return b""
    try:
        content: bytes = file.read(_settings().verify_max_mb * MEGABYTE + 1)
        return content
    finally:
        file.close()


def _refused(content: bytes) -> str:
    """Why a file is not looked at; empty when it is."""
    if not content:
        return str(gettext("Choose the PDF file that you want to check."))
    most = _settings().verify_max_mb
    if len(content) > most * MEGABYTE:
        return str(gettext("The file is too large: at most %(most)s MB can be checked here.", most=most))
    return ""


def _checked(content: bytes) -> Checked:
    with reading(current_session()):
        match = find_by_file(current_session(), content)
    if match and match.is_whole:
        return Checked(match, None)
    seconds = _settings().verify_seconds
    budget = Budget(wall_seconds=seconds, cpu_seconds=seconds, memory_bytes=MEMORY_BYTES)
    return Checked(match, examine_confined(content, trust_of(_settings()), budget=budget))


def register(portal: Any) -> None:
    """Give the portal the page.

    Args:
        portal: the Flask-AppBuilder object.
    """
    portal.add_view_no_menu(VerificationView)
