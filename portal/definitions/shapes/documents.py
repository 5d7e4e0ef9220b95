"""What the designer shows of a template of documents: its phrases, the parts it is made of, and its own markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definitions.decree import CIRCULATIONS, LETTER, LETTER_NAME, MINUTES, TYPE_NAMES, URGENCIES
from portal.definitions.layout import call_of, folded, unfolded
from portal.definitions.phrases import ANSWERS
from portal.definitions.shapes.around import (
    annexes_in_document,
    answers_in_document,
    sections_in_document,
    short_answers_in_document,
)
from portal.definitions.shapes.description import Branch, Part, Shape, always
from portal.definitions.wording import item_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

from portal.definitions.shapes.description import Around, Offered

TYPES = tuple((short, f"{name} ({short})") for short, name in {**TYPE_NAMES, LETTER: LETTER_NAME}.items())

PARTS: Mapping[str, Any] = {
    "head": _l("Header: the State, the issuer, number, place and date"),
    "issuer": _l("Header: the State and the issuer"),
    "number": _l("Number and symbol, place and date"),
    "title": _l("Type and subject"),
    "address": _l("Addressees (Kính gửi)"),
    "body": _l("Body: opening, sections with their tables, closing"),
    "opening": _l("Opening phrases"),
    "sections": _l("Sections with their tables"),
    "closing": _l("Closing phrase"),
    "tables": _l("All tables, without the text between them"),
    "annexes": _l("Annexes, each on pages of its own"),
    "foot": _l("Recipients and signature, side by side"),
    "recipients": _l("Recipients (Nơi nhận)"),
    "signature": _l("Signature"),
}
"""What the parts of the shipped blocks are called, by their macros; a part of another block by its own name."""

OF_SECTION: Mapping[str, Any] = {
    "section": _l("Section %(section)s"),
    "tables_of": _l("Tables of section %(section)s"),
}
"""What parts of one section of the form are called."""

FIGURES = """\
{% for section in doc.sections %}{% for block in section.blocks %}{% if block.kind == "figures" %}
{% for row in block.rows %}<p>{{ row.label }}: {{ row.value }} {{ row.unit }} ({{ row.as_of }})</p>{% endfor %}
{% endif %}{% endfor %}{% endfor %}"""

VARIABLES: Sequence[tuple[str, Any]] = (
    ("{{ doc.title }}", _l("Type and subject on one line; from the type and the phrase “Subject”")),
    ("{{ doc.type_title }}", _l("Type in capitals; from the type")),
    ("{% for line in doc.subject_lines %}{{ line }}{% endfor %}", _l("Subject, line by line; from its phrase")),
    ("{% for text in doc.opening %}<p>{{ text }}</p>{% endfor %}", _l("Opening; from its phrases")),
    ("{{ doc.closing }}", _l("Closing; from its phrase")),
    (
        "{% for line in doc.letter_lines %}{{ line }}{% endfor %}",
        _l("Subject of an official letter, V/v, line by line"),
    ),
    (
        "{% for text in doc.grounds %}<p>{{ text }}</p>{% endfor %}",
        _l("Legal grounds, one to a line; from their phrases"),
    ),
    ("{{ doc.authority }}", _l("Who decides, in capitals, of a decision; from the issuer")),
    ("{% if doc.urgency %}{{ doc.urgency.stamp }}{% endif %}", _l("How urgent it is, where it is")),
    ("{{ doc.number_line }}", _l("Number and symbol; from the register of the issuer")),
    ("{{ doc.place_date }}", _l("Place and date; from the issuer and the day of issue")),
    ("{{ doc.state_name }}", _l("Name of the State; from Decree 30/2020")),
    ("{{ doc.motto }}", _l("Motto of the State; from Decree 30/2020")),
    ("{% for line in doc.issuer.name_lines %}{{ line }}{% endfor %}", _l("Issuer; from the unit whose document it is")),
    (
        "{% for section in doc.sections %}<h2>{{ section.heading }}</h2>{% endfor %}",
        _l("Headings of the sections; from the sections of the form"),
    ),
    (FIGURES, _l("Figures, one to a line; from the answers to the form")),
    ("{% if doc.address %}{{ doc.address.lead }}{% endif %}", _l("“Kính gửi:”, where there are addressees")),
    ("{% for line in doc.recipients.lines %}<p>{{ line }}</p>{% endfor %}", _l("Recipients, with the archive")),
    ("{% if doc.signature %}{{ doc.signature.name }}{% endif %}", _l("Who signs; from whoever decides last")),
)
"""What a template is given, and where it comes from."""

FILLED_IN = _l(
    "{period} stands for the period, {unit} for the unit that reports, {from} and {to} for the first and the last day."
)


NOT_SAID = _l("Left empty, nothing is printed.")
VERIFIABLE = (
    ("without_subject", _l("Printed; the public page does not say the subject")),
    ("with_subject", _l("Printed; the public page says the subject as well")),
)


KEPT = (
    ("permanent", _l("For good (vĩnh viễn)")),
    ("#years", _l("For so many years (số năm)")),
)


def part_words(part: str, names: Mapping[str, str] | None = None) -> str:
    """What a part such as `decree30.title` or `decree30.section:2` is called.

    Args:
        part: as in `Layout.parts`.
        names: of the sections of the form, by their numbers.
    """
    place, _, number = part.partition(":")
    macro = place.rpartition(".")[2]
    if not number:
        return str(PARTS.get(macro, macro))
    name = (names or {}).get(number)
    section = f"{number} “{name}”" if name else number
    return str(OF_SECTION.get(macro, f"{macro} %(section)s")) % {"section": section}


def _parts_of(around: Around) -> Offered:
    """The parts that a template can be made of, and those that it has, with their words."""
    body = around.body if isinstance(around.body, dict) else {}
    holder = body.get("template")
    offers = holder if isinstance(holder, dict) else {}
    names = dict(sections_in_document(around)) if offers.get("of_section") else {}
    numbered = [f"{part}:{number}" for number in names for part in offers["of_section"]]
    return [(part, part_words(part, names)) for part in (*offers.get("offers", ()), *numbered)]


def _snippets(around: Around) -> Offered:
    """What can be put into the markup: ready parts first, then what a template is given."""
    parts = [(call_of(part), words) for part, words in _parts_of(around)]
    asked = [(f"{{{{ doc.answers.{name} }}}}", answer_words(words)) for name, words in answers_in_document(around)]
    return [*parts, *asked, *((code, str(words)) for code, words in VARIABLES)]


def answer_words(asked: str) -> str:
    """What the answer to a question is called where it can be put in."""
    return str(gettext("Answer to “%(question)s”", question=asked))


def _in_phrases(asked: Offered) -> Offered:
    return [(f"{{{ANSWERS}{name}}}", answer_words(words)) for name, words in asked]


def _answers(around: Around) -> Offered:
    """What a phrase can say of the answers of a form."""
    return _in_phrases(answers_in_document(around))


def _short_answers(around: Around) -> Offered:
    """What the subject can say of them."""
    return _in_phrases(short_answers_in_document(around))


def _part_title(part: Any, _body: Any) -> str:
    said = part.get("part") if isinstance(part, dict) else None
    return part_words(said) if isinstance(said, str) else ""


def _document_title(body: Any, _body: Any) -> str:
    return item_name(body.get("metadata")) if isinstance(body, dict) else ""


def _source_title(holder: Any, _body: Any) -> str:
    made_of_parts = isinstance(holder, dict) and holder.get("had") is not None
    return str(gettext("made of ready parts") if made_of_parts else gettext("written by hand"))


def _branches(body: Mapping[str, Any]) -> list[Branch]:
    made_of_parts = isinstance(body.get("parts"), list) and isinstance(body.get("template"), dict)
    parts = Branch("parts", PART, _parts_of, lambda kind, _taken: {"part": kind})
    source = Branch("template", SOURCE, (), lambda _kind, _taken: {}, alone=True)
    return [parts, source] if made_of_parts else [source]


def _urgencies(around: Around) -> Offered:
    """The three stamps, and the answers that may say which of them it is."""
    return [*((word, word) for word in URGENCIES), *_short_answers(around)]


PART = Shape(
    _l("Part"),
    always(Part("part", _l("Which part"), "choice", _parts_of, needed=True)),
    always(),
    title=_part_title,
)
SOURCE = Shape(
    _l("Markup"),
    always(
        Part(
            "source",
            _l("The layout, as HTML with a small part of Jinja"),
            "source",
            _snippets,
            help=_l("Where the page holds nothing but ready parts, they stand in the list as well."),
        ),
    ),
    always(),
    title=_source_title,
)
ADDRESSEES = _l(
    "Without dashes and signs at their ends. Where they stand in a table of the form, one line names its column, as in "
    "{rows:late.unit}. Left empty, it has no such lines."
)
TOGETHER = _l("As in “Các đơn vị có tên trong danh sách kèm theo”. Left empty, each stands on a line of its own.")
SAID = (
    Part("metadata.name", _l("Name in lists"), "label", needed=True),
    Part("metadata.type", _l("Type of document"), "choice", TYPES, needed=True),
    Part("metadata.wording.subject", _l("Subject"), "phrase", _short_answers, help=FILLED_IN, needed=True),
    Part("metadata.wording.addressees", _l("Addressees (Kính gửi)"), "rows", help=ADDRESSEES),
    Part(
        "metadata.wording.grounds",
        _l("Legal grounds (Căn cứ)"),
        "paragraphs",
        _answers,
        help=_l("One each; the signs at their ends are set when it is printed. Left empty, it has no such lines."),
    ),
    Part("metadata.wording.opening", _l("Opening"), "paragraphs", _answers, help=FILLED_IN),
    Part("metadata.wording.closing", _l("Closing"), "phrase", _answers, help=FILLED_IN, needed=True),
    Part(
        "metadata.wording.recipients",
        _l("Recipients (Nơi nhận)"),
        "rows",
        help=_l("Without “Như trên” and without the archive: those lines are added when it is printed."),
    ),
    Part(
        "metadata.wording.drafter",
        _l("Code of the drafting unit"),
        "line",
        help=_l("It stands in the archive’s line, as in “Lưu: VT, NC.”; in the symbol of an official letter as well."),
    ),
    Part(
        "metadata.retention",
        _l("How long its documents are kept"),
        "choice",
        KEPT,
        help=_l(
            "From the end of the year of the document, as the retention schedule of your agency has it (Circular "
            "10/2022/TT-BNV). It is fixed when a document is issued. Left empty, its page says “Not determined”."
        ),
    ),
)
OF_MINUTES = (
    Part(
        "metadata.wording.secretary",
        _l("Secretary, who signs beside the chair"),
        "phrase",
        _short_answers,
        help=_l("A name, or the answer that gives it. Left empty, the chair signs alone."),
    ),
)
MARKS = (
    Part(
        "metadata.annexes",
        _l("Sections that are annexes"),
        "words",
        annexes_in_document,
        help=_l("They are printed where the part “Annexes” stands, and not in the body."),
        rare=True,
    ),
    Part("metadata.wording.together.over", _l("More addressees from a table than"), "number", help=TOGETHER, rare=True),
    Part("metadata.wording.together.say", _l("are called together"), "line", rare=True),
    Part("metadata.wording.urgency", _l("Urgency"), "choice", _urgencies, help=NOT_SAID, rare=True),
    Part(
        "metadata.wording.circulation",
        _l("How far it may go"),
        "choice",
        tuple((word, word) for word in CIRCULATIONS),
        help=NOT_SAID,
        rare=True,
    ),
    Part(
        "metadata.contact",
        _l("The first page ends with the issuer’s address"),
        "flag",
        help=_l("It stands among the particulars of the unit."),
        rare=True,
    ),
    Part(
        "metadata.data_attached",
        _l("The PDF carries its data as a file for programs"),
        "flag",
        help=_l(
            "Figures, tables and answers as they are printed, in a JSON file inside the PDF (PDF/A-3). Whoever gets "
            "the PDF gets that file, too. Left unticked, the PDF carries nothing (PDF/A-2)."
        ),
        rare=True,
    ),
    Part(
        "metadata.verification",
        _l("Code to check it by"),
        "choice",
        VERIFIABLE,
        help=_l(
            "It stands at the end of the recipients, with a QR code where the portal has a public address. Let the "
            "public page say the subject only of documents that anybody may know of. Left empty, no code is printed."
        ),
        rare=True,
    ),
    Part("metadata.wording.archive_copies", _l("Copies that the archive keeps"), "number", help=NOT_SAID, rare=True),
    Part(
        "metadata.wording.issued_copies",
        _l("Copies that are issued"),
        "number",
        help=_l("Printed with the initials of whoever drew it up, as in “PL.(300)”. Left empty, nothing is printed."),
        rare=True,
    ),
    Part("style", _l("Style, as CSS"), "source", rare=True),
)


def _said(body: Mapping[str, Any]) -> Sequence[Part]:
    """What a document of its type says."""
    metadata = body.get("metadata")
    is_minutes = isinstance(metadata, dict) and metadata.get("type") == MINUTES
    return (*SAID, *(OF_MINUTES if is_minutes else ()), *MARKS)


DOCUMENT = Shape(_l("Document"), _said, _branches, title=_document_title, unfolded=unfolded, folded=folded)
