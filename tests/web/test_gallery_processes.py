"""Every process of the gallery at work: taken, published, filled in, handed in, decided on, and its document issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.db import Database
from portal.definitions.decree import DECIDING, LETTER, TYPE_NAMES
from portal.definitions.gallery import Process, process_of, processes
from portal.definitions.service import form_of
from portal.documents import service as documents
from portal.documents.job import Limits
from portal.documents.printing import Printer
from portal.files import FileStore
from portal.submissions import asking
from portal.submissions import service as submissions
from tests.portal.documents.printed_page import read_lines
from tests.portal.province import Province, found
from tests.web.processes_at_work import drafted, issued_by, passed, put_in_force, stages_of
from tests.web.sound_answers import WORDS
from workflows import forms
from workflows.case import OVER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def by_key(process: Process) -> str:
    return process.key


@pytest.fixture
def province() -> Iterator[Province]:
    """The demonstration province in memory: no page is looked at here."""
    database = Database("sqlite://")
    yield found(database.session())
    database.session.remove()
    database.engine.dispose()


PHRASES = ("grounds", "opening", "subject_lines", "letter_lines")


def printed_sections(process: Process) -> list[dict[str, Any]]:
    """The sections of its form that a document has."""
    sections = process.bodies["form"]["sections"]
    return [each for each in sections if any(field.get("printed") for field in each["fields"])]


DOCUMENTED = [each for each in processes() if "document" in each.bodies]


@pytest.mark.parametrize("process", processes(), ids=by_key)
def test_a_report_goes_the_whole_way_through_all_stages(province: Province, process: Process) -> None:
    report, folder = passed(province, process)
    assert (str(report.case_status), folder.case.status in OVER) == ("approved", True)
    assert stages_of(province, folder) == [stage["key"] for stage in process.bodies["chain"]["stages"]]
    issues = process.bodies["chain"].get("issues", ())
    assert len(submissions.issued_about(province.session, report)) == len(issues)


@pytest.mark.parametrize("process", DOCUMENTED, ids=by_key)
def test_its_document_says_what_was_answered(province: Province, process: Process) -> None:
    document = issued_by(province, process)
    content, metadata = documents.content_of(document), process.bodies["document"]["metadata"]
    if metadata["type"] == LETTER:
        assert (content["type_title"], content["letter_lines"][0][:3]) == ("", "V/v")
        assert document.symbol.endswith(f"-{metadata['wording']['drafter']}")
    else:
        assert content["type_title"] == TYPE_NAMES[metadata["type"]].upper()
        assert document.symbol.startswith(f"{metadata['type']}-")
    annexes = metadata.get("annexes", [])
    body = [each for each in printed_sections(process) if each["key"] not in annexes]
    titles = [section["heading"].partition(". ")[2] for section in content["sections"]]
    decides = metadata["type"] in DECIDING  # its sections are articles, which have no titles
    assert titles == ["" if decides else section["name"]["vi"].upper() for section in body]
    named = {each["key"]: each["name"]["vi"].upper() for each in printed_sections(process)}
    assert [annex["title"] for annex in content["annexes"]] == [named[key] for key in annexes]
    assert WORDS in document.content
    assert content["recipients"]["lines"][-1] == f"- Lưu: VT, {metadata['wording']['drafter']}."
    assert not {"{", "}"} & set("".join(text for part in PHRASES for text in content[part]) + content["closing"])


@pytest.mark.parametrize("process", DOCUMENTED, ids=by_key)
def test_its_document_is_printed(province: Province, process: Process, tmp_path: Path) -> None:
    document = issued_by(province, process)
    province.session.commit()
    Printer(FileStore(tmp_path), Limits()).print_document(province.session, {"document_id": document.id})
    province.session.refresh(document)
    assert document.file is not None
    printed = " ".join(line.text for line in read_lines(FileStore(tmp_path).read(document.file.sha256)))
    content = documents.content_of(document)
    for text in (
        content["type_title"],
        *content["letter_lines"],
        content["number_line"],
        WORDS,
        content["signature"]["name"],
        "./.",
    ):
        assert text in printed


def test_both_units_of_a_joint_plan_are_named_and_sign(province: Province) -> None:
    process = process_of("two-signatory-plan")
    assert process is not None
    document = issued_by(province, process)
    content = documents.content_of(document)
    lead, partner = content["issuer"]["name_lines"][0], content["issuer"]["name_lines"][-1]
    assert lead.startswith("SỞ THÔNG TIN")
    assert any(line.endswith(" -") for line in content["issuer"]["name_lines"])
    assert partner != lead
    assert document.symbol.startswith("KH-STTTT-")
    assert content["cosignature"]["name"]
    assert content["cosignature"]["name"] != content["signature"]["name"]


def test_the_survey_has_58_questions_on_19_models(province: Province) -> None:
    survey = process_of("pilot-survey")
    assert survey is not None
    form = forms.parse_form(survey.bodies["form"])
    assert len(form.fields) == 58
    models = {choice.key for choice in form.fields["to_spread"].choices}
    assert {name.rpartition("_")[0] for name in form.fields} == models | {"to"}
    assert len(models) == 19


def test_a_model_that_is_not_theirs_is_asked_about_once(province: Province) -> None:
    survey = process_of("pilot-survey")
    assert survey is not None
    put_in_force(province, survey)
    report = drafted(province, survey.key)
    typed = {**forms.write(form_of(report.form), report.values), "land_state": "not_ours"}
    submissions.save(province.session, province.actor("clerk"), report, typed, report.edition)
    assert asking.settled(report).hidden == {"land_result", "land_obstacles"}
