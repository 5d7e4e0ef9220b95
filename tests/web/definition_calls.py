"""What tests of the REST of definitions send, and what they are told."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal.definitions.beginnings import beginning
from portal.definitions.models import Definition
from tests.web.calls import rows, send

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visitor

ALL = "/api/v1/definition/"
OWN = f"{ALL}chain/of-our-own"
NAME = {"vi": "Quy trình của tỉnh", "en": "Our own chain"}
BODY = beginning("chain", "of-our-own", NAME)


def told(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def refused(answer: Any, status: int, reason: str) -> dict[str, Any]:
    found = told(answer, status)
    assert (found["reason"], bool(found["message"])) == (reason, True)
    return found


def codes(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in found["findings"]]


def count(portal: Flask) -> int:
    with rows(portal) as session:
        return session.scalar(select(func.count()).select_from(Definition)) or 0


def begun(designer: Visitor) -> int:
    """A draft of our own; gives its edition."""
    edition: int = told(send(designer, "POST", f"{OWN}/draft", BODY), 201)["result"]["edition"]
    return edition


def raw(visitor: Visitor, method: str, path: str, text: str | bytes, **headers: str) -> Any:
    """Send a text as it is."""
    given = {"X-CSRFToken": visitor.token(), **headers}
    return visitor.client.open(path, method=method, data=text, content_type="application/json", headers=given)


def take_in(visitor: Visitor, files: dict[str, str], **headers: str) -> Any:
    sent = [(io.BytesIO(text.encode()), name) for name, text in files.items()]
    given = {"X-CSRFToken": visitor.token(), **headers}
    return visitor.client.post(f"{ALL}import", data={"files": sent}, headers=given)
