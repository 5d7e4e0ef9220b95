"""Whose address a request comes from: the proxies' word counts only as far as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import request

from portal.app import create_app
from tests.conftest import settings_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("proxies", "sender"), [("0", "127.0.0.1"), ("1", "10.0.0.7"), ("2", "203.0.113.9")])
def test_the_sender_is_whom_the_trusted_proxies_name(tmp_path: Path, proxies: str, sender: str) -> None:
    app = create_app(settings_in(tmp_path, TRUSTED_PROXIES=proxies))
    with app.test_client() as client:
        answer = client.get("/static/portal.css", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9, 10.0.0.7"})
        assert request.remote_addr == sender
        answer.close()
    app.extensions["trinh"]["database"].engine.dispose()
