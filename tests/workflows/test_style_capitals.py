"""Capitals as appendix II of Decree 30/2020/NĐ-CP has them; what is not certain is left alone."""

import pytest

from tests.workflows.pages import mended, notes


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        # places: III.1
        ("Toàn Tỉnh Gia Lai có 17 huyện.", "Tỉnh Gia Lai", "tỉnh Gia Lai"),
        ("Làm việc với Tỉnh Bình Định.", "Tỉnh Bình", "tỉnh Bình"),
        ("Tại Thành phố Pleiku, số hồ sơ tăng.", "Thành phố Pleiku", "thành phố Pleiku"),
        ("Tại Thành Phố Pleiku", "Thành Phố Pleiku", "thành phố Pleiku"),
        ("Học tập thành phố Hồ Chí Minh", "thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("Mô hình của thủ đô Hà Nội", "thủ đô Hà Nội", "Thủ đô Hà Nội"),
        ("Mô hình của Thành phố Hà Nội", "Thành phố Hà Nội", "thành phố Hà Nội"),
        ("Kiểm tra tại Huyện Ia Grai", "Huyện Ia Grai", "huyện Ia Grai"),
        ("Kiểm tra tại huyện ia grai", "huyện ia grai", "huyện Ia Grai"),
        ("Kiểm tra tại huyện Ia grai", "huyện Ia grai", "huyện Ia Grai"),
        ("Huyện Ia grai đã hoàn thành.", "Huyện Ia grai", "Huyện Ia Grai"),
        ("Kiểm tra tại phường Thống nhất", "phường Thống nhất", "phường Thống Nhất"),
        ("Kiểm tra tại phường 1, thành phố Đà Lạt", "phường 1", "Phường 1"),
        ("Kiểm tra tại quận 1", "quận 1", "Quận 1"),
        ("Học tập quận 7.", "quận 7", "Quận 7"),
        # bodies: IV.1
        ("Đề nghị uỷ ban nhân dân xem xét", "uỷ ban nhân dân", "Ủy ban nhân dân"),
        ("Đề nghị ủy ban nhân dân tỉnh xem xét", "ủy ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh"),
        ("Đề nghị Ủy Ban Nhân Dân xem xét", "Ủy Ban Nhân Dân", "Ủy ban nhân dân"),
        ("Đề nghị UBND Tỉnh xem xét", "UBND Tỉnh", "UBND tỉnh"),
        ("Đề nghị UBND Huyện Ia Grai xem xét", "UBND Huyện Ia Grai", "UBND huyện Ia Grai"),
        ("Trình Hội đồng Nhân dân thông qua", "Hội đồng Nhân dân", "Hội đồng nhân dân"),
        ("Chỉ đạo của thủ tướng chính phủ", "thủ tướng chính phủ", "Thủ tướng Chính phủ"),
        ("phối hợp sở tài chính thẩm định", "sở tài chính", "Sở Tài chính"),
        ("phối hợp Sở Tài Chính thẩm định", "Sở Tài Chính", "Sở Tài chính"),
        ("phối hợp Sở Công thương thẩm định", "Sở Công thương", "Sở Công Thương"),
        (
            "phối hợp Sở Lao động – Thương Binh và Xã hội",
            "Sở Lao động – Thương Binh và Xã hội",
            "Sở Lao động - Thương binh và Xã hội",
        ),
        (
            "phối hợp Sở Văn hoá, Thể thao và du lịch",
            "Sở Văn hoá, Thể thao và du lịch",
            "Sở Văn hóa, Thể thao và Du lịch",
        ),
        (
            "gửi phòng cảnh sát quản lý hành chính về trật tự xã hội",
            "phòng cảnh sát quản lý hành chính về trật tự xã hội",
            "Phòng Cảnh sát quản lý hành chính về trật tự xã hội",
        ),
        ("gửi Công An Tỉnh Gia Lai", "Công An Tỉnh Gia Lai", "Công an tỉnh Gia Lai"),
        ("gửi Công An tỉnh", "Công An tỉnh", "Công an tỉnh"),
        ("họp ban chỉ đạo Đề án 06 tỉnh", "ban chỉ đạo Đề án 06 tỉnh", "Ban Chỉ đạo Đề án 06 tỉnh"),
        ("Ban chỉ đạo cấp xã họp", "Ban chỉ đạo", "Ban Chỉ đạo"),
        ("kiện toàn ban chỉ đạo huyện", "ban chỉ đạo", "Ban Chỉ đạo"),
        # nouns: V.1, V.4
        ("Phục vụ nhân dân ngày càng tốt hơn", "nhân dân", "Nhân dân"),
        ("Các tầng lớp nhân dân đồng thuận", "nhân dân", "Nhân dân"),
        ("Chính sách của nhà nước", "nhà nước", "Nhà nước"),
        ("Chủ trương của Đảng, nhà nước", "nhà nước", "Nhà nước"),
        ("Chủ trương của đảng và Nhà nước", "đảng", "Đảng"),
        # articles: V.6
        ("theo Điểm a Khoản 2 điều 5 chương II", "Điểm a Khoản 2 điều 5 chương II", "điểm a khoản 2 Điều 5 Chương II"),
        ("theo điểm a, b khoản 1, 2 điều 10", "điểm a, b khoản 1, 2 điều 10", "điểm a, b khoản 1, 2 Điều 10"),
        ("Khoản 2 điều 5 quy định rõ.", "Khoản 2 điều 5", "Khoản 2 Điều 5"),
        ("quy định tại điều 5 Luật Căn cước", "điều 5 Luật", "Điều 5 Luật"),
        ("quy định tại chương II Nghị định này", "chương II Nghị định", "Chương II Nghị định"),
        # days and months in words: V.8.c
        ("Họp vào sáng thứ hai và", "thứ hai", "thứ Hai"),
        ("Họp vào sáng Thứ Hai và", "Thứ Hai", "thứ Hai"),
        ("Họp vào thứ sáu, ngày 05/7", "thứ sáu", "thứ Sáu"),
        ("Thứ sáu hằng tuần", "Thứ sáu", "Thứ Sáu"),
        ("Từ tháng tám năm 2024", "tháng tám", "tháng Tám"),
        ("Từ tháng năm năm 2024", "tháng năm", "tháng Năm"),
    ],
)
def test_what_is_certain_is_said(text: str, found: str, wanted: str) -> None:
    assert mended(text) == [(found, wanted)]


@pytest.mark.parametrize(
    "text",
    [
        # as the decree has it
        "Ủy ban nhân dân tỉnh Gia Lai, thành phố Pleiku, Thành phố Hồ Chí Minh, Quận 1, Phường Điện Biên Phủ",
        "Ban Chỉ đạo Đề án 06 tỉnh, Sở Tài chính, Nhân dân, Nhà nước; thứ Hai, tháng Năm",
        "theo điểm a khoản 2 Điều 5 Chương II",
        "Uỷ ban nhân dân tỉnh",  # the other habit of putting tone marks is no matter of capitals
        # the beginning of a sentence, of an item, of a title
        "Tỉnh Gia Lai đã hoàn thành. Tỉnh Gia Lai sẽ tiếp tục. “Tỉnh Gia Lai” (Tỉnh Gia Lai)",
        "- Huyện Ia Grai: 05 hồ sơ\n+ Thành phố Pleiku: 07 hồ sơ\na) Huyện Ia Grai; 1. Thành phố Pleiku",
        "Kết quả: Thành phố Pleiku đứng đầu",
        "Khoản 2 Điều 5 quy định rõ. Thứ Hai, ngày 05/8",
        # headings
        "UBND TỈNH GIA LAI\nSỞ TÀI CHÍNH\nBAN CHỈ ĐẠO TỈNH\nTHÀNH PHỐ PLEIKU",
        # other words
        "Tỉnh ủy, huyện ủy, Tỉnh Đoàn và Tỉnh Đội; đồng chí Tỉnh ủy viên, TP. Pleiku",
        "02 xã và 5 phường 10 hộ; mỗi phường 1 mô hình; mỗi quận 1. Các quận 3 lần; từ phường 1,5 km; phường 01",
        "các phường thống nhất triển khai; lực lượng công an tỉnh; thanh tra tỉnh",
        "phường Diên Hồng và Phường Diên Hồng",  # it may be called after an event
        "các sở tài chính; các ủy ban nhân dân",
        "trưởng ban chỉ đạo tỉnh rà soát; các ban chỉ đạo cấp xã; ban chỉ đạo các đơn vị; ban chỉ đạo, huyện",
        "Công an nhân dân, Tòa án nhân dân, của nhân dân tệ, nhân dân",
        "ngân sách nhà nước, quản lý nhà nước; của đảng viên, của đảng bộ; của nhà-nước",
        "điều 5 cán bộ; khoản 5 triệu; điểm a và b; theo điều kiện 5",
        "thứ hai là; lần thứ hai; ngày thứ hai; tháng hai lần; ngày, tháng, năm 2024; mỗi tháng một lần",
        "Sở\nTài Chính; Sở; Tài Chính",
        "huyện",
        "ban chỉ đạo",
    ],
)
def test_what_is_right_or_doubtful_is_left_alone(text: str) -> None:
    assert mended(text) == []


def test_a_note_names_the_rule_and_points_at_the_piece() -> None:
    text = "Đề nghị sở tài chính; Phục vụ nhân dân; tại Thành phố Pleiku; sáng thứ hai; theo Khoản 1 Điều 2"
    found = notes(text)
    assert [each.code for each in found] == [
        "body_capitals",
        "noun_capitals",
        "place_capitals",
        "calendar_capitals",
        "article_capitals",
    ]
    assert [text[each.start : each.end] for each in found] == [each.found for each in found]


def test_without_a_register_only_names_that_every_province_has_are_known() -> None:
    assert mended("Sở Tài Chính trình ủy ban nhân dân", known=()) == [("ủy ban nhân dân", "Ủy ban nhân dân")]


def test_what_a_name_begins_with_says_nothing_about_the_place() -> None:
    assert mended("tại Huyện Chư Păh", known=["Huyện Chư Păh"]) == []


def test_of_names_that_begin_together_the_longest_is_meant() -> None:
    known = ["Sở Tài chính", "Sở Tài chính - Kế hoạch"]
    assert mended("gửi sở tài chính - kế hoạch và sở tài chính ngay", known=known) == [
        ("sở tài chính - kế hoạch", "Sở Tài chính - Kế hoạch"),
        ("sở tài chính", "Sở Tài chính"),
    ]


def test_a_letter_that_folds_into_two_is_no_other_name() -> None:
    assert mended("tại ỦBND Strasse", known=["Sở Strasse"]) == []
    assert mended("tại sở straße", known=["Sở Strasse"]) == []
