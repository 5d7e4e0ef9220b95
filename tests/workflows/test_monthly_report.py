"""The shipped monthly report, with the figures of Gia Lai for January 2025."""

from tests.workflows.paper import JANUARY, TODAY, codes, only, shipped
from workflows.errors import Finding
from workflows.forms import TYPES, Context, canonical_json, check, facts, percent, read, text_of, write, write_date

REPORT = shipped()
NARRATIVES = ["services", "economy", "citizens", "data", "leadership"]

TYPED = {
    "documents_issued": "1",
    "documents.0.number": "2433/KH-UBND",
    "documents.0.issued_on": "9/1",
    "documents.0.summary": "Kế hoạch triển khai Đề án 06 năm 2025",
    "meetings": "2",
    "inspections": "1",
    "dossiers_on_time.numerator": "6.450",
    "dossiers_on_time.denominator": "6.632",
    "dossiers_on_time.as_of": "14/1",
    "index_766.value": "60,74",
    "index_766.as_of": "15-1-2025",
    "rank_766.rank": "54",
    "rank_766.total": "63",
    "rank_766.as_of": "15-1-2025",
    **{f"utility_{name}": "Đã cấp 1.234 tài khoản định danh điện tử." for name in NARRATIVES},
    "security.nothing": "yes",
    "security.reason": "Không phát sinh trong kỳ",
    "pilot_models.0.model": "Thanh toán viện phí không dùng tiền mặt",
    "pilot_models.0.state": "đang triển khai",
    "pilot_models.0.result": "Có 12 cơ sở y tế tham gia",
    "tasks_total": "103",
    "tasks_done": "69",
    "tasks_on_time": "8",
    "tasks_overdue": "1",
    "tasks_standing": "25",
    "overdue_tasks.0.unit": "UBND huyện Ia Grai",
    "overdue_tasks.0.task": "Gửi danh sách đăng ký mô hình điểm",
    "overdue_tasks.0.reason": "Chưa có danh sách đăng ký",
    "overdue_tasks.0.new_date": "20/02/2025",
    "difficulties.0.bottleneck": "Hạ tầng công nghệ",
    "difficulties.0.difficulty": "Đường truyền tại 3 xã chưa ổn định",
    "difficulties.0.cause": "Chưa có cáp quang",
    "next_tasks.0.work": "Số hóa hộ tịch",
    "next_tasks.0.aim": "100% dữ liệu hộ tịch",
    "next_tasks.0.person": "Rơ Châm H’Lan",
    "next_tasks.0.responsible": "Sở Tư pháp",
    "next_tasks.0.due": "28/02/2025",
    "next_tasks.0.product": "Cơ sở dữ liệu hộ tịch",
    "next_tasks.0.outcome": "Hoàn thành 2.000 hồ sơ",
    "proposals.nothing": "yes",
    "proposals.reason": "Không có đề xuất",
}


def judged(**changes: str) -> tuple[Finding, ...]:
    """What the gate says about the report with some inputs changed; two underscores stand for a dot."""
    reading = read(REPORT, {**TYPED, **{name.replace("__", "."): text for name, text in changes.items()}}, JANUARY)
    return check(REPORT, reading.values, reading.unread, Context(TODAY, JANUARY, ("bongdalu truc tiep",)))


def test_a_filled_in_report_passes_the_gate() -> None:
    assert judged() == ()


def test_every_input_of_the_filled_in_report_is_shown_again() -> None:
    values = read(REPORT, TYPED, JANUARY).values
    assert write(REPORT, values).keys() == TYPED.keys()
    assert read(REPORT, write(REPORT, values)).values == values
    assert canonical_json(values)


def test_the_report_can_be_filled_in_in_ten_minutes() -> None:
    required = [each for each in REPORT.fields.values() if each.required]
    assert len(REPORT.fields) < 40
    assert len(required) < 25


def test_every_section_of_the_outline_is_there() -> None:
    names = [section.name["vi"] for section in REPORT.sections]
    words = ["chỉ đạo, điều hành", "kết quả", "tiến độ", "khó khăn, vướng mắc", "tháng sau", "kiến nghị"]
    assert all(word in name.casefold() for word, name in zip(words, names, strict=True))


def test_all_but_the_annexes_is_printed() -> None:
    assert {each.name for each in REPORT.fields.values()} - {each.name for each in REPORT.printed} == {"annexes"}


def test_the_settled_applications_show_their_percentage() -> None:
    # A01: 6.450 of 6.632 is 97,26 %; one more or fewer is not
    assert facts(REPORT, read(REPORT, TYPED, JANUARY).values)["dossiers_on_time.percent"] == percent(6450, 6632)
    assert [str(percent(count, 6632)) for count in (6449, 6450, 6451)] == ["97.24", "97.26", "97.27"]


def test_a_percentage_alone_is_refused() -> None:
    found = judged(dossiers_on_time__numerator="", dossiers_on_time__denominator="", dossiers_on_time__stated="97,26%")
    assert codes(found) == [("dossiers_on_time.stated", "bare_percentage")]


def test_index_and_rank_are_shown_with_their_date() -> None:
    # A02
    values = read(REPORT, TYPED, JANUARY).values
    shown = [text_of(REPORT.fields[name], values[name]) for name in ("index_766", "rank_766")]
    as_of = facts(REPORT, values)["index_766.as_of"]
    assert " · ".join([*shown, write_date(str(as_of))]) == "60,74/100 · 54/63 · 15/01/2025"


def test_the_growth_of_cashless_payment_is_checked() -> None:
    # A15: the source states 14,02 %, but 72.944 of 513.031 is 14,22 %
    found = only(
        judged(
            cashless_growth__numerator="72.944",
            cashless_growth__denominator="513.031",
            cashless_growth__stated="14,02%",
            cashless_growth__as_of="5/1/2025",
        )
    )
    assert (found.code, found.severity) == ("percentage_disagrees", "warning")
    assert found.params == {"stated": "14.02", "computed": "14.22"}


def test_noise_of_the_web_is_refused() -> None:
    # A50
    assert codes(judged(utility_data="Trong bongdalu truc tiep 2024")) == [("utility_data", "denied_phrase")]


def test_tasks_must_add_up_and_overdue_tasks_be_listed() -> None:
    assert codes(judged(tasks_total="104")) == [("tasks_total", "sum_disagrees")]
    assert codes(judged(tasks_overdue="2", tasks_on_time="7")) == [("tasks_overdue", "rows_disagree")]
    assert codes(judged(overdue_tasks__0__reason="", overdue_tasks__0__new_date="")) == [
        ("overdue_tasks.0.reason", "required"),
        ("overdue_tasks.0.new_date", "required"),
    ]


def test_a_report_without_figures_is_refused_at_every_figure() -> None:
    found = check(REPORT, {}, {}, Context(TODAY, JANUARY))
    assert {each.path for each in found} == {each.name for each in REPORT.fields.values() if each.required}
    assert {each.code for each in found} == {"required"}


def test_every_figure_has_a_unit_and_every_label_is_in_vietnamese_and_english() -> None:
    for each in REPORT.fields.values():
        assert each.label["vi"] != each.label["en"]
        assert each.unit or "unit" not in TYPES[each.type].keys
