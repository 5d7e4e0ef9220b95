"""Answers that come from the portal: offered on the clerk's form, kept with their names, refused once they are gone."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.definitions.service import form_of
from portal.documents.content import Paragraph
from portal.indicators.models import Indicator
from portal.security import today
from portal.submissions.models import Submission
from portal.submissions.offers import offers
from portal.units.models import Unit
from tests.web import own_form
from tests.web.calls import rows
from tests.web.report_page import Page, address, filled_in, send
from tests.workflows.paper import field

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit, Visitor
    from tests.portal.province import Province

    Prepare = Callable[[Callable[[Province], Any]], Any]


DESIGN = "/definitions/form/registration-list/draft/design"


def asked(name: str, source: str, kind: str = "choice", **options: object) -> dict[str, object]:
    listed = field(kind, name, printed=True, **{"from": source, **options})
    return {key: said for key, said in listed.items() if key != "choices"}


def opened(prepare: Prepare, *fields: dict[str, object]) -> int:
    def deed(province: Province) -> int:
        own_form.publish(province, *fields)
        return own_form.opened(province)

    key: int = prepare(deed)
    return key


def some_unit(portal: Flask) -> tuple[str, str]:
    """Code and name of a unit to name."""
    with rows(portal) as session:
        unit = session.scalars(select(Unit).order_by(Unit.id.desc())).first()
        assert unit is not None
        return unit.code, unit.name_vi


def renamed(portal: Flask, code: str, **values: Any) -> None:
    with rows(portal) as session:
        unit = session.scalars(select(Unit).where(Unit.code == code)).one()
        for name, value in values.items():
            setattr(unit, name, value)
        session.commit()


def test_a_unit_is_chosen_by_its_code_and_kept_with_its_name(visit: Visit, prepare: Prepare, portal: Flask) -> None:
    report, clerk = opened(prepare, asked("partner", "units"), asked("others", "units", "choices")), visit("clerk")
    code, name = some_unit(portal)
    page = unescape(clerk.get(address(report)).text)
    assert f'<option value="{code}">{name}</option>' in page
    assert f'name="others.{code}"' in page
    typed = {"partner": code, f"others.{code}": "yes"}
    assert send(clerk, report, filled_in(clerk, report, **typed), "submit").status_code == 302
    renamed(portal, code, name_vi="Đơn vị tên mới")
    assert name in unescape(clerk.get(address(report)).text)

    def printed(province: Province) -> Any:
        values = own_form.frozen(province, report)
        return values["partner"]["key"], values["others"][0]["label"]["vi"], own_form.printed(province, report)

    kept, shown, blocks = prepare(printed)
    assert (kept, shown) == (code, name)
    assert Paragraph(name) in blocks


def test_a_unit_that_is_gone_is_not_handed_in(visit: Visit, prepare: Prepare, portal: Flask) -> None:
    report, clerk = opened(prepare, asked("partner", "units")), visit("clerk")
    code, _name = some_unit(portal)
    saved = send(clerk, report, filled_in(clerk, report, partner=code))
    assert saved.status_code == 302
    form = filled_in(clerk, report)
    renamed(portal, code, valid_to=today() - timedelta(days=1))
    refused = send(clerk, report, form, "submit")
    assert refused.status_code == 422
    assert f'<option value="{code}" selected>' in refused.text
    assert "Giá trị này không có trong danh sách" in unescape(refused.text)
    with rows(portal) as session:
        assert session.get_one(Submission, report).case is None


def test_posts_and_tasks_are_those_of_the_reporting_unit(prepare: Prepare) -> None:
    def deed(province: Province) -> Any:
        own_form.publish(province, asked("post", "posts"), asked("task", "tasks"))
        report = province.session.get_one(Submission, own_form.opened(province))
        return offers(province.session, form_of(report.form), report.unit_id, today())

    found = prepare(deed)
    assert found.keys() == {"posts", "tasks"}
    assert found["posts"]
    assert all(choice.label.keys() == {"vi", "en"} for choices in found.values() for choice in choices)
    assert all(choice.key.isdecimal() for choice in found["tasks"])


def test_indicators_in_use_are_offered(prepare: Prepare) -> None:
    def deed(province: Province) -> Any:
        own_form.publish(province, asked("measured", "indicators"))
        report = province.session.get_one(Submission, own_form.opened(province))
        gone = province.session.scalars(select(Indicator).where(Indicator.key == "meetings")).one()
        gone.in_use = False
        return offers(province.session, form_of(report.form), report.unit_id, today())["indicators"]

    found = {choice.key: choice.label["vi"] for choice in prepare(deed)}
    assert "dossiers-on-time" in found
    assert "meetings" not in found


def panel(designer: Visitor, place: str) -> dict[str, Any]:
    """The panel of a thing, as a browser would send it."""
    return dict(Page(designer.get(DESIGN, query_string={"at": place}).text).forms[DESIGN])


def test_a_draft_that_asks_for_units_is_drawn_and_looked_at(visit: Visit, portal: Flask) -> None:
    designer = visit("designer")
    designer.post("/definitions/new", {"kind": "form", "key": "registration-list", "name_vi": "Danh sách đăng ký"})
    designer.post(DESIGN, {**panel(designer, ""), "then": "add:sections[0].fields:choice"})
    words = {"label.vi": "Đơn vị phối hợp", "label.en": "Partner", "from": "units"}
    answer = designer.post(DESIGN, {**panel(designer, "sections[0].fields[1]"), **words, "then": "save"})
    assert answer.status_code == 302
    _code, name = some_unit(portal)
    preview = unescape(designer.get(DESIGN.replace("design", "preview"), query_string={"sample": 2}).text)
    assert f">{name}</option>" in preview
