"""What a document's file of data says: number, days, figures, tables and answers, as they are printed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from portal.definitions.models import Definition
from portal.documents.attached import attached_data
from portal.documents.job import Limits
from portal.documents.models import OfficialDocument
from portal.documents.printed import template_data
from portal.documents.printing import job_of
from tests.portal.documents.document_samples import report
from tests.portal.documents.kinds_of_documents import annexed
from workflows.forms import canonical_json


def issued(*, data_attached: bool = False) -> OfficialDocument:
    document = replace(report(), annexes=annexed().annexes, answers={"rank": "54/63"})
    flag = {"data_attached": True} if data_attached else {}
    body = {"metadata": flag, "template": "", "style": "", "blocks": {}, "block_styles": []}
    return OfficialDocument(
        number=5,
        symbol="BC-UBND",
        year=2025,
        subject="Tình hình, kết quả thực hiện Đề án 06",
        issued_on=date(2025, 3, 5),
        issued_at=datetime(2025, 3, 5, 1, 30, tzinfo=UTC),
        content=canonical_json(template_data(document)),
        content_sha256="0" * 64,
        template=Definition(body=body),
    )


def test_it_says_which_document_it_is_and_what_it_reports() -> None:
    document = issued()
    attached = attached_data(document, json.loads(document.content))
    said = json.loads(attached.text)
    assert attached.made_at == "2025-03-05T01:30:00Z"
    assert (said["format"], said["number"], said["symbol"]) == ("trinh-document-data", 5, "BC-UBND")
    assert (said["issued_on"], said["issuer"]) == ("2025-03-05", ["ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"])
    assert said["answers"] == {"rank": "54/63"}
    assert attached.text == canonical_json(said)


def test_figures_keep_numerator_and_denominator_and_say_nothing_where_there_is_nothing() -> None:
    document = issued()
    said = json.loads(attached_data(document, json.loads(document.content)).text)
    results = next(each for each in said["sections"] if each["figures"])
    assert results["figures"][0]["rows"][:2] == [
        {
            "label": "Hồ sơ giải quyết sớm và đúng hạn",
            "unit": "hồ sơ",
            "value": "6.450/6.632 (97,26%)",
            "as_of": "31/01/2025",
            "target": "≥ 95%",
        },
        {"label": "Điểm Bộ chỉ số 766", "unit": "điểm", "value": "60,74/100", "as_of": "15/01/2025"},
    ]


def test_tables_are_rows_under_their_columns_those_of_annexes_too() -> None:
    document = issued()
    said = json.loads(attached_data(document, json.loads(document.content)).text)
    late = next(each for each in said["sections"] if each["tables"])["tables"][0]
    assert late["columns"] == ["Nhiệm vụ", "Đơn vị chủ trì", "Hạn", "Nguyên nhân"]
    assert (len(late["rows"]), late["rows"][1][2]) == (12, "15/01/2025")
    assert [len(each["tables"][0]["rows"]) for each in said["annexes"]] == [60, 3]


def test_only_a_template_that_asks_for_it_has_the_data_attached() -> None:
    assert job_of(issued(), Limits()).attached is None
    attached = job_of(issued(data_attached=True), Limits()).attached
    assert attached is not None
    assert json.loads(attached.text)["number"] == 5
