"""The sample document: made-up, marked as a draft, and with everything in it that a template can lay out."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from portal.definitions.decree import LETTER, MINUTES, TELEGRAM, TYPE_NAMES, URGENCIES
from portal.definitions.layout import offered_parts, with_parts
from portal.definitions.library import shipped
from portal.documents.job import RenderJob
from portal.documents.letters import missing_letters
from portal.documents.rules import DecreeError
from portal.documents.sample import sample_data
from portal.documents.templating import fill_in, fill_in_trial
from workflows.forms import canonical_json

TEMPLATES: list[dict[str, Any]] = [body for kind, _key, body in shipped() if kind == "document"]
CLASS = re.compile(r'class="([^"{]+)')
KINDS = (LETTER, "QĐ", TELEGRAM, MINUTES)
"""Types that have parts of their own."""


def page_of(body: dict[str, Any]) -> str:
    """A template filled in as a real document would be: what the sample lacks would fail."""
    job = RenderJob(template=body["template"], data=sample_data(body["metadata"]), blocks=body["blocks"])
    return fill_in(job)


def classes_in(source: str) -> set[str]:
    """What its elements are called in styles, but for what a template puts together."""
    return {name for said in CLASS.findall(source) for name in said.split()}


def with_metadata(**changes: Any) -> dict[str, Any]:
    """The particulars of the first template, with some of its phrases changed."""
    metadata: dict[str, Any] = copy.deepcopy(TEMPLATES[0]["metadata"])
    metadata["wording"] |= changes
    return metadata


@pytest.mark.parametrize("body", TEMPLATES, ids=lambda body: body["metadata"]["key"])
def test_every_element_of_every_shipped_template_is_filled_in(body: dict[str, Any]) -> None:
    every_part = {**body, "template": with_parts(body["template"], offered_parts(body))}
    metadata = {**body["metadata"], "annexes": ["content"], "contact": True}
    said = {**metadata["wording"], "grounds": ["Căn cứ"], "issued_copies": 300, "circulation": "Lưu hành nội bộ"}
    wordings = {kind: {**said, "urgency": urgency} for kind, urgency in zip(KINDS, URGENCIES, strict=False)}
    kinds = [{**metadata, "type": kind, "wording": wordings.get(kind, said)} for kind in KINDS]
    page = "".join(page_of({**every_part, "metadata": each}) for each in (body["metadata"], *kinds))
    asked = {name for source in (body["template"], *body["blocks"].values()) for name in classes_in(source)}
    assert {"box-2-superior", "box-7b", "box-10b", "clause", "figures", "col-target", "on-its-side"} <= asked
    assert asked - classes_in(page) == set()


def test_it_shows_that_it_is_no_document() -> None:
    data = sample_data(TEMPLATES[0]["metadata"])
    assert data["draft"] is True
    assert re.fullmatch(r"Số:\s+/BC-BCĐ", str(data["number_line"]))
    assert not re.search(r"\d", str(data["place_date"]))
    assert "DỰ THẢO" in page_of(TEMPLATES[0])
    assert canonical_json(data).count("mẫu") > 5


def test_the_phrases_of_the_template_have_words_in_them() -> None:
    metadata = with_metadata(
        subject="Về {period}", opening=["Từ {from} đến {to}", "Theo {unit}"], closing="Hết {period}"
    )
    data = sample_data(metadata)
    assert data["subject_lines"] == ["Về tháng 01/2026"]
    assert data["opening"] == ["Từ 15/12/2025 đến 14/01/2026", "Theo Sở Nông nghiệp và Môi trường"]
    assert data["closing"] == "Hết tháng 01/2026./."


def test_the_answers_of_phrases_are_what_is_asked_and_missing_ones_are_red() -> None:
    metadata = with_metadata(subject="Về {answers.topic}", opening=["Gửi {answers.nope}"], closing="Hết")
    data = sample_data(metadata, {"topic": "Chủ đề"})
    assert (data["subject_lines"], data["answers"]) == (["Về [Chủ đề]"], {"topic": "[Chủ đề]"})
    body = {**TEMPLATES[0], "metadata": metadata}
    job = RenderJob(template=body["template"], data=data, blocks=body["blocks"])
    page, _missing = fill_in_trial(job)
    assert "<span style=color:#c00000;font-weight:700>answers.nope</span>" in page


def test_one_addressee_stands_beside_and_none_is_left_out() -> None:
    one, none = with_metadata(addressees=["Văn phòng Chính phủ"]), with_metadata(addressees=[])
    block = {"lead": "Kính gửi:", "beside": "Văn phòng Chính phủ", "lines": [], "is_telegram": False}
    assert sample_data(one)["address"] == block
    assert sample_data(none)["address"] is None
    page_of({**TEMPLATES[0], "metadata": one})


def test_it_is_the_same_each_time_and_can_be_printed() -> None:
    first, second = (canonical_json(sample_data(TEMPLATES[0]["metadata"])) for _ in range(2))
    assert first == second
    assert missing_letters(first) == ()


@pytest.mark.parametrize("kind", TYPE_NAMES)
def test_there_is_one_of_every_type(kind: str) -> None:
    data = sample_data({**with_metadata(), "type": kind})
    assert data["type_title"] == TYPE_NAMES[kind].upper()


def test_there_is_an_official_letter_too() -> None:
    data = sample_data({**with_metadata(subject="đôn đốc {period}", drafter="PC06"), "type": LETTER})
    assert (data["type_title"], data["letter_lines"]) == ("", ["V/v đôn đốc tháng 01/2026"])
    assert str(data["number_line"]).endswith("/BCĐ-PC06")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"type": "XYZ"}, "unknown_type"), ({"wording": with_metadata(subject=" ")["wording"]}, "empty_line")],
)
def test_what_could_never_be_issued_is_said(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DecreeError) as refused:
        sample_data({**with_metadata(), **changes})
    assert refused.value.code == code
