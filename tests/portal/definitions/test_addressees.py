"""To whom a document goes: names of its template, and names in a table of the form, each or all together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import checks
from portal.definitions.phrases import addressees_of, rows_in
from tests.portal.definitions.test_answers import KEY, naming, of_draft
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from tests.portal.province import Province

UNITS = ["Sở Y tế", "Sở Tư pháp", "Sở Y tế", "UBND huyện Ia Grai"]


@pytest.mark.parametrize(
    ("wording", "goes_to"),
    [
        ({"addressees": ["Sở Nội vụ"]}, ["Sở Nội vụ"]),
        ({"addressees": ["{rows:late.unit}"]}, ["Sở Y tế", "Sở Tư pháp", "UBND huyện Ia Grai"]),
        ({"addressees": ["Sở Tư pháp", "{rows:late.unit}"]}, ["Sở Tư pháp", "Sở Y tế", "UBND huyện Ia Grai"]),
        ({"addressees": ["{rows:late.unit}"], "together": {"over": 4, "say": "Tất cả"}}, UNITS[:2] + UNITS[3:]),
        ({"addressees": ["A", "{rows:late.unit}"], "together": {"over": 3, "say": "Tất cả"}}, ["A", "Tất cả"]),
    ],
)
def test_names_in_a_table_are_addressees_each_once_or_together(wording: dict[str, Any], goes_to: list[str]) -> None:
    assert addressees_of(wording, lambda table, column: UNITS if (table, column) == ("late", "unit") else []) == (
        *goes_to,
    )


@pytest.mark.parametrize("line", ["{rows:late}", "Gửi {rows:late.unit}", "{rows:late.unit} khác", "{rows:Late.unit}"])
def test_a_line_that_names_a_column_says_nothing_else(line: str) -> None:
    assert rows_in(line) is None
    with pytest.raises(DefinitionError) as refused:
        checks.check("document", KEY, naming(addressees=[line]))
    (finding,) = refused.value.findings
    assert (finding.path, finding.code) == ("metadata.wording.addressees[0]", "not_one_of")


def test_many_of_them_have_a_number_and_a_name() -> None:
    checks.check("document", KEY, naming(together={"over": 15, "say": "Các đơn vị"}))
    with pytest.raises(DefinitionError) as refused:
        checks.check("document", KEY, naming(together={"over": 0}))
    assert [(each.path.rpartition(".")[2], each.code) for each in refused.value.findings] == [
        ("say", "missing_key"),
        ("over", "out_of_range"),
    ]


def test_a_template_names_a_column_that_every_form_has(province: Province) -> None:
    assert of_draft(province, "document", KEY, naming(addressees=["{rows:documents.number}"])) == []
    assert of_draft(province, "document", KEY, naming(addressees=["Sở", "{rows:documents.nothing}"])) == [
        ("metadata.wording.addressees[1]", "no_such_question", "documents.nothing")
    ]
