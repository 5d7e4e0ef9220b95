"""What stands at the head of a unit's documents: proposed from its kind and name, and as it is on a day.

Source: Decree 30/2020, appendix I.II.2 (names of superior and issuer), I.II.3.b (abbreviation), I.II.4.a (place name).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm.attributes import instance_state

from portal.db import lock_for
from portal.texts import keep_texts
from portal.units.models import Unit, UnitHeader
from portal.units.rules import within
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor

HEADERS_LOCK = 6203
"""Held while a dated header is checked and written."""

COMMITTEE, SHORT = "Ủy ban nhân dân", "UBND"
"""The name in full, and as it is abbreviated above another's (appendix I.II.2)."""

COMMITTEES = frozenset({"ppc", "dpc", "cpc"})
BELOW_A_COMMITTEE = frozenset({"ppc_office", "department", "equivalent", "steering_body"})
MINISTRY_OF_POLICE = "BỘ CÔNG AN"
OFFICE = "VĂN PHÒNG"

LEVELS = ("thành phố", "thị xã", "thị trấn", "tỉnh", "huyện", "quận", "xã", "phường", "đặc khu")
"""What a place name leaves out, unless what follows is a number (appendix I.II.4.a)."""


@dataclass(frozen=True)
class Printed:
    """What a unit's documents print of it.

    Attributes:
        superior: above its name; empty for a people's committee.
        name: its name, one line of the document per line.
        place: the place name before the date.
        symbol: its abbreviation in number and symbol.
    """

    superior: str
    name: str
    place: str
    symbol: str


def proposed(kind: str, name: str, parent: Printed | None, parent_kind: str = "") -> Printed:
    """What a unit may print, by its kind and name; the administrator knows better where it does not fit.

    Args:
        kind: one of `rules.UNIT_KINDS`.
        name: in Vietnamese, as the tree calls it: "UBND huyện Ia Grai", "Sở Nội vụ".
        parent: what the unit above it prints; None at the top.
        parent_kind: its kind, empty at the top.

    Returns:
        without a symbol, which the head of the agency decides (article 15 and appendix I.II.3.b).
    """
    full = re.sub(rf"^{SHORT}\b", COMMITTEE, " ".join(name.split()))
    if kind in COMMITTEES and full.startswith(COMMITTEE):
        place = full.removeprefix(COMMITTEE).strip()
        return Printed("", f"{COMMITTEE}\n{place}".strip().upper(), _bare(place), "")
    above = parent or Printed("", "", "", "")
    return Printed(_superior(kind, above, parent_kind), _own_name(kind, full), above.place, "")


def _superior(kind: str, parent: Printed, parent_kind: str) -> str:
    """What is printed above: the police of a province stand under their ministry, whatever the tree says."""
    if kind == "police" and parent_kind in {"", "ppc"}:
        return MINISTRY_OF_POLICE
    if kind in COMMITTEES:
        return ""
    return shortened(parent.name) if kind in BELOW_A_COMMITTEE else " ".join(parent.name.split())


def _own_name(kind: str, name: str) -> str:
    if kind == "ppc_office":
        return OFFICE
    return re.sub(r"\s+tỉnh$", "", name).upper() if kind == "steering_body" else name.upper()


def shortened(name: str) -> str:
    """A committee's name on one line as it is printed above another's: "UBND TỈNH GIA LAI"."""
    return re.sub(rf"^{COMMITTEE.upper()}\b", SHORT, " ".join(name.split()).upper())


def _bare(place: str) -> str:
    """A place without its level: "Ia Grai"; one that is called by a number keeps it: "Phường 1"."""
    level = next((each for each in LEVELS if place.casefold().startswith(f"{each} ")), "")
    bare = place[len(level) :].strip()
    return place[:1].upper() + place[1:] if bare[:1].isdigit() else bare


def of_head(printed: Printed, head_title: str, prefix: str) -> Printed:
    """What a document of the head of a people's committee himself prints: his title before its name.

    Args:
        printed: of the committee.
        head_title: "Chủ tịch".
        prefix: what its symbol begins with.
    """
    return replace(printed, name=f"{head_title} {printed.name}".upper(), symbol=f"{prefix}{printed.symbol}")


# -- by the day ------------------------------------------------------------------------------------------------


def printed_on(session: Session, unit: Unit, on: date) -> Printed:
    """What a unit prints on a day: what holds since a day until the next such day; before the first, its own columns.

    Rows have a first day and no last one, so that there is neither a gap nor an overlap.
    """
    begun = (UnitHeader.unit_id == unit.id, UnitHeader.valid_from <= on)
    row = session.scalar(select(UnitHeader).where(*begun).order_by(UnitHeader.valid_from.desc()).limit(1))
    return printed_by(row or unit)


def printed_by(row: Unit | UnitHeader) -> Printed:
    """What a unit's own columns, or a dated row of it, say."""
    return Printed(row.header_parent or "", row.header_name, row.place_name, row.symbol)


def headers_of(session: Session, unit_id: int) -> Sequence[UnitHeader]:
    """The dated rows of a unit, the first day first."""
    mine = select(UnitHeader).where(UnitHeader.unit_id == unit_id)
    return session.scalars(mine.order_by(UnitHeader.valid_from)).all()


def complete(session: Session, unit: Unit) -> None:
    """Fill in what a unit prints, where nobody has said it.

    Args:
        session: any transaction.
        unit: before it is written, with its parent.
    """
    above, said = unit.parent, (unit.header_name or "").strip()
    if not unit.name_vi or (said and (unit.place_name or "").strip()):
        return
    parent = printed_on(session, above, unit.valid_from) if above else None
    made = proposed(unit.kind, unit.name_vi, parent, above.kind if above else "")
    if not said:
        unit.header_name, unit.header_parent = made.name, unit.header_parent or made.superior or None
    unit.place_name = (unit.place_name or "").strip() or made.place


def settle_header(session: Session, actor: Actor, header: UnitHeader) -> None:
    """Check a dated header before it is written.

    Raises:
        Refusal: as `keep_texts`; `header_outside_unit`, it would begin on the first day of the unit, before it, or
            after the last; `header_day_taken`, another begins on that day; `header_of_another`, it would change unit.
    """
    del actor
    lock_for(session, HEADERS_LOCK)
    keep_texts(header)
    header.header_name = lines_of(header.header_name)
    unit = header.unit
    if header.id and instance_state(header).attrs["unit"].history.has_changes():
        raise Refusal("header_of_another")
    day = header.valid_from
    if day == unit.valid_from or not within((day, day), (unit.valid_from, unit.valid_to)):
        raise Refusal("header_outside_unit", {"unit": unit.name})
    taken = select(UnitHeader.id).where(UnitHeader.unit_id == unit.id, UnitHeader.valid_from == day)
    if session.scalar(taken) not in (None, header.id):
        raise Refusal("header_day_taken", {"unit": unit.name})


def lines_of(name: str) -> str:
    """A printed name without empty lines and spaces around its lines."""
    return "\n".join(line.strip() for line in name.splitlines() if line.strip())
