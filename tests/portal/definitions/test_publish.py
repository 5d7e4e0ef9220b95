"""Publishing: what cannot be used is refused at its path; a version published here is never overrun."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from sqlalchemy import select

from portal.definitions import checks, library, publishing, service
from portal.definitions.beginnings import renamed
from portal.definitions.models import Definition
from portal.definitions.reading import read_definition
from portal.definitions.surroundings import INPUTS
from portal.indicators.service import add_shipped, by_keys
from portal.sent import NOT_SAID
from portal.submissions import correction_views, views
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


OF_MINE = {"vi": "Của tôi", "en": "Mine"}


def _shipped(kind: str) -> tuple[str, dict[str, Any]]:
    key, body = next((key, body) for each, key, body in library.shipped() if each == kind)
    return key, copy.deepcopy(body)


def _versions(session: Session, key: str) -> list[tuple[int, bool]]:
    rows = session.scalars(select(Definition).where(Definition.key == key, Definition.kind == "form"))
    return [(row.version, row.shipped) for row in rows]


def test_the_library_can_be_published_and_the_same_again_changes_nothing(session: Session) -> None:
    publishing.publish_shipped(session)
    before = session.scalars(select(Definition.id)).all()
    publishing.publish_shipped(session)
    assert session.scalars(select(Definition.id)).all() == before
    assert len(before) >= 3


def test_an_upgrade_is_the_next_version(session: Session) -> None:
    add_shipped(session)
    key, body = _shipped("form")
    publishing.publish(session, actor="system", kind="form", key=key, body=body, shipped=True)
    body["name"]["vi"] = "Báo cáo tháng (sửa)"
    publishing.publish(session, actor="system", kind="form", key=key, body=body, shipped=True)
    assert _versions(session, key) == [(1, True), (2, True)]


def test_the_library_never_follows_what_was_published_here(session: Session) -> None:
    key, body = _shipped("form")
    publishing.publish_shipped(session)
    body["name"]["vi"] = "Báo cáo tháng của tỉnh"
    mine = publishing.publish(session, actor="designer", kind="form", key=key, body=body)
    publishing.publish_shipped(session)
    assert service.current(session, "form", key) is mine


def test_an_upgrade_goes_on_where_the_province_has_its_own_ways(session: Session) -> None:
    publishing.publish_shipped(session)
    key, form = _shipped("form")
    form["sections"][0]["fields"].append({"name": "our_own", "type": "text", "label": OF_MINE})
    publishing.publish(session, actor="designer", kind="form", key=key, body=form)
    name, document = _shipped("document")
    document["metadata"]["wording"]["subject"] = "Về {answers.our_own}"
    mine = publishing.publish(session, actor="designer", kind="document", key=name, body=document)
    publishing.publish_shipped(session)
    assert service.current(session, "document", name) is mine


def test_what_ships_and_no_longer_fits_stays_as_it_was(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    publishing.publish_shipped(session)
    meetings = by_keys(session, ["meetings"])["meetings"]
    meetings.kind, meetings.aggregation = "ratio", "none"
    key, form = _shipped("form")
    form["name"]["vi"] = "Báo cáo tháng (mới)"
    others = [each for each in library.shipped() if each[0] != "form"]
    with mock.patch.object(publishing, "library", return_value=[("form", key, form), *others]):
        publishing.publish_shipped(session)
    assert service.current(session, "form", key).version == 1
    assert f"form {key}" in caplog.text


def test_a_release_that_is_broken_is_not_passed_over(session: Session) -> None:
    with (
        mock.patch.object(publishing, "library", return_value=[("form", "broken", {"schema": 1})]),
        pytest.raises(DefinitionError),
    ):
        publishing.publish_shipped(session)


@pytest.mark.parametrize(
    ("drafter", "code"),
    [("PC06", None), ("VX", None), ("", "letter_needs_drafter"), ("Phòng PC06", "letter_needs_drafter")],
)
def test_a_letter_says_who_drafts_it(session: Session, drafter: str, code: str | None) -> None:
    publishing.publish_shipped(session)
    key, body = _shipped("document")
    body["metadata"]["type"] = "CV"
    body["metadata"]["wording"].pop("drafter", None)
    body["metadata"]["wording"] |= {"drafter": drafter} if drafter else {}
    found = [(each.path, each.code) for each in checks.findings(session, "document", key, body)]
    assert found == ([("metadata.wording.drafter", code)] if code else [])


def test_what_was_never_published_is_refused(session: Session) -> None:
    with pytest.raises(Refusal, match="no_definition"):
        service.current(session, "form", "nothing-like-it")


@pytest.mark.parametrize("kind", ["form", "chain", "document"])
def test_a_body_lies_under_its_own_key(session: Session, kind: str) -> None:
    _key, body = _shipped(kind)
    with pytest.raises(DefinitionError):
        publishing.publish(session, actor="designer", kind=kind, key="another", body=body)
    assert session.scalars(select(Definition)).all() == []


def test_a_body_is_parsed_once_to_be_checked(session: Session) -> None:
    add_shipped(session)
    key, body = _shipped("form")
    parse = mock.Mock(wraps=checks.CHECKS["form"])
    with mock.patch.dict(checks.CHECKS, form=parse):
        assert checks.findings(session, "form", key, body) == ()
    parse.assert_called_once_with(body)


@pytest.mark.parametrize(
    ("where", "value", "path", "code"),
    [
        (("metadata", "type"), "báo cáo", "metadata.type", "not_one_of"),
        (("metadata", "wording", "recipients"), [" "], "metadata.wording.recipients[0]", "blank"),
        (("metadata", "wording", "subject"), "Tháng {month}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "closing"), "mở { ngoặc", "metadata.wording.closing", "bad_character"),
        (("metadata", "wording", "subject"), "{period:>999999999}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "{period!r}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "{period.__class__}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "Kỳ {}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "{period:d}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "{period!x}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "{:{}}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "{period:{unit}}", "metadata.wording.subject", "not_one_of"),
        (("metadata", "wording", "subject"), "{period:{unit.__class__}}", "metadata.wording.subject", "bad_character"),
        (("metadata", "wording", "opening"), ["{{period}}"], "metadata.wording.opening[0]", "not_one_of"),
        (("metadata", "wording", "closing"), "đóng } ngoặc", "metadata.wording.closing", "bad_character"),
        (("template",), "{% for x in %}", "template", "template_syntax"),
        (("template",), 7, "template", "wrong_type"),
        (("template",), "{{ " + "(" * 5_000 + " }}", "template", "template_unreadable"),
        (("template",), "{{ " + "1" * 5_000 + " }}", "template", "template_unreadable"),
        (("blocks",), {"decree30.html": "{{ a"}, "decree30.html", "template_syntax"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_where_it_is_wrong(
    where: tuple[str, ...], value: object, path: str, code: str
) -> None:
    _key, body = _shipped("document")
    inside: Any = body
    for name in where[:-1]:
        inside = inside[name]
    inside[where[-1]] = value
    with pytest.raises(DefinitionError) as refused:
        checks.check("document", "provincial-report", body)
    assert (path, code) in {(finding.path, finding.code) for finding in refused.value.findings}


def test_a_step_covers_sections_that_every_form_of_its_chain_has(session: Session) -> None:
    publishing.publish_shipped(session)
    body = copy.deepcopy(service.current(session, "chain", "provincial-report").body)
    first = body["stages"][0]["steps"][0]
    first["covers"] = ["progress", "nowhere", "direction", "elsewhere"]
    with pytest.raises(DefinitionError) as caught:
        publishing.publish(session, actor="test", kind="chain", key="provincial-report", body=body, shipped=True)
    assert [(each.path, each.code) for each in caught.value.findings] == [
        ("stages[0].steps[0].covers[1]", "not_one_of"),
        ("stages[0].steps[0].covers[3]", "not_one_of"),
    ]
    assert "progress" in caught.value.findings[0].params["allowed"]  # type: ignore[operator]
    first["covers"] = ["progress", "direction"]
    assert (
        publishing.publish(
            session, actor="test", kind="chain", key="provincial-report", body=body, shipped=True
        ).version
        == 2
    )


def test_a_chain_names_forms_and_templates_that_are_in_force(session: Session) -> None:
    """Without the template its last approval could never be given; without the form nothing ever goes through it."""
    body = read_definition(library.LIBRARY / "chains" / "provincial-report.yaml")
    with pytest.raises(DefinitionError) as caught:
        publishing.publish(session, actor="test", kind="chain", key="provincial-report", body=body, shipped=True)
    assert [each.path for each in caught.value.findings] == ["issues[0].document", "forms[0]"]


def test_a_form_does_not_get_two_chains_without_a_condition(session: Session) -> None:
    """Reports could no longer be handed in, for it would be open which chain is meant."""
    publishing.publish_shipped(session)
    body = renamed("chain", service.current(session, "chain", "provincial-report").body, "mine", OF_MINE)
    (found,) = [each for each in checks.findings(session, "chain", "mine", body) if each.path == "forms[0]"]
    assert (found.code, found.params["chain"]["vi"]) == ("has_a_chain", "Báo cáo trình UBND tỉnh")
    special = body | {"when": {"eq": [{"fact": "unit.kind"}, "commune"]}}
    assert "has_a_chain" not in {each.code for each in checks.findings(session, "chain", "mine", special)}


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_a_field_called_like_an_input_of_the_portal_is_refused(session: Session, name: str) -> None:
    key, body = _shipped("form")
    body["sections"][0]["fields"][0]["name"] = name
    with pytest.raises(DefinitionError) as caught:
        publishing.publish(session, actor="system", kind="form", key=key, body=body)
    taken = [(each.path, each.code, each.params) for each in caught.value.findings if each.code == "name_taken"]
    assert taken == [("sections[0].fields[0].name", "name_taken", {"name": name})]


def test_every_input_of_ours_is_known_there() -> None:
    assert NOT_SAID | views.OURS | correction_views.OURS == INPUTS
