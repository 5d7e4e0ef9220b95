"""What Decree 30/2020/NĐ-CP prescribes for the words of a document; each rule begins with its place in the decree."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.definitions.decree import LETTER, TYPE_NAMES, is_abbreviation
from workflows.forms.wording import secrecy_mark_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

STATE_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
"""Appendix I.II.1: the first line of box 1."""

MOTTO = "Độc lập - Tự do - Hạnh phúc"
"""Appendix I.II.1: the second line of box 1; spaces on both sides of each hyphen."""

ADDRESSED_TO = "Kính gửi:"
"""Appendix I.II.9.a: what stands before those to whom a document is sent."""

END_MARK = "./."
"""Appendix III samples: the text of a document ends with it."""

ARCHIVE = "VT"
"""Appendix I.II.9: the archives (văn thư) of the issuer, which keep the original."""

ISSUER_LINE_LETTERS = 26
SUBJECT_LINE_LETTERS = 62
LETTER_LINE_LETTERS = 34
LONGEST_SYMBOL = 40
ABOUT = "V/v"
GLUE = "\N{NO-BREAK SPACE}"
BLANK_NUMBER = GLUE * 8
BLANK_DAY = GLUE * 6

COPY_NAMES: Mapping[str, str] = {"SY": "Sao y", "TrS": "Trích sao", "SL": "Sao lục"}
"""Appendix III.I: the abbreviations of the three kinds of copies."""


class DecreeError(ValueError):
    """What was asked for cannot stand in a document.

    Attributes:
        code: `bad_number`, `unknown_type`, `bad_abbreviation`, `empty_line`, `classified` or `ragged_table`;
            of a signature, `no_signer`, `academic_title`, `no_chairman` or `before_the_law`.
        params: JSON-safe values that the translated sentence mentions.
    """

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.params: Mapping[str, object] = dict(params or {})
        super().__init__(code, self.params)


@dataclass(frozen=True)
class IssuerHeader:
    """Box 2 as printed, in capitals: superior (may be empty) over the issuer, one entry per line."""

    superior_lines: tuple[str, ...]
    name_lines: tuple[str, ...]


@dataclass(frozen=True)
class AddressBlock:
    """Box 9a as printed: one addressee stands beside `lead`, several stand in `lines` below it."""

    lead: str
    beside: str
    lines: tuple[str, ...]


def number_text(number: int) -> str:
    """Article 15 and appendix I.II.3.a: the number in the register; below ten it gets a leading zero.

    Raises:
        DecreeError: `bad_number` for anything below 1; the series starts at 01 each year.
    """
    if number < 1:
        raise DecreeError("bad_number", {"number": number})
    return f"{number:02d}"


def symbol(issuer: str, *, type_abbreviation: str = "", unit: str = "") -> str:
    """Appendix I.II.3.b: the symbol after the number, "BC-UBND"; an official letter has no type, "CAT-PC06".

    Args:
        issuer: The issuer's abbreviation, "UBND".
        type_abbreviation: One of `TYPE_NAMES` or `COPY_NAMES`; empty for an official letter.
        unit: The drafting unit or field; an official letter needs it, some named types carry it too.

    Raises:
        DecreeError: `unknown_type` or `bad_abbreviation`.
    """
    if type_abbreviation and type_abbreviation not in {**TYPE_NAMES, **COPY_NAMES}:
        raise DecreeError("unknown_type", {"type": type_abbreviation})
    for part in (issuer, unit):
        if part and not is_abbreviation(part):
            raise DecreeError("bad_abbreviation", {"abbreviation": part})
    if not issuer or not (type_abbreviation or unit):
        raise DecreeError("bad_abbreviation", {"abbreviation": issuer})
    return "-".join(part for part in (type_abbreviation, issuer, unit) if part)


def symbol_of(issuer: str, kind: str, drafter: str = "", partner: str = "") -> str:
    """The symbol of a document by the type of its template: an official letter names who drafted it, others their type.

    Args:
        issuer: The issuer's abbreviation.
        kind: One of `decree.TYPES`.
        drafter: The drafting unit or field.
        partner: The abbreviation of the second issuer of a joint document; it stands behind the first, as is usual.

    Raises:
        DecreeError: As `symbol`, and `overlong_symbol`.
    """
    made = symbol(issuer, unit=drafter) if kind == LETTER else symbol(issuer, type_abbreviation=kind, unit=partner)
    if len(made) > LONGEST_SYMBOL:
        raise DecreeError("overlong_symbol", {"symbol": made, "most": LONGEST_SYMBOL})
    return made


def reference(number: int, of_symbol: str) -> str:
    """Appendix I.II.3: number and symbol as they are cited, "05/BC-UBND"."""
    return f"{number_text(number)}/{of_symbol}"


def file_name(number: int, of_symbol: str, year: int, ending: str = "pdf") -> str:
    """What the file of a document is called, "5-BC-UBND-2025.pdf"; its number is once in a year."""
    return f"{number}-{of_symbol}-{year}.{ending}"


def number_line(number: int | None, of_symbol: str) -> str:
    """Appendix I.II.3: box 3, "Số: 05/BC-UBND"; None leaves room for a number not yet given."""
    return f"Số: {BLANK_NUMBER if number is None else number_text(number)}/{of_symbol}"


def day_text(day: int) -> str:
    """Appendix I.II.4.b: days below 10 get a leading zero."""
    return f"{day:02d}"


def month_text(month: int) -> str:
    """Appendix I.II.4.b: only months 1 and 2 get a leading zero."""
    return f"{month:02d}" if month <= 2 else str(month)  # noqa: PLR2004 - the decree's own number


def place_date(place: str, day: date | None, *, year: int | None = None) -> str:
    """Appendix I.II.4: box 4, "Gia Lai, ngày 05 tháng 3 năm 2025".

    Args:
        place: The official name of the place where the issuer sits, without "tỉnh" or "huyện".
        day: The day of issue; None leaves room for it in a draft.
        year: The year a draft prints when `day` is None; None leaves room for it, too.
    """
    if day is not None:
        return f"{place}, ngày {day_text(day.day)} tháng {month_text(day.month)} năm {day.year}"
    return f"{place}, ngày{BLANK_DAY}tháng{BLANK_DAY}năm {year or BLANK_DAY}"


def type_title(type_abbreviation: str) -> str:
    """Appendix I.II.5.a: the first line of box 5a, the type's name in capitals.

    Raises:
        DecreeError: `unknown_type`.
    """
    if type_abbreviation not in TYPE_NAMES:
        raise DecreeError("unknown_type", {"type": type_abbreviation})
    return TYPE_NAMES[type_abbreviation].upper()


def letter_lines(subject: str) -> tuple[str, ...]:
    """Appendix I.II.5.b: box 5b, the subject of an official letter, which has no type: "V/v …" under its symbol.

    Raises:
        DecreeError: `empty_line` without a subject.
    """
    return balanced_lines(f"{ABOUT} {_required(subject, 'subject')}", LETTER_LINE_LETTERS)


def balanced_lines(text: str, most: int) -> tuple[str, ...]:
    """Lines of at most `most` letters, as few as possible and of like length; a longer word stands alone.

    The decree measures the rule under a name against its line, so a short last line would make it too long.
    A number stays with the word before it: "tháng 01", "Đề án 06". Line breaks in the text stay.
    """
    return tuple(line for part in text.splitlines() if part.strip() for line in _balanced(part, most))


def _balanced(text: str, most: int) -> tuple[str, ...]:
    fewest = len(_filled(text, most))
    width = next((n for n in range(1, most) if len(_filled(text, n)) == fewest), most)
    return _filled(text, width)


def _filled(text: str, width: int) -> tuple[str, ...]:
    lines: list[str] = []
    for word in re.sub(r"(?<=\w) (?=\d)", GLUE, " ".join(text.split())).split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(line.replace(GLUE, " ") for line in lines)


def subject_lines(subject: str) -> tuple[str, ...]:
    """Appendix I.II.5.a: the subject under the type's name, in lines that box 5a can hold.

    Raises:
        DecreeError: `empty_line` without a subject.
    """
    return balanced_lines(_required(subject, "subject"), SUBJECT_LINE_LETTERS)


def issuer_header(superior: str, name: str) -> IssuerHeader:
    """Appendix I.II.2: box 2; the superior in plain capitals, the issuer below it, long names over several lines.

    Args:
        superior: What is printed above the issuer, empty for a people's committee; may have several lines.
        name: The issuer; may have several lines, such as "Ủy ban nhân dân" and "tỉnh Gia Lai".

    Raises:
        DecreeError: `empty_line` without a name.
    """
    return IssuerHeader(_capital_lines(superior), _capital_lines(_required(name, "issuer")))


def joint_header(lead: IssuerHeader, partner: IssuerHeader) -> IssuerHeader:
    """Box 2 of a document of two issuers: one name after the other with a dash between, a superior if it is both's.

    The decree has no sample of it; documents that several bodies issue together are headed so.
    """
    superior = lead.superior_lines if lead.superior_lines == partner.superior_lines else ()
    return IssuerHeader(superior, (*lead.name_lines[:-1], f"{lead.name_lines[-1]} -", *partner.name_lines))


def _capital_lines(text: str) -> tuple[str, ...]:
    return balanced_lines(unicodedata.normalize("NFC", text).upper(), ISSUER_LINE_LETTERS)


def _required(text: str, what: str) -> str:
    if not text.strip():
        raise DecreeError("empty_line", {"line": what})
    return text


def address_block(addressees: Sequence[str], lead: str = ADDRESSED_TO) -> AddressBlock | None:
    """Appendix I.II.9.a: box 9a; one addressee on the line of "Kính gửi:", several each on a line of their own.

    Args:
        addressees: to whom it goes, without dashes and semicolons.
        lead: what stands before them; a telegram has another (`deciding.telegram_lead`).

    Returns:
        None without addressees: a document that is not sent to a superior has no box 9a.
    """
    names = _bare(addressees)
    if not names:
        return None
    if len(names) == 1:
        return AddressBlock(lead, names[0], ())
    return AddressBlock(lead, "", _dashed(names))


def recipient_lines(
    recipients: Sequence[str], *, drafter: str = "", copies: int | None = None, first: str = ""
) -> tuple[str, ...]:
    """Appendix I.II.9.b: the list of box 9b, from "- Như trên;" to "- Lưu: VT, PC06 (2).".

    Args:
        recipients: Who gets the document, without dashes and semicolons.
        drafter: The abbreviation of the drafting unit in the archive's line.
        copies: How many copies the archive keeps; None prints no number.
        first: Who is named above already, from `first_recipient`; empty where nobody is.
    """
    archive = "Lưu: " + ", ".join(part for part in (ARCHIVE, drafter) if part)
    kept = f"{archive} ({copies})" if copies else archive
    return _dashed((*filter(None, [first]), *_bare(recipients), kept))


def first_recipient(*, addressed: bool, last_article: int = 0) -> str:
    """Appendix I.II.9.b: whom the list names first: those above, or those whom the last article charges.

    Args:
        addressed: Box 9a is used.
        last_article: The number of the last article of a decision; 0 of any other document.
    """
    if last_article:
        return f"Như Điều {last_article}"
    return "Như trên" if addressed else ""


def _bare(names: Iterable[str]) -> tuple[str, ...]:
    stripped = (unicodedata.normalize("NFC", name).strip().strip("-;").rstrip(".").strip() for name in names)
    return tuple(name for name in stripped if name)


def _dashed(names: Sequence[str]) -> tuple[str, ...]:
    return (*(f"- {name};" for name in names[:-1]), f"- {names[-1]}.")


def with_end_mark(text: str) -> str:
    """Appendix III samples: the last paragraph ends with "./."; an empty one is the mark alone."""
    body = text.strip().removesuffix(END_MARK).rstrip(" .;")
    return f"{body}{END_MARK}"


def roman(number: int) -> str:
    """Appendix I.II.6: parts and sections of a report are counted in Roman numerals, 1 to 39.

    Raises:
        DecreeError: `bad_number`.
    """
    if number not in range(1, 40):
        raise DecreeError("bad_number", {"number": number})
    units = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + units[number % 10]


def section_heading(number: int, title: str) -> str:
    """Appendix I.II.6, layout "phần, mục, khoản, điểm": "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"."""
    return f"{roman(number)}. {title.strip().upper()}"


def refuse_classified(texts: Iterable[str]) -> None:
    """Law on state secrets, box 10a: no text with a mark of secrecy is held here; the gate asks by the same rule.

    Raises:
        DecreeError: `classified` with the mark found.
    """
    for text in texts:
        if mark := secrecy_mark_in(unicodedata.normalize("NFC", text)):
            raise DecreeError("classified", {"mark": mark})
