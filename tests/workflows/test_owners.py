from tests.workflows.office import CLERK, Desk, Office, chain, refused, stage, step, submitted

TO_SUPERIOR = chain(stage("head", step("head", owner={"posts": ["head", "deputy"], "place": "superior"})))
TO_LEAD = chain(stage("lead", step("lead", owner={"posts": ["head"], "place": "field", "field": "lead-unit"})))


def office(own: dict[str, list[str]], parent: dict[str, list[str]]) -> Office:
    return Office({"own": own, "parent": parent})


def asked(desk: Desk) -> list[tuple[str, str, str]]:
    return [(item.person, item.post, item.unit) for item in desk.case.open_items]


def test_the_superior_of_an_officer_is_the_head_of_his_own_unit() -> None:
    desk = submitted(TO_SUPERIOR, office({"head": ["hoa"]}, {"head": ["uyen"]}))
    assert asked(desk) == [("hoa", "head", "own")]


def test_the_superiors_are_all_holders_of_the_posts_in_the_nearest_unit() -> None:
    desk = submitted(TO_SUPERIOR, office({"deputy": ["dung", "duc"], "head": ["hoa"]}, {"head": ["uyen"]}))
    assert asked(desk) == [("hoa", "head", "own"), ("dung", "deputy", "own"), ("duc", "deputy", "own")]


def test_the_superior_of_a_head_who_drafts_sits_in_the_unit_above() -> None:
    desk = submitted(TO_SUPERIOR, office({"head": [CLERK]}, {"head": ["uyen"]}))
    assert asked(desk) == [("uyen", "head", "parent")]


def test_the_superior_of_a_head_who_helped_to_draft_sits_in_the_unit_above() -> None:
    desk = Desk(TO_SUPERIOR, office({"head": ["hoa"]}, {"head": ["uyen"], "deputy": ["viet"]}))
    desk.submit(drafters=["hoa"])
    assert asked(desk) == [("uyen", "head", "parent"), ("viet", "deputy", "parent")]


def test_a_vacant_seat_in_the_own_unit_is_passed_over() -> None:
    desk = submitted(TO_SUPERIOR, office({"officer": ["anh"]}, {"deputy": ["viet"]}))
    assert asked(desk) == [("viet", "deputy", "parent")]


def test_who_sits_in_both_units_is_asked_as_the_nearest() -> None:
    desk = submitted(TO_SUPERIOR, office({"deputy": ["hoa"]}, {"head": ["hoa", "uyen"]}))
    assert asked(desk) == [("hoa", "deputy", "own")]


def test_where_nobody_is_superior_the_submission_stops_loudly() -> None:
    with refused("nobody_eligible", stage="head", step="head", needed=1, found=0):
        submitted(TO_SUPERIOR, office({"head": [CLERK]}, {"head": [CLERK]}))


def test_the_superior_decides_as_holder_of_that_post_in_that_unit() -> None:
    desk = submitted(TO_SUPERIOR, office({"head": [CLERK]}, {"head": ["uyen"]}))
    desk.office = office({"head": ["uyen"]}, {})
    with refused("post_not_held", step="head", post="head", unit="parent"):
        desk.approve("uyen")


def test_each_superior_of_the_nearest_unit_can_have_a_slot() -> None:
    owner = {"posts": ["head", "deputy"], "place": "superior"}
    desk = submitted(
        chain(stage("head", step("head", owner=owner, taken_by="each"))),
        office({"head": ["hoa"], "deputy": ["dung"]}, {"head": ["uyen"]}),
    )
    assert [item.slot for item in desk.case.items] == ["head/hoa", "head/dung"]


def test_a_field_of_the_form_names_the_unit() -> None:
    desk = submitted(TO_LEAD, Office({"own": {"head": ["hoa"]}, "lead-unit": {"head": ["phuc"]}}))
    assert asked(desk) == [("phuc", "head", "lead-unit")]


def test_a_field_that_names_no_unit_with_such_a_post_stops_the_submission_loudly() -> None:
    with refused("nobody_eligible", stage="lead", step="lead", needed=1, found=0):
        submitted(TO_LEAD, Office({"own": {"head": ["hoa"]}}))
