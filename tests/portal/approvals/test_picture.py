"""The picture of a chain: what stands where in it, whose names are in it, and that nothing lies over another."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from portal.approvals.foreseen import StageForeseen, StepForeseen
from portal.approvals.picture import WIDTH, Picture, picture_of, way_of
from portal.approvals.words import Names, names_of
from tests.workflows.office import chain, staffed, stage, step, submitted

if TYPE_CHECKING:
    from portal.approvals.picture import Box
    from tests.portal.province import Province

FIVE = chain(stage("five", *[step(f"s{n}", "head" if n == 0 else f"p{n}") for n in range(5)], complete="any"))


def apart(one: Box, other: Box) -> bool:
    """Whether two boxes share no point."""
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def sound(picture: Picture) -> None:
    """Nothing lies over another thing, or outside the picture."""
    for boxes in (picture.stages, picture.steps):
        assert all(apart(one, other) for one, other in combinations(boxes, 2))
        assert all(box.x + box.width <= WIDTH and box.y + box.height <= picture.height for box in boxes)


def test_it_shows_where_a_case_stands_and_with_whom(province: Province) -> None:
    folder = province.approve("head", province.submitted())
    picture = picture_of(folder.case, names_of(province.session, folder), {"department": " (2 giờ)"})
    assert [box.state for box in picture.stages] == ["done", "current", "ahead"]
    assert "Lãnh đạo đơn vị duyệt (2 giờ)" in " ".join(picture.stages[0].lines)
    assert province.user("head").get_full_name() in picture.steps[0].lines
    assert province.user("police.head").get_full_name() in picture.steps[1].lines
    assert picture.steps[2].lines[1:] == ()
    assert len(picture.arrows) == 2
    sound(picture)


def test_many_steps_and_long_names_stay_inside() -> None:
    office = staffed(head="hoa", **{f"p{n}": f"p{n}" for n in range(1, 5)})
    case = submitted(FIVE, office).case
    names = Names(FIVE, people={"hoa": "Một cái tên rất dài " * 8})
    picture = picture_of(case, names, {})
    assert len({box.y for box in picture.steps}) == 2
    sound(picture)


def test_the_way_of_a_trial_names_people_beside_the_owner_and_says_why_a_stage_is_skipped() -> None:
    made = chain(stage("one", step("head"), step("deputy")), stage("two", step("boss")))
    why = "bỏ qua, vì một điều kiện rất dài " * 10
    shown = [
        StageForeseen(
            "one", "Một", "done", "", (StepForeseen("head", "Vai", "Cấp trưởng", ("Hoa", "Hà")), named("deputy"))
        ),
        StageForeseen("two", "Hai", "skipped", why, (named("boss", why_not="không hỏi"),)),
    ]
    picture = way_of(made, shown)
    assert [box.state for box in picture.stages] == ["done", "skipped"]
    assert picture.steps[0].lines == ("Vai", "Cấp trưởng", "Hoa", "Hà")
    assert picture.stages[1].lines[0] == "Hai"
    assert " ".join(picture.stages[1].lines[1:]) == why.strip()
    assert picture.steps[2].lines == ("Vai", "không hỏi")
    sound(picture)


def named(key: str, why_not: str = "") -> StepForeseen:
    return StepForeseen(key, "Vai", "Cấp trưởng", why_not=why_not)
