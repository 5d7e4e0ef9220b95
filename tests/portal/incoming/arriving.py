"""Documents as they arrive at the committee of the demonstration province, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.incoming import service
from portal.incoming.service import Arrival, Handing
from portal.security import today
from portal.units.models import Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.incoming.models import IncomingDocument
    from tests.portal.province import Province

PLAN = Arrival(
    arrived_on=today(),
    author="Công an tỉnh Gia Lai",
    symbol="4598/CAT-PC06",
    dated_on=today() - timedelta(days=1),
    type_name="Công văn",
    subject="về việc đôn đốc thực hiện các nhiệm vụ của Đề án 06",
    urgency="urgent",
    due_on=today() + timedelta(days=5),
    code="000.00.31.H21.2026.004598",
)


def unit(province: Province, code: str) -> Unit:
    return province.session.scalars(select(Unit).where(Unit.code == code)).one()


def arrived(province: Province, again: str = "", **changes: Any) -> IncomingDocument:
    """Register a document at the committee, by its registrar."""
    registrar, committee = province.actor("registrar"), unit(province, "UBND")
    arrival = replace(PLAN, **changes)
    return service.register(province.session, registrar, committee, arrival, on=today(), again=again)


def handed(province: Province, incoming: IncomingDocument, code: str = "STTTT") -> IncomingDocument:
    """Hand it over to a department."""
    handing = Handing(unit(province, code).id, "Đoàn Minh Trí", today(), "Lan")
    registrar = province.actor("registrar")
    return service.hand_over(province.session, registrar, incoming.id, handing, version=incoming.version)


def code_of(deed: Callable[[], object]) -> str:
    """The code of what a deed is refused with."""
    with pytest.raises(Refusal) as refused:
        deed()
    return refused.value.code
