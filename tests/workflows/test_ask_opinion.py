from tests.workflows.office import ADMIN, CLERK, Desk, chain, closings, refused, staffed, stage, step, submitted
from workflows.events import OpinionAsked

ONE = chain(stage("head"), stage("boss"))
OFFICE = staffed(head="hoa", boss="bao", officer=["anh", "an"])


def test_who_is_asked_gets_an_item_for_an_opinion() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh", "Số này đúng không?")
    assert desk.kinds == ["opinion_asked", "item_opened"]
    assert desk.last[0] == OpinionAsked(2, desk.now, "hoa", "anh", "Số này đúng không?")
    item = desk.case.items[-1]
    assert (item.person, item.role, item.added_by, item.slot, item.step) == ("anh", "advise", "hoa", "head+2", "head")


def test_nobody_has_to_wait_for_an_opinion() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh")
    desk.approve("hoa")
    assert closings(desk) == [("anh", "stage_completed")]
    assert desk.owners == [("boss", "bao")]


def test_an_opinion_decides_nothing() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh")
    desk.advise("anh", "Đúng")
    assert desk.kinds == ["item_decided"]
    assert desk.owners == [("head", "hoa")]
    with refused("advises_only"):
        desk.approve("anh")


def test_several_can_be_asked_and_each_answers_once() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh")
    desk.ask("hoa", "an")
    desk.advise("anh", "Đúng")
    desk.advise("an", "Sai")
    assert [(each.person, each.reason) for each in desk.case.decisions] == [("anh", "Đúng"), ("an", "Sai")]
    with refused("already_decided", step="head", person="an"):
        desk.advise("an")


def test_who_answered_can_be_asked_again() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh")
    desk.advise("anh")
    desk.ask("hoa", "anh", "Còn mục 3?")
    desk.advise("anh", "Cũng đúng")
    assert len(desk.case.decisions) == 2


def test_who_answered_can_be_added_as_a_reviewer() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh")
    desk.advise("anh")
    desk.add("hoa", "anh", "before")
    desk.approve("anh")
    assert desk.owners == [("head", "hoa")]


def test_a_question_has_words() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("reason_required"):
        desk.ask("hoa", "anh", "")


def test_only_who_decides_asks() -> None:
    desk = submitted(ONE, OFFICE)
    for person in ("bao", ADMIN, "outsider"):
        with refused("not_your_item", stage="head", people=["hoa"]):
            desk.ask(person, "anh")
    desk.ask("hoa", "anh")
    with refused("advises_only"):
        desk.ask("anh", "an")


def test_neither_drafters_nor_participants_nor_outsiders_are_asked() -> None:
    desk = Desk(chain(stage("both", step("head"), step("boss"), step("third", "head", "boss", "officer"))), OFFICE)
    desk.submit(drafters=["an"])
    desk.approve("bao", step="boss")
    people = {CLERK: "drafted_it", "an": "drafted_it", "bao": "has_decided", "anh": "has_item"}
    for person, code in people.items():
        with refused(code, person=person):
            desk.ask("hoa", person)
    for person, code in (("hoa", "to_oneself"), ("outsider", "outsider"), ("", "nobody_named")):
        with refused(code):
            desk.ask("hoa", person)


def test_who_is_asked_may_pass_the_question_on_to_a_colleague() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh")
    desk.delegate("anh", "an")
    desk.advise("an", "Đúng")
    assert (desk.case.decisions[0].person, desk.case.decisions[0].instead_of) == ("an", "anh")


def test_open_questions_end_with_the_stage() -> None:
    desk = submitted(ONE, OFFICE)
    desk.ask("hoa", "anh")
    desk.send_back("hoa")
    assert closings(desk) == [("anh", "case_returned")]
    with refused("not_submitted", status="returned"):
        desk.advise("anh")
