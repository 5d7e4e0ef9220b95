"""Pages that show a form have no input of their own by a name that a field may have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from portal.definitions.surroundings import INPUTS
from portal.submissions import correction_views, views
from tests.web.chains import CHOSEN, LEADER, POLICE, chain, put_in_force, stage
from tests.web.desk import Desk
from tests.web.report_page import address, filled_in, saving
from workflows.forms.schema import FIELD_NAME

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

PROVING = stage("unit", "Lãnh đạo đơn vị duyệt", {**LEADER, "edits": ["direction"], "prove": True})
CORRECTING = "/submissions/correct/1"


def names(desk: Desk, who: str, page: str, action: str) -> set[str]:
    """What the inputs and buttons of a form are called: those inside it, and those that say that they are its."""
    html = desk.visitor(who).get(page).text
    head, inside = next(
        (each.group(1), each.group(2))
        for each in re.finditer(r"<form\b([^>]*)>(.*?)</form>", html, re.DOTALL)
        if f'action="{action}"' in each.group(1)
    )
    own = re.search(r'\bid="([^"]+)"', head)
    beside = re.findall(rf'<[^>]*\bform="{own[1]}"[^>]*>', html) if own else []
    return {name for tag in (inside, *beside) for name in re.findall(r'\bname="([^"]+)"', tag)}


def own(found: set[str], fields: set[str]) -> set[str]:
    """Those that are none of the form's, and that a field might be called."""
    return {name for name in found if name.partition(".")[0] not in fields and FIELD_NAME.fullmatch(name)}


def fields_of(desk: Desk) -> set[str]:
    """What the fields of the report are called, as its page numbers them."""
    html = desk.visitor("clerk").get(address(1)).text
    return set(re.findall(r'\bid="f-([a-z0-9_]+)"', html))


def test_no_field_can_be_called_like_an_input_of_the_page_on_which_a_report_is_written(
    portal: Flask, visit: Visit, draft: int
) -> None:
    assert draft == 1
    put_in_force(portal, chain(stage("review", "Thẩm định", CHOSEN), stage("unit", "Duyệt", LEADER)))
    desk = Desk(portal, visit)
    found = names(desk, "clerk", address(1), saving(1))
    assert own(found, fields_of(desk)) == views.OURS
    assert views.OURS <= INPUTS


def test_no_field_can_be_called_like_an_input_of_the_page_on_which_a_report_is_mended(
    portal: Flask, visit: Visit, draft: int
) -> None:
    assert draft == 1
    put_in_force(portal, chain(PROVING, stage("police", "Công an tỉnh thẩm định", POLICE)))
    desk = Desk(portal, visit)
    fields = fields_of(desk)
    clerk = desk.visitor("clerk")
    assert clerk.client.post(saving(1), data={**filled_in(clerk, 1), "then": "submit"}).status_code == 302
    found = names(desk, "head", CORRECTING, CORRECTING)
    assert own(found, fields) == correction_views.OURS
    assert correction_views.OURS <= INPUTS
