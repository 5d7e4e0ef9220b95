from tests.workflows.office import ADMIN, CLERK, Desk, chain, closings, refused, staffed, stage, step, submitted
from workflows.events import ItemPassed

TWO = chain(stage("both", step("leader", "head", "deputy"), step("police")), stage("boss"))
OFFICE = staffed(head="hoa", deputy="dung", police="phuc", boss="bao", officer=["anh", "an"])


def test_an_administrator_gives_an_item_to_somebody_else() -> None:
    desk = submitted(TWO, OFFICE)
    desk.reassign("anh", item=3, reason="Nghỉ thai sản")
    assert desk.kinds == ["item_passed", "item_closed", "item_opened"]
    assert desk.last[0] == ItemPassed(2, desk.now, ADMIN, 3, "phuc", "anh", "reassign", "Nghỉ thai sản")
    assert closings(desk) == [("phuc", "passed_on")]
    assert desk.owners == [("leader", "hoa"), ("leader", "dung"), ("police", "anh")]


def test_who_got_it_decides_in_his_own_name() -> None:
    desk = submitted(TWO, OFFICE)
    desk.reassign("anh", item=3)
    desk.approve("anh")
    assert (desk.case.decisions[0].person, desk.case.decisions[0].instead_of) == ("anh", None)
    desk.approve("hoa")
    assert desk.owners == [("boss", "bao")]


def test_who_had_it_is_bound_by_nothing() -> None:
    desk = submitted(TWO, OFFICE)
    desk.reassign("anh", item=3)
    desk.approve("anh")
    with refused("already_decided", step="police", person="anh"):
        desk.approve("phuc")
    desk.add("hoa", "phuc")
    assert ("leader", "phuc") in desk.owners


def test_what_was_delegated_is_reassigned_and_binds_only_the_new_owner() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("phuc", "anh")
    desk.reassign("an", item=4)
    assert desk.case.items[-1].instead_of is None
    desk.approve("an")
    assert desk.case.decisions[0].instead_of is None


def test_a_parked_item_stays_parked() -> None:
    desk = submitted(TWO, OFFICE)
    desk.add("phuc", "anh", "before")
    desk.reassign("an", item=3)
    assert desk.kinds == ["item_passed", "item_closed", "item_opened", "item_parked"]
    with refused("must_wait", people=["anh"]):
        desk.approve("an")
    desk.approve("anh")
    desk.approve("an")
    assert [decision.person for decision in desk.case.decisions] == ["anh", "an"]


def test_those_who_wait_for_a_reassigned_item_wait_for_its_new_owner() -> None:
    desk = submitted(TWO, OFFICE)
    desk.add("phuc", "anh", "after")
    desk.reassign("an", item=3)
    with refused("must_wait", people=["an"]):
        desk.approve("anh")
    desk.approve("an")
    desk.approve("anh")
    assert [decision.person for decision in desk.case.decisions] == ["an", "anh"]


def test_an_added_reviewer_s_item_is_reassigned_as_such() -> None:
    desk = submitted(TWO, OFFICE)
    desk.add("phuc", "anh", "before")
    desk.reassign("an", item=4)
    assert (desk.case.items[-1].person, desk.case.items[-1].added_by) == ("an", "phuc")
    desk.approve("an")
    assert ("police", "phuc") in desk.owners


def test_an_adviser_s_item_is_reassigned_as_such() -> None:
    desk = submitted(chain(stage("mixed", step("head"), step("police", role="advise"))), OFFICE)
    desk.reassign("an", item=2)
    assert desk.case.items[-1].role == "advise"
    desk.advise("an")
    assert desk.owners == [("head", "hoa")]


def test_a_new_owner_makes_up_for_who_lost_the_post() -> None:
    desk = submitted(chain(stage("boss")), OFFICE)
    desk.office = staffed(head="hoa")
    with refused("post_not_held", step="boss", post="boss", unit="own"):
        desk.approve("bao")
    desk.reassign("hoa")
    desk.approve("hoa")
    assert desk.case.status == "approved"


def test_only_an_administrator_reassigns() -> None:
    desk = submitted(TWO, OFFICE)
    for person in (CLERK, "phuc", "outsider"):
        with refused("not_administrator"):
            desk.reassign("anh", item=3, by=person)


def test_only_what_is_pending_is_reassigned() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("phuc")
    for number in (0, 3, 4, -1):
        with refused("no_such_item"):
            desk.reassign("anh", item=number)


def test_reassigning_has_a_reason() -> None:
    with refused("reason_required"):
        submitted(TWO, OFFICE).reassign("anh", reason=" ")


def test_only_who_is_new_to_the_stage_and_known_here_gets_it() -> None:
    desk = Desk(TWO, OFFICE)
    desk.submit(drafters=["anh"])
    desk.approve("phuc")
    people = {CLERK: "drafted_it", "anh": "drafted_it", "phuc": "has_decided", "dung": "has_item"}
    for person, code in people.items():
        with refused(code, person=person):
            desk.reassign(person, item=1)
    for person, code in (("outsider", "outsider"), ("", "nobody_named")):
        with refused(code):
            desk.reassign(person, item=1)


def test_nobody_reassigns_to_himself() -> None:
    desk = submitted(TWO, staffed(head="hoa", deputy="dung", police="phuc", officer=ADMIN))
    with refused("to_oneself"):
        desk.reassign(ADMIN)


def test_a_draft_has_nothing_to_reassign() -> None:
    with refused("not_submitted", status="draft"):
        Desk(TWO, OFFICE).reassign("anh")
