"""Comments on single places: published with a decision, answered or met by a change before the next round."""

from tests.workflows.office import Desk, chain, refused, staffed, stage, submitted
from workflows.actions import Advise, Approve, Reject, Return, Submit
from workflows.history import from_dict, replay

TWO = chain(stage("head"), stage("boss"))
OFFICE = staffed(head="hoa", boss="bao")
SAID = {"meetings": "Khác biên bản", "documents.1.summary": "Chưa rõ"}


def returned(unlocked: tuple[str, ...] | None = None) -> Desk:
    desk = submitted(TWO, OFFICE)
    desk.do("hoa", Return(desk.case.version, "Xem ghi chú", comments=SAID, unlocked=unlocked))
    return desk


def submit_again(desk: Desk, answers: dict[str, str], *changed: str) -> None:
    desk.do("chi", Submit(desk.case.version, "content 2", answers=answers, changed=frozenset(changed)))


def test_a_decision_publishes_what_its_author_says_of_single_places() -> None:
    desk = returned()
    assert [(each.number, each.anchor, each.text, each.by, each.round) for each in desk.case.comments] == [
        (1, "meetings", "Khác biên bản", "hoa", 1),
        (2, "documents.1.summary", "Chưa rõ", "hoa", 1),
    ]
    assert {each.at for each in desk.case.comments} == {desk.now}


def test_approvals_opinions_and_rejections_carry_comments_too() -> None:
    desk = submitted(TWO, OFFICE)
    desk.do("hoa", Approve(desk.case.version, comments={"meetings": "Tốt"}))
    desk.do("bao", Reject(desk.case.version, "Không", comments={"index": "Sai"}))
    assert [(each.anchor, each.by) for each in desk.case.comments] == [("meetings", "hoa"), ("index", "bao")]
    assert Advise(1, "Nhất trí").comments == {}


def test_it_is_handed_in_again_only_when_every_comment_has_an_answer_or_a_change() -> None:
    desk = returned()
    with refused("unanswered", anchors=["meetings", "documents.1.summary"]):
        submit_again(desk, {})
    with refused("unanswered", anchors=["documents.1.summary"]):
        submit_again(desk, {"1": "Đã đối chiếu", "2": "  "})
    submit_again(desk, {"1": "Đã đối chiếu"}, "documents.1.summary", "elsewhere")
    assert [(each.answer, each.changed) for each in desk.case.comments] == [("Đã đối chiếu", False), ("", True)]
    assert desk.case.comments_to_answer == ()


def test_only_what_was_said_in_the_round_that_came_back_wants_an_answer() -> None:
    desk = returned()
    submit_again(desk, {"1": "Đã đối chiếu", "2": "Đã ghi rõ"})
    desk.do("hoa", Return(desk.case.version, "Còn một điểm", comments={"index": "Sai mẫu số"}))
    assert [each.anchor for each in desk.case.comments_to_answer] == ["index"]
    submit_again(desk, {"3": "Đã sửa"})
    assert [each.answer for each in desk.case.comments] == ["Đã đối chiếu", "Đã ghi rõ", "Đã sửa"]


def test_what_an_earlier_reviewer_said_in_the_round_wants_an_answer_as_well() -> None:
    desk = submitted(TWO, OFFICE)
    desk.do("hoa", Approve(desk.case.version, comments={"meetings": "Kiểm tra lại"}))
    desk.do("bao", Return(desk.case.version, "Trả lại", comments={"index": "Sai"}))
    assert [each.anchor for each in desk.case.comments_to_answer] == ["meetings", "index"]


def test_nothing_wants_an_answer_while_reviewers_have_it() -> None:
    desk = submitted(TWO, OFFICE)
    desk.do("hoa", Approve(desk.case.version, comments=SAID))
    assert desk.case.comments_to_answer == ()
    desk.do("bao", Return(desk.case.version, "Xem lại", to="head", comments={"index": "Sai"}))
    assert desk.case.comments_to_answer == ()


def test_only_answers_to_what_was_asked_are_kept() -> None:
    desk = returned()
    submit_again(desk, {"1": "Đã sửa", "2": "Đã bổ sung", "7": "không ai hỏi", "x": ""}, "elsewhere")
    assert (desk.last[0].to_dict()["answers"], desk.last[0].to_dict()["changed"]) == (
        {"1": "Đã sửa", "2": "Đã bổ sung"},
        [],
    )


def test_a_return_opens_everything_or_only_what_it_says() -> None:
    assert returned().case.unlocked is None
    desk = returned(unlocked=("meetings",))
    assert desk.case.unlocked == ("meetings",)
    submit_again(desk, {"1": "Đã sửa", "2": "Đã sửa"})
    assert desk.case.unlocked is None


def test_a_return_to_an_earlier_stage_opens_nothing_for_the_drafter() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("hoa")
    desk.do("bao", Return(desk.case.version, "Xem lại", to="head", unlocked=("meetings",)))
    assert desk.case.unlocked is None


def test_comments_answers_and_locks_survive_storage() -> None:
    desk = returned(unlocked=("meetings",))
    submit_again(desk, {"1": "Đã đối chiếu", "2": "Đã ghi rõ"}, "meetings")
    stored = [from_dict(event.to_dict()) for event in desk.case.events]
    assert replay(TWO, stored) == desk.case
