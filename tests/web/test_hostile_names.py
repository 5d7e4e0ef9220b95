"""What is typed as a name, by whichever door, is letters on every page: the page has the same bones as with others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions.beginnings import beginning
from portal.texts import kept
from tests import cast
from tests.hostile import NAMES, asking, bones, both, dull, mild, offering, taken, words
from tests.web import doors
from tests.web.definition_calls import ALL, take_in, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import Visit, Visitor

PREVIEWS = ("draft/preview?sample=1", "draft/preview?print=1")
PLACES = ("sections[0]", "sections[0].fields[1]", "sections[0].fields[3]", "sections[0].fields[6]")
"""Things of a form whose panels are looked at."""

MOST_STAGES = 9
PAGES_OF_CHAIN = ("draft", "draft/design?at=stages[0]", "draft/preview", "draft/try")

PAGES = ("draft", *(f"draft/design?at={place}" for place in PLACES), *PREVIEWS, "")


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who draws forms and chains, signed in."""
    return visit(cast.DESIGNER)


def looked_at(visitor: Visitor, kind: str, key: str, pages: Sequence[str] = PAGES) -> dict[str, Any]:
    """The bones of every page that shows a definition."""
    found = {}
    for page in pages:
        answer = visitor.get(f"/definitions/{kind}/{key}/{page}", follow_redirects=True)
        assert answer.status_code == 200, page
        found[page] = bones(answer.text)
    return found


def stored(visitor: Visitor, kind: str, key: str) -> Any:
    return told(visitor.get(f"{ALL}{kind}/{key}/draft"))["result"]["body"]


def one_line(value: Any) -> Any:
    """What an input makes of words: one space between them, and nothing that nobody sees."""
    if isinstance(value, dict):
        return {key: one_line(each) for key, each in value.items()}
    if isinstance(value, list):
        return [one_line(each) for each in value]
    return " ".join(kept(value).split()) if isinstance(value, str) else value


@pytest.mark.parametrize("technique", NAMES)
@pytest.mark.parametrize("door", doors.DOORS)
def test_names_come_in_as_they_are_by_any_door_and_are_letters_in_the_designer(
    designer: Visitor, door: str, technique: str
) -> None:
    hostile = taken(words(technique)) if door in doors.ONLY_SOUND else words(technique)
    body = offering(hostile)
    answer = doors.DOORS[door](designer, "form", "wild", body)
    assert answer.status_code in {200, 201, 302}, answer.text
    designer.get("/account/password")  # says what the door said
    typed = door == "the panels"
    assert stored(designer, "form", "wild") == (one_line(body) if typed else body)
    arrived = one_line(hostile) if typed else hostile
    told(doors.by_rest(designer, "form", "mild", offering(mild(arrived), "mild")), 201)
    found = [looked_at(designer, "form", key, ["draft/design"]) for key in ("wild", "mild")]
    assert found[0] == found[1]


@pytest.mark.parametrize("technique", NAMES)
@pytest.mark.parametrize(("made", "pages"), [(offering, PAGES), (asking, PREVIEWS)])
def test_every_page_of_a_draft_shows_names_as_letters(
    designer: Visitor, made: Any, pages: Sequence[str], technique: str
) -> None:
    sound = taken(words(technique))
    told(doors.by_rest(designer, "form", "wild", made(sound)), 201)
    told(doors.by_rest(designer, "form", "mild", made(mild(sound), "mild")), 201)
    found = [looked_at(designer, "form", key, pages) for key in ("wild", "mild")]
    assert found[0] == found[1]


@pytest.mark.parametrize("technique", NAMES)
def test_names_of_stages_and_steps_are_letters_in_the_picture_of_a_chain(designer: Visitor, technique: str) -> None:
    hostile = taken(words(technique))[:MOST_STAGES]
    found = {}
    for key, several in (("mild", mild(hostile)), ("wild", hostile)):
        body = beginning("chain", key, both(several[0]))
        steps = [{**body["stages"][0]["steps"][0], "name": both(each)} for each in several]
        body["stages"] = [{"key": f"s{at}", "name": one["name"], "steps": [one]} for at, one in enumerate(steps)]
        told(doors.by_rest(designer, "chain", key, body), 201)
        found[key] = looked_at(
            designer, "chain", key, ["draft", "draft/design?at=stages[0]", "draft/preview", "draft/try"]
        )
    assert found["wild"] == found["mild"]


MIXED = "</title></textarea>\"'--><svg onload=alert(1)>{{ 7 * 191 }}{% raw %}"


def of_every_other_kind(key: str, name: str) -> list[tuple[str, dict[str, Any]]]:
    schedule = beginning("schedule", key, both(name))
    schedule["owed_by"][0]["name"] = both(name)
    return [(kind, beginning(kind, key, both(name))) for kind in ("calendar", "document")] + [("schedule", schedule)]


def test_names_of_every_other_kind_are_letters_too(designer: Visitor) -> None:
    found = {}
    for key, name in (("mild", "Nhãn"), ("wild", MIXED)):
        for kind, body in of_every_other_kind(key, name):
            told(doors.by_rest(designer, kind, key, body), 201)
    for key in ("mild", "wild"):  # all of them offer each other by now
        for kind, _body in of_every_other_kind(key, ""):
            found[kind, key] = looked_at(designer, kind, key, ["draft", "draft/design", ""])
    for kind, pages in found.items():
        assert pages == found[kind[0], "mild"], kind


@pytest.mark.parametrize("technique", NAMES)
def test_the_list_of_everything_shows_names_as_letters(designer: Visitor, technique: str) -> None:
    hostile = taken(words(technique))
    files = {}
    for key, several in (("mild", mild(hostile)), ("wild", hostile)):
        for at, each in enumerate(several):
            files[f"{key}{at}.json"] = json.dumps({**asking(["x"], f"{key}-{at}"), "name": both(each)})
    told(take_in(designer, files))
    rows = (
        designer.get("/definitions/?kind=form").text.partition('id="kind-form"')[2].partition("</ul>")[0].split("<li>")
    )
    found = {key: [bones(row, f"{key}-[0-9]+") for row in rows if f"/{key}-" in row] for key in ("wild", "mild")}
    assert len(found["wild"]) == len(hostile)
    assert found["wild"] == found["mild"]


def begun_from(designer: Visitor, name: str) -> tuple[int, list[tuple[str, ...]]]:
    """How five answers are answered, and the bones of the page to which they lead."""
    answers = {"kinds": ["department"], "rhythm": "month", "way": "unit", "outcome": "BC"}
    answer = designer.post("/definitions/start", {**answers, "name_vi": name, "name_en": name})
    if answer.status_code != 302:
        return answer.status_code, bones(answer.text)
    return 302, bones(designer.get(answer.location).text, answer.location.rpartition("/")[2])


@pytest.mark.parametrize("technique", NAMES)
def test_the_five_questions_take_any_name_as_letters(designer: Visitor, technique: str) -> None:
    expected = {302: begun_from(designer, "Mild")[1], 422: begun_from(designer, "")[1]}
    for each in words(technique)[::3]:  # the other tests hold every one against what these drafts are made of
        status, found = begun_from(designer, each)
        assert found == expected[status] or found == begun_from(designer, dull(each))[1], each
