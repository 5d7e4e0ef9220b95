"""The signing program at the signer's own computer: it fetches and hands in by a token, once."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from portal.app import keyring_of
from portal.db import utc_now
from portal.demo import pictures
from portal.demo.signing import demo_pin
from portal.signatures import pades, stamps
from portal.signatures.keys import open_key_file
from tests.cast import PASSWORD
from tests.conftest import settings_in
from tests.web.test_signing_pages import REGISTRAR, SIGNER, document, form, state

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

ADDRESS = "wss://127.0.0.1:8987"
assert document  # a fixture


@pytest.fixture
def program(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A portal whose operator names the program's address."""
    parts = portal.extensions["trinh"]
    monkeypatch.setitem(parts, "settings", replace(parts["settings"], signing_plugin=ADDRESS))
    return portal


def begun(visitor: Visitor, key: int, **typed: str) -> Any:
    asked = {**form(visitor, key), "password": PASSWORD, **typed}
    return visitor.post(f"/signing/{key}/plugin", asked)


def signed(portal: Flask, pdf: bytes, of: str) -> bytes:
    """The file as the program on somebody's own computer signs it."""
    folder = portal.extensions["trinh"]["settings"].portal_data
    key = open_key_file((folder / "keys" / f"{of}.p12").read_bytes(), demo_pin(folder))
    place = stamps.Place("signature", 1, stamps.Box(300, 300, 180, 60))
    picture = pictures.signature(of)
    stamp = stamps.Stamp("signature", 1, stamps.signature_box(place, picture), utc_now(), picture=picture)
    return pades.sign(pdf, key, stamp, pades.Level.B, keyring_of(settings_in(folder)).trust).pdf


def hand_in(portal: Flask, address: str, content: bytes) -> Any:
    return portal.test_client().post(address, data={"uploadfile": (io.BytesIO(content), "ky.pdf")})


def test_the_program_fetches_the_file_and_hands_it_in_once(program: Flask, visit: Visit, document: int) -> None:
    told = begun(visit(SIGNER), document).json
    assert told["verb"] == "vgca_sign_approved"
    question, stranger = told["question"], program.test_client()
    with stranger.get(question["FileName"]) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        pdf = answer.data
    wrong = hand_in(program, question["FileUploadHandler"], signed(program, pdf, "chairman"))
    assert (wrong.status_code, wrong.json["Status"]) == (422, False)
    assert state(program) == ("awaiting_signature", 0)
    right = hand_in(program, question["FileUploadHandler"], signed(program, pdf, SIGNER))
    assert (right.status_code, right.json["Status"]) == (200, True)
    assert state(program) == ("awaiting_seal", 1)
    assert hand_in(program, question["FileUploadHandler"], pdf).status_code == 404
    assert stranger.get(question["FileName"]).status_code == 404


def test_a_token_is_given_to_whose_turn_it_is_after_he_proved_himself(
    program: Flask, visit: Visit, document: int
) -> None:
    assert begun(visit(SIGNER), document, password="sai").status_code == 422
    asked = form(visit(SIGNER), document)
    assert visit(REGISTRAR).post(f"/signing/{document}/plugin", {**asked, "password": PASSWORD}).status_code == 403
    assert visit("outsider").post(f"/signing/{document}/plugin", {**asked, "password": PASSWORD}).status_code == 404
    assert program.test_client().get("/signing/plugin/none/file").status_code == 404


def test_only_the_page_of_signing_may_speak_to_it_and_only_where_the_operator_says_so(
    program: Flask,
    visit: Visit,
    document: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signer = visit(SIGNER)
    allowed = f"connect-src 'self' {ADDRESS};"
    assert allowed in signer.get(f"/signing/show/{document}").headers["Content-Security-Policy"]
    assert ADDRESS not in signer.get(f"/documents/show/{document}").headers["Content-Security-Policy"]
    parts = program.extensions["trinh"]
    monkeypatch.setitem(parts, "settings", replace(parts["settings"], signing_plugin=""))
    assert ADDRESS not in signer.get(f"/signing/show/{document}").headers["Content-Security-Policy"]
    assert begun(signer, document).status_code == 404
