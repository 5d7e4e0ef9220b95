"""An authenticator app in the hands of a test: it reads the key off the page and shows codes for a clock of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyotp

from tests import cast

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Visitor

PAGE = "/account/second-factor/"
KEY = re.compile(r"<code>((?:[A-Z2-7]{4} ){8})</code>")
RECOVERY = re.compile(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>")


@dataclass
class App:
    """One app.

    Attributes:
        moment: what the portal's clock and the app's show.
        secret: what the app has read.
        recovery: the codes that its owner wrote down.
    """

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    secret: str = ""
    recovery: list[str] = field(default_factory=list)

    def code(self, off: int = 0) -> str:
        """What it shows, or showed and will show so many steps away."""
        return pyotp.TOTP(self.secret).generate_otp(int(self.moment.timestamp()) // 30 + off)

    def wait(self, seconds: int = 30) -> None:
        """Let time pass for the app and for the portal."""
        self.moment += timedelta(seconds=seconds)

    def read(self, visitor: Visitor) -> None:
        """Let its owner begin to set it up."""
        assert visitor.post(f"{PAGE}begin", {"current": cast.PASSWORD}).status_code == 302
        found = KEY.search(visitor.get(PAGE).text)
        assert found, "the page shows no key"
        self.secret = found[1].replace(" ", "")

    def set_up(self, visitor: Visitor) -> Any:
        """Let its owner set it up, and write down the recovery codes."""
        self.read(visitor)
        answer = visitor.post(f"{PAGE}confirm", {"one_time_code": self.code()})
        assert answer.status_code == 200, answer.text
        self.recovery = RECOVERY.findall(answer.text)
        self.wait()
        return answer


def app_with_clock(monkeypatch: pytest.MonkeyPatch) -> App:
    """An app whose clock the portal goes by."""
    app = App()
    monkeypatch.setattr("portal.secondfactor.utc_now", lambda: app.moment)
    return app


def prove(visitor: Visitor, username: str, code: str) -> Any:
    """Sign in with password and code."""
    half = visitor.sign_in(username)
    assert half.location.startswith("/login/code"), half.location
    return visitor.post("/login/code", {"one_time_code": code})
