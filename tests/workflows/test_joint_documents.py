"""Documents that two sign: whoever approved at an earlier stage signs beside, for his unit."""

import pytest

from tests.workflows import promised
from tests.workflows.office import body, chain, refused, staffed, stage, step, submitted
from workflows.errors import DefinitionError
from workflows.events import DocumentDue
from workflows.parsing import parse_chain

OFFICE = staffed(head="hoa", deputy="dung", boss="bao")
OWNER = {"posts": ["head"], "place": "own"}
ISSUE = {"after": "boss", "issuer": {"place": "unit", "unit": "UBND"}, "document": "plan", "signer": "decider"}
JOINT = ISSUE | {"cosigned_at": "head"}
NEVER = {"eq": [1, 2]}


def due(events: object) -> list[DocumentDue]:
    return [event for event in events if isinstance(event, DocumentDue)]  # type: ignore[attr-defined]


def test_whoever_approved_at_an_earlier_stage_signs_beside() -> None:
    desk = submitted(chain(stage("head"), stage("boss"), issues=[JOINT, ISSUE | {"document": "letter"}]), OFFICE)
    desk.approve("hoa")
    desk.approve("bao")
    assert [(each.signer, each.cosigner, each.cosigner_post, each.cosigner_unit) for each in due(desk.last)] == [
        ("bao", "hoa", "head", "own"),
        ("bao", "", "", ""),
    ]


def test_whoever_approved_in_this_round_signs_beside_and_nobody_of_an_earlier_one() -> None:
    desk = submitted(chain(stage("head", step("head", "head", "deputy")), stage("boss"), issues=[JOINT]), OFFICE)
    desk.approve("hoa")
    desk.send_back("bao")
    desk.submit()
    desk.approve("dung")
    desk.approve("bao")
    assert [each.cosigner for each in due(desk.last)] == ["dung"]


def test_a_case_that_was_moved_past_the_second_signature_is_not_issued_with_one() -> None:
    desk = submitted(chain(stage("head"), stage("boss")), OFFICE)
    desk.migrate(chain(stage("head"), stage("boss"), issues=[JOINT]), "boss")
    with refused("nobody_cosigned", stage="head"):
        desk.approve("bao")


def joint(cosigned_at: str) -> dict[str, object]:
    """A chain whose document is signed beside at a stage."""
    inside = [
        stage("first"),
        stage("perhaps", when=NEVER),
        stage("perhaps-too", step("perhaps", when=NEVER)),
        stage("asked", step("asked", role="advise")),
        stage("boss"),
        stage("later"),
    ]
    return body(*inside, issues=[ISSUE | {"cosigned_at": cosigned_at}])


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (joint("gone"), ("issues[0].cosigned_at", "not_one_of")),
        (joint("boss"), ("issues[0].cosigned_at", "cosigned_too_late")),
        (joint("later"), ("issues[0].cosigned_at", "cosigned_too_late")),
        (joint("perhaps"), ("issues[0].cosigned_at", "cosigned_perhaps")),
        (joint("perhaps-too"), ("issues[0].cosigned_at", "cosigned_perhaps")),
        (joint("asked"), ("issues[0].cosigned_at", "nobody_signs")),
        (joint("first") | {"emergency": {"owner": OWNER, "second": OWNER}}, ("emergency", "cosigned_in_emergency")),
    ],
)
def test_a_chain_that_might_issue_it_with_one_signature_is_refused(
    definition: object, expected: tuple[str, str]
) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(definition)
    promised.check_errors(caught.value.findings)
    assert [(finding.path, finding.code) for finding in caught.value.findings] == [expected]
