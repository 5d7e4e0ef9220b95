from tests.workflows.office import ADMIN, CLERK, chain, refused, staffed, stage, step, submitted

ONE = chain(stage("department", step("leader", "head", "deputy")), stage("boss"))
OFFICE = staffed(head="hoa", deputy=["dung", "duc"], boss="bao", officer="anh")


def test_who_claims_a_step_has_it_for_himself() -> None:
    desk = submitted(ONE, OFFICE)
    desk.claim("dung")
    assert desk.kinds == ["item_claimed"]
    assert [(item.person, item.claimed) for item in desk.case.open_items] == [
        ("hoa", False),
        ("dung", True),
        ("duc", False),
    ]
    desk.approve("dung")
    assert desk.owners == [("boss", "bao")]


def test_the_others_are_told_who_claimed_the_step() -> None:
    desk = submitted(ONE, OFFICE)
    desk.claim("dung")
    for attempt in (desk.approve, desk.send_back, desk.reject, desk.claim, desk.release, desk.accept):
        with refused("claimed", step="leader", person="dung"):
            attempt("hoa")
    with refused("claimed", step="leader", person="dung"):
        desk.delegate("hoa", "anh")
    with refused("not_your_item"):
        desk.suspend("hoa")


def test_a_released_step_is_open_to_all_its_candidates_again() -> None:
    desk = submitted(ONE, OFFICE)
    desk.claim("dung")
    desk.release("dung")
    assert desk.kinds == ["item_released"]
    desk.approve("hoa")
    assert desk.owners == [("boss", "bao")]


def test_a_step_is_claimed_once() -> None:
    desk = submitted(ONE, OFFICE)
    desk.claim("dung")
    with refused("already_yours"):
        desk.claim("dung")


def test_what_nobody_else_could_take_need_not_be_claimed() -> None:
    desk = submitted(chain(stage("boss")), OFFICE)
    with refused("sole_owner"):
        desk.claim("bao")


def test_only_who_claimed_a_step_releases_it() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("not_claimed"):
        desk.release("dung")


def test_who_claims_has_the_case_in_hand_even_when_he_releases_it() -> None:
    desk = submitted(ONE, OFFICE)
    desk.claim("dung")
    desk.release("dung")
    assert desk.case.accepted_by == "dung"
    with refused("in_hand", person="dung"):
        desk.recall()


def test_nobody_claims_what_is_not_his() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("not_your_item", stage="department", people=["hoa", "dung", "duc"]):
        desk.claim("bao")
    with refused("own_draft"):
        desk.claim(CLERK)


TWO = chain(stage("both", step("leader", "head", "deputy"), step("boss", "boss", "head")))


def test_without_a_step_the_first_is_claimed_that_may_be() -> None:
    desk = submitted(TWO, OFFICE)
    desk.claim("dung")
    assert desk.may("hoa", "claim").targets == ("boss",)
    desk.claim("hoa")
    assert [(item.step, item.person) for item in desk.case.items if item.claimed] == [
        ("leader", "dung"),
        ("boss", "hoa"),
    ]


def test_without_a_step_the_claimed_one_is_released() -> None:
    desk = submitted(TWO, OFFICE)
    desk.claim("hoa", step="boss")
    assert desk.may("hoa", "release").targets == ("boss",)
    desk.release("hoa")
    assert not any(item.claimed for item in desk.case.items)


def test_who_decides_and_advises_claims_either() -> None:
    mixed = chain(stage("mixed", step("head"), step("legal", "head", "deputy", role="advise")))
    desk = submitted(mixed, OFFICE)
    assert desk.may("hoa", "claim").targets == ("legal",)
    desk.claim("hoa", step="legal")
    with refused("claimed", step="legal", person="hoa"):
        desk.advise("dung")
    desk.release("hoa")
    desk.advise("dung")
    assert desk.owners == [("head", "hoa")]


def test_a_claim_lasts_while_another_reviewer_is_heard_first() -> None:
    desk = submitted(ONE, OFFICE)
    desk.claim("dung")
    desk.add("dung", "anh")
    with refused("claimed", step="leader", person="dung"):
        desk.approve("hoa")
    desk.approve("anh")
    desk.approve("dung")
    assert desk.owners == [("boss", "bao")]


def test_what_a_colleague_would_take_again_after_waiting_can_be_claimed() -> None:
    desk = submitted(chain(stage("boss", step("boss", "boss", "head"))), OFFICE)
    desk.add("hoa", "anh")
    desk.claim("bao")
    desk.approve("anh")
    with refused("claimed", step="boss", person="bao"):
        desk.approve("hoa")


def test_what_somebody_claimed_who_is_gone_is_open_again_once_it_is_reassigned() -> None:
    desk = submitted(ONE, OFFICE)
    desk.claim("dung")
    desk.office = staffed(head="hoa", deputy="duc", boss="bao", officer="anh")
    with refused("post_not_held", step="leader", post="deputy", unit="own"):
        desk.release("dung")
    with refused("claimed", step="leader", person="dung"):
        desk.approve("hoa")
    desk.reassign("anh", item=2, by=ADMIN)
    desk.approve("hoa")
    assert desk.owners == [("boss", "bao")]
