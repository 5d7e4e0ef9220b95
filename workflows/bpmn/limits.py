"""What a diagram does not say of a chain because BPMN has no words for it: the file lists it, the guide explains it."""

from collections.abc import Iterator, Sequence
from typing import Final

from workflows.bpmn.words import both, owner_words
from workflows.definition import Chain, Rung, Stage, Step
from workflows.errors import Label

HEADING: Final[Label] = both("Sơ đồ này không thể hiện:", "What this diagram does not say:")
ALWAYS: Final[tuple[Label, ...]] = (
    both(
        "Ai đủ điều kiện: chức vụ và đơn vị được tra theo ngày; không ai quyết định bản do mình soạn, không ai quyết "
        "định hai lần trong một bước; thiếu người thì hồ sơ không vào bước.",
        "Who is eligible: posts and units are looked up on the day; nobody decides on what he drafted, nor twice in a "
        "stage; a stage is not entered without enough people.",
    ),
    both(
        "Thu hồi, đề nghị lấy lại, rút; tiếp nhận, nhận xử lý; tạm dừng, tiếp tục; hủy, mở lại; chuyển sang phiên bản "
        "khác.",
        "Recall, request to have it back, withdrawal; taking in hand, claiming; suspension, resumption; cancelling, "
        "reopening; moving to another version.",
    ),
    both(
        "Ủy quyền, người làm thay, chuyển việc; thêm người duyệt, xin ý kiến.",
        "Delegation, stand-ins, reassignment; added reviewers, opinions asked for.",
    ),
    both(
        "Lý do, ghi chú phải trả lời khi trình lại; nội dung được giữ nguyên theo từng lần trình.",
        "Reasons, comments that have to be answered; the content as it was frozen in each round.",
    ),
)
"""The rules that hold in every chain."""


def left_out(chain: Chain) -> list[Label]:
    """Lists what the diagram of a chain does not say: a heading, what always holds, and what this chain uses."""
    lines = [*ALWAYS, *_of_chain(chain)]
    for stage in chain.stages:
        for step in stage.steps:
            lines += _of_step(stage, step)
    return [HEADING, *(both(f"– {each['vi']}", f"- {each['en']}") for each in lines)]


def _of_chain(chain: Chain) -> Iterator[Label]:
    if chain.guard or chain.forms:
        yield both(
            "Quy trình được chọn cho hồ sơ nào: biểu mẫu và điều kiện chung.",
            "Which submissions the chain is for: its forms and its own condition.",
        )
    if chain.emergency:
        owner, second = (chain.emergency.owner, chain.emergency.review.steps[0].owner)
        yield both(
            f"Duyệt khẩn bởi {owner_words(owner, 'vi')}; ký bổ sung: {owner_words(second, 'vi')}.",
            f"Emergency approval by {owner_words(owner, 'en')}; second signature: {owner_words(second, 'en')}.",
        )
    if chain.is_timed:
        yield both(
            "Thời hạn sau đây, vì BPMN tính giờ liên tục theo ISO 8601, không tính giờ làm việc.",
            "The times below, for BPMN counts hours by the clock, as ISO 8601 does, and no working hours.",
        )
    for rule in chain.issues:
        name = chain.stage(rule.after).name
        whose = (" của chính người đứng đầu", " of the head himself") if rule.of_head else ("", "")
        beside = chain.stage(rule.cosigned_at).name if rule.cosigned_at else None
        also = (f", cùng ký ở bước “{beside['vi']}”", f", signed beside at “{beside['en']}”") if beside else ("", "")
        yield both(
            f"Xong bước “{name['vi']}” thì ban hành văn bản {rule.document}{whose[0]}{also[0]}.",
            f"After “{name['en']}” the document {rule.document}{whose[1]}{also[1]} is issued.",
        )


def _of_step(stage: Stage, step: Step) -> Iterator[Label]:
    """What is said of a step besides who takes it, each in front with its name."""
    for vi, en in (*_time(step), *_content(step), *_manner(step)):
        names = [f"{stage.name[each]} / {step.name[each]}" for each in ("vi", "en")]
        yield both(f"{names[0]}: {vi}", f"{names[1]}: {en}")


def _time(step: Step) -> Iterator[tuple[str, str]]:
    """BPMN counts time as ISO 8601 does, by the clock; working hours by a calendar it cannot."""
    if step.budget:
        rungs = [_rung(each) for each in step.ladder]
        yield (
            "; ".join([f"thời hạn {step.budget} giờ làm việc", *(vi for vi, _ in rungs)]),
            "; ".join([f"a budget of {step.budget} working hours", *(en for _, en in rungs)]),
        )


def _rung(rung: Rung) -> tuple[str, str]:
    when = ("khi hết hạn", "when it is over")
    if rung.at:
        hours, after = abs(rung.at), rung.at > 0
        when = (f"{'sau' if after else 'trước'} hạn {hours} giờ", f"{hours} hours {'after' if after else 'before'}")
    does = ("nhắc", "a reminder")
    if rung.to:
        does = (f"giao thêm cho {owner_words(rung.to, 'vi')}", f"also for {owner_words(rung.to, 'en')}")
    if rung.expires:
        does = ("trả lại người soạn", "back to the drafter")
    return f"{when[0]} {does[0]}", f"{when[1]} {does[1]}"


def _content(step: Step) -> Iterator[tuple[str, str]]:
    kinds: Sequence[tuple[tuple[str, ...], str, str]] = (
        (step.reads, "chỉ đọc phần", "reads only the sections"),
        (step.edits, "được sửa phần", "may change the sections"),
        (step.covers, "duyệt phần", "decides on the sections"),
    )
    for sections, vi, en in kinds:
        if sections:
            yield f"{vi} {', '.join(sections)}", f"{en} {', '.join(sections)}"
    if step.checks == "form":
        yield "chỉ kiểm tra thể thức", "checks the form alone"
    if step.ask_again == "if_changed":
        yield "ý kiến duyệt cũ được giữ nếu phần ấy không đổi", "an approval stays while what it covers does"


def _manner(step: Step) -> Iterator[tuple[str, str]]:
    if step.prove:
        yield "nhập lại mật khẩu khi quyết định", "the password is asked for again"
    if step.in_person:
        yield "không ai quyết định thay", "nobody decides in his place"
    if step.share.kind == "chosen":
        yield (
            f"người trình chọn, nhiều nhất {step.share.most} người",
            f"the submitter chooses them, at most {step.share.most}",
        )
