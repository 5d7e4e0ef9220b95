from pathlib import Path

import pytest
import yaml

import workflows
from tests.workflows.office import Desk, Office, refused
from workflows.definition import Chain
from workflows.parsing import parse_chain

LIBRARY = Path(workflows.__file__).parent / "library" / "chains"
OFFICE = Office(
    {
        "own": {"head": ["hoa"], "deputy": ["dung"]},
        "PC06": {"head": ["phuc"], "deputy": ["phuong"]},
        "UBND": {"head": ["uyen"], "deputy": ["viet"]},
    }
)


@pytest.fixture
def report() -> Chain:
    return parse_chain(yaml.safe_load((LIBRARY / "provincial-report.yaml").read_text(encoding="utf-8")))


def test_every_shipped_chain_is_sound_and_named_after_its_file() -> None:
    files = sorted(LIBRARY.glob("*.yaml"))
    assert files
    for file in files:
        assert parse_chain(yaml.safe_load(file.read_text(encoding="utf-8"))).key == file.stem


def test_a_provincial_report_passes_department_police_and_ubnd_and_becomes_a_document(report: Chain) -> None:
    desk = Desk(report, OFFICE)
    desk.submit()
    assert [item.person for item in desk.case.open_items] == ["hoa", "dung"]
    desk.approve("dung")
    assert [item.person for item in desk.case.open_items] == ["phuc", "phuong"]
    desk.approve("phuc")
    assert [item.person for item in desk.case.open_items] == ["uyen", "viet"]
    desk.approve("viet")
    assert desk.case.status == "approved"
    due = next(event for event in desk.last if event.kind == "document_due").to_dict()
    assert (due["document"], due["place"], due["unit"]) == ("provincial-report", "unit", "UBND")
    assert (due["signer"], due["signer_post"], due["signer_unit"]) == ("viet", "deputy", "UBND")


@pytest.mark.parametrize("passed", [[], ["hoa"], ["hoa", "phuc"]])
def test_every_reviewer_may_return_or_reject_but_says_why(report: Chain, passed: list[str]) -> None:
    desk = Desk(report, OFFICE)
    desk.submit()
    for person in passed:
        desk.approve(person)
    reviewer = desk.case.open_items[0].person
    with refused("reason_required"):
        desk.send_back(reviewer, "")
    with refused("reason_required"):
        desk.reject(reviewer, "")
    assert not desk.may(reviewer, "approve").reason_required
    desk.send_back(reviewer, "Thiếu số liệu")
    assert desk.case.status == "returned"
