"""Documents are cited in full once, and briefly afterwards (Decree 30/2020/NĐ-CP, appendix I, part I, II.6.b)."""

import pytest

from tests.workflows.pages import notes
from workflows.forms.style import Text

FULL = (
    "Kế hoạch số 2433/KH-UBND ngày 09 tháng 12 năm 2022 của UBND tỉnh Gia Lai về thực hiện Đề án 06",
    "Quyết định số 06/QĐ-TTg ngày 06/01/2022 của Thủ tướng Chính phủ phê duyệt Đề án phát triển ứng dụng dữ liệu",
    "Quyết định số 766/QĐ-TTg ngày 23-6-2022 của Thủ tướng Chính phủ “Bộ chỉ số phục vụ người dân”",
    "Ngày 20/8/2024, Công an tỉnh có Công văn số 4598/CAT-PC06 về việc tiếp tục đôn đốc Đề án 06",
    "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị về đột phá phát triển khoa học, công nghệ",
    "Sở ban hành Kế hoạch số 15/KH-STTTT, ngày 10.01.2025, triển khai Đề án 06 năm 2025",
    "Quyết định số 36/QĐ-TTg (ngày 11/1/2024) do Thủ tướng Chính phủ ban hành về quy hoạch hạ tầng",
    "Thực hiện QĐ số 36/QĐ-TTg ngày 11/1/2024 của Thủ tướng Chính phủ, phê duyệt Quy hoạch hạ tầng",
    "Thực hiện Đề án 06 (Kế hoạch số 2433/KH-UBND ngày 09/12/2022)",
    "Công văn số 12/UBND-NC ngày … của UBND TP. Hồ Chí Minh về chuyển đổi số",
    "Tờ trình số 9/TTr-SCT ngày 1/2/2024 của Sở Công Thương tỉnh Gia Lai xin ý kiến đối với các nội dung mới của ngành",
    "Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 Chính phủ về thực hiện cơ chế một cửa",
    "Căn cứ Nghị định số 186/2025/NĐ-CP của Chính phủ quy định chi tiết một số điều",
    "Theo đề nghị của Sở Tài chính tại Tờ trình số: 421/TTr-STC ngày 29/10/2025, 501/TTr-STC ngày 20/11/2025",
    "Số: 1528/QĐ-UBND",
    "Thực hiện các Kế hoạch số 12/KH-UBND, 13/KH-UBND và số 14/KH-UBND ngày 5/3/2024 của UBND tỉnh về Đề án 06",
)


@pytest.mark.parametrize("text", FULL)
def test_a_document_that_is_cited_in_full_passes(text: str) -> None:
    assert notes(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Thực hiện Công văn số 4598/CAT-PC06 của Công an tỉnh, Sở đã rà soát", ["date", "subject"]),
        ("Theo Quyết định số 06/QĐ-TTg, đơn vị đã rà soát", ["date", "issuer", "subject"]),
        ("Theo 06/QĐ-TTg thì đơn vị rà soát", ["type", "date", "issuer"]),
        ("Kế hoạch số 2433/KH-UBND ngày 9-12-2022", ["issuer", "subject"]),
        ("Kế hoạch 2433/KH-UBND của UBND tỉnh về Đề án 06", ["date"]),
        ("Công văn số 4598/CAT-PC06 của Công an tỉnh yêu cầu gửi trước ngày 16-8-2024", ["date"]),
        ("Kế hoạch số 2433/KH-UBND ngày 9-12-2022 của UBND tỉnh. Về dữ liệu, đã làm sạch.", ["subject"]),
        ("Kết quả năm 2024.\nKế hoạch 2433/KH-UBND, ngày 09/12/2022 (đã báo cáo)", ["issuer", "subject"]),
        ("Họp ngày 10/01/2025 về Đề án 06. Theo Kế hoạch số 12/KH-UBND của UBND tỉnh về Đề án 06", ["date"]),
        ("Họp ngày 10/01/2025 (lần 2). Theo Kế hoạch số 12/KH-UBND của UBND tỉnh về Đề án 06", ["date"]),
        (
            "Theo Công văn số 4598/CAT-PC06 của Công an tỉnh, UBND tỉnh báo cáo … (từ ngày … đến ngày …)",
            ["date", "subject"],
        ),
        ("Thực hiện Kết luận số 100-KL/ĐU; đơn vị đã họp", ["date", "issuer", "subject"]),
        ("Nghị định số 163/2024/NĐ-CP của Chính phủ (có hiệu lực)", ["subject"]),
    ],
)
def test_what_is_missing_from_a_first_mention_is_told(text: str, missing: list[str]) -> None:
    (note,) = notes(text)
    assert (note.code, dict(note.params), note.wanted) == ("citation_incomplete", {"missing": missing}, "")
    assert text[note.start : note.end] == note.found


def test_each_first_mention_of_several_is_judged() -> None:
    text = "Theo Quyết định số 06/QĐ-TTg của Thủ tướng Chính phủ và Kế hoạch số 2433/KH-UBND của UBND tỉnh"
    assert [(each.found, each.params["missing"]) for each in notes(text)] == [
        ("06/QĐ-TTg", ["date", "subject"]),
        ("2433/KH-UBND", ["date", "subject"]),
    ]


def test_later_mentions_are_brief_through_all_answers() -> None:
    assert notes(FULL[0], "Theo Kế hoạch số 2433/KH-UBND, đơn vị đã rà soát; 2433/KH-UBND") == []
    assert [each.place for each in notes("Kế hoạch 2433/KH-UBND", "Kế hoạch số 2433/KH-UBND")] == ["f0"]


def test_a_later_mention_that_says_everything_again_is_told() -> None:
    (note,) = notes(FULL[0], "Theo Kế hoạch số 2433/KH-UBND ngày 9-12-2022 của UBND tỉnh")
    assert (note.place, note.code, note.found, note.params) == ("f1", "citation_repeated", "2433/KH-UBND", {})


@pytest.mark.parametrize(
    "words",
    [
        "Quyết định sửa đổi một số điều của Kế hoạch số 2433/KH-UBND ngày 09/12/2022 của UBND tỉnh",
        "theo quy chế ban hành kèm theo Kế hoạch số 2433/KH-UBND ngày 09/12/2022 của UBND tỉnh",
        "theo khoản 2 Điều 5 Kế hoạch số 2433/KH-UBND ngày 09/12/2022",
    ],
)
def test_a_document_in_the_title_of_another_and_one_that_holds_something_is_not_judged(words: str) -> None:
    assert notes(words) == []
    assert notes(FULL[0], words) == []


def test_the_same_number_and_symbol_of_another_day_is_another_document() -> None:
    other = "Kế hoạch số 2433/KH-UBND ngày 10/10/2023 của UBND huyện Ia Grai về chuyển đổi số"
    assert notes(FULL[0], other) == []


def test_what_is_not_judged_counts_as_said_before() -> None:
    opening = Text("", FULL[0], judged=False)
    assert notes(opening, "Theo Kế hoạch số 2433/KH-UBND") == []
    assert notes(Text("", "Theo Kế hoạch số 2433/KH-UBND", judged=False)) == []


def test_a_cell_mentions_a_document_and_its_neighbours_say_the_rest() -> None:
    assert notes(Text("t.0.c", "Công văn số 4598/CAT-PC06", in_table=True), "theo Công văn số 4598/CAT-PC06") == []


@pytest.mark.parametrize(
    "text",
    [
        "2433/KH-UBND",
        "Luật số 72/2025/QH15; Luật Căn cước số 26/2023/QH15",
        "24/7, 60,74/100, 983/1.075, 06/CP, 15/8/2024, TCVN 6909:2001, a/B-C, https://x.vn/12/AB-CD/e",
    ],
)
def test_laws_and_what_is_no_citation_pass(text: str) -> None:
    assert notes(text) == []
