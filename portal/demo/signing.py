"""Keys for the demo: a made-up authority, key files opened by one PIN, and pictures that say what they are."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal.demo import pictures
from portal.demo.certificates import Holder as Named
from portal.demo.certificates import make_authority
from portal.demo.system import system_actor
from portal.signatures import certificates, images
from portal.signatures.certificates import Entry, Holder
from portal.signatures.models import KEY_FILE
from portal.units.models import Unit

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from portal.security import Actor

SIGNERS = ("chairman", "vicechair", "cat.deputy", "head", "deputy", "police.head", "clerk")
AGENCIES = ("UBND", "CAT", "STTTT")
PIN_DIGITS = 8


def demo_pin(folder: Path) -> str:
    """The PIN of every key of the demo: random, chosen once, readable by its owner alone."""
    path = folder / "demo-pin.txt"
    if not path.exists():
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        _write(path, pin.encode())
    return path.read_text().strip()


def equip(session: Session, folder: Path, on: date) -> int:
    """Give the demo's signers and agencies certificates, key files and pictures.

    Args:
        session: the caller's transaction, with the province loaded.
        folder: the portal's data; its `keys` and `trust` are written.
        on: the first day of the certificates.

    Returns:
        how many certificates were entered.
    """
    people = {each.username: each for each in session.scalars(select(User).where(User.username.in_(SIGNERS)))}
    units = {each.code: each for each in session.scalars(select(Unit).where(Unit.code.in_(AGENCIES)))}
    named = [Named(key, user.get_full_name(), "UBND tỉnh Gia Lai") for key, user in people.items()]
    named += [Named(code, unit.name_vi, unit.name_vi) for code, unit in units.items()]
    made = make_authority(named, demo_pin(folder), on)
    _write(folder / "trust" / "thu-nghiem.cer", made.root)
    system = system_actor(session)
    for key, user in people.items():
        _write(folder / "keys" / f"{key}.p12", made.key_files[key])
        _enter(session, system, Holder(user_id=user.id), key, made.certificates[key])
        picture = pictures.signature(user.get_full_name())
        images.keep_image(session, system, Holder(user_id=user.id), picture, pictures.SIGNATURE_MM)
    for code, unit in units.items():
        _write(folder / "keys" / f"{code}.p12", made.key_files[code])
        _enter(session, system, Holder(unit_id=unit.id), code, made.certificates[code])
        images.keep_image(session, system, Holder(unit_id=unit.id), pictures.seal(unit.name_vi), pictures.SEAL_MM)
    return len(named)


def _enter(session: Session, system: Actor, holder: Holder, key: str, der: bytes) -> None:
    certificates.enter(session, system, Entry(holder, der, KEY_FILE, f"{key}.p12", confirmed=True))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
