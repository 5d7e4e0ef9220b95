"""The files are PDF/A-2b, or with data PDF/A-3b: each rule of the standard by itself, and what other programs say."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from portal.documents.job import Attached
from portal.documents.rendering import render
from tests.portal.documents.document_samples import report_job
from tests.portal.documents.kinds_of_documents import marked
from tests.portal.documents.pdf_a import RULES, objects_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

DATA = Attached('{"subject":"Tình hình Đề án 06"}', "2025-03-05T01:30:00Z")
PARTS = {2: None, 3: DATA}


@pytest.fixture(scope="module")
def files() -> dict[int, bytes]:
    """The report with every mark, without and with its data."""
    job = report_job(marked())
    return {part: render(replace(job, attached=data)).pdf for part, data in PARTS.items()}


@pytest.fixture
def opened(files: dict[int, bytes]) -> Iterator[dict[int, Pdf]]:
    """Both, to be read and spoilt."""
    found = {part: pikepdf.open(io.BytesIO(pdf)) for part, pdf in files.items()}
    yield found
    for pdf in found.values():
        pdf.close()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("rule", RULES)
def test_each_rule_of_the_standard_holds(opened: dict[int, Pdf], rule: str, part: int) -> None:
    assert list(RULES[rule](opened[part], part)) == []


def _font(pdf: Pdf, kind: str) -> Any:
    return next(each for each in objects_of(pdf) if each.get("/Type") == kind and "/FontName" in each)


def _act(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def _annotate(pdf: Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Screen, F=4)])


def _attach(pdf: Pdf) -> None:
    pdf.attachments["x"] = b"x"


def _shine(pdf: Pdf) -> None:
    pdf.pages[0].Resources.ExtGState = Dictionary(a=Dictionary(ca=pikepdf.Object.parse(b"0.5")))


def _refer(pdf: Pdf) -> None:
    pdf.pages[0].Contents.F = String("http://127.0.0.1/a")


SPOILT: Mapping[str, Callable[[Pdf], object]] = {
    "identified": lambda pdf: pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b'part="2"', b'part="4"')),
    "has_id_and_is_not_encrypted": lambda pdf: pdf.trailer.__delitem__("/ID"),
    "metadata_equal_information": lambda pdf: pdf.docinfo.__setitem__("/Title", "Another"),
    "colours_have_a_profile": lambda pdf: pdf.Root.__delitem__("/OutputIntents"),
    "fonts_are_embedded": lambda pdf: _font(pdf, "/FontDescriptor").__delitem__("/FontFile2"),
    "nothing_acts": _act,
    "annotations_are_printed": _annotate,
    "nothing_shines_through": _shine,
    "nothing_is_elsewhere": _refer,
    "files_are_declared": _attach,
    "readable_aloud": lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
}


@pytest.mark.parametrize("rule", RULES)
def test_and_each_rule_sees_what_breaks_it(opened: dict[int, Pdf], rule: str) -> None:
    SPOILT[rule](opened[2])
    assert list(RULES[rule](opened[2], 2))


def test_the_data_come_out_as_they_went_in(opened: dict[int, Pdf]) -> None:
    spec = opened[3].Root.AF[0]
    assert (str(spec.UF), str(spec.AFRelationship), str(spec.EF.F.Subtype)) == (
        *("du-lieu.json", "/Data", "/application/json"),
    )
    assert json.loads(spec.EF.F.read_bytes()) == json.loads(DATA.text)
    assert str(spec.EF.F.Params.ModDate) == "D:20250305013000Z"


@pytest.mark.parametrize("part", PARTS)
def test_other_programs_find_nothing_wrong(files: dict[int, bytes], tmp_path: Path, part: int) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(files[part])

    def said(*command: str) -> str:
        done = subprocess.run([*command, path], capture_output=True, check=True, text=True)
        assert done.stderr == ""
        return done.stdout

    assert "No syntax or stream encoding errors found" in said("qpdf", "--check")
    told = dict(line.split(":", 1) for line in said("pdfinfo").splitlines())
    assert [told[name].strip() for name in ("Tagged", "Encrypted", "JavaScript", "Form")] == ["yes", "no", "no", "none"]


def test_the_same_data_give_the_same_bytes(files: dict[int, bytes]) -> None:
    assert render(replace(report_job(marked()), attached=DATA)).pdf == files[3]
