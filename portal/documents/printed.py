"""From what a document says to what its template sees as `doc`: plain JSON data, every rule of the decree applied."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from portal.definitions.decree import DECIDING, LETTER, LETTER_NAME, MINUTES, TELEGRAM, TYPE_NAMES
from portal.documents import annexes, codes, deciding, marks, minutes, rules
from portal.documents.blocks import article_data, blocks_data, section_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.documents.blocks import Json
    from portal.documents.content import Document, Section
    from portal.documents.signing import SignatureBlock

RECIPIENTS_LEAD = "Nơi nhận:"
OF_MATTERS = "Về "
"""How a subject begins that goes on in small letters behind the name of its type."""

NOT_READ = frozenset({"subject_lines", "letter_lines", "verification"})
"""The subject cut into lines, which says what `title` says, and letters that nobody wrote."""


def template_data(document: Document) -> dict[str, Json]:
    """Returns what the template sees as `doc`: plain JSON data in NFC, with every rule of the decree applied.

    Raises:
        DecreeError: A rule is broken, a table has a row of another length (`ragged_table`), or a text
            carries a mark of secrecy (`classified`).
    """
    data: dict[str, Json] = {
        **_head(document),
        **_text(document),
        "annexes": _annexes(document),
        "answers": dict(document.answers),
        **_foot(document),
    }
    clean = {key: _composed(value) for key, value in data.items()}
    # the subject is in the title as a whole; cut into lines, harmless words may begin or end one like a mark
    rules.refuse_classified(texts_in({key: value for key, value in clean.items() if key not in NOT_READ}))
    return clean


def _head(document: Document) -> dict[str, Json]:
    stamp, urgency = marks.urgency_mark(document.marks.urgency)
    return {
        "draft": document.draft,
        **_about(document),
        "state_name": rules.STATE_NAME,
        "motto": rules.MOTTO,
        "issuer": {
            "superior_lines": list(document.issuer.superior_lines),
            "name_lines": list(document.issuer.name_lines),
        },
        "number_line": rules.number_line(document.number, document.symbol),
        "place_date": rules.place_date(document.place, document.day),
        "urgency": {"stamp": stamp, "kind": urgency} if stamp else None,
        "circulation": marks.circulation_mark(document.marks.circulation),
        "contact": list(document.marks.contact),
        "address": _address(document),
    }


def _about(document: Document) -> dict[str, Json]:
    """What it is and what it is about: an official letter says so under its number, others above their text."""
    if document.kind == LETTER:
        lines = rules.letter_lines(document.subject)
        said = " ".join(f"{LETTER_NAME} {rules.ABOUT} {document.subject}".split())
        return {"title": said, "type_title": "", "subject_lines": [], "letter_lines": list(lines), "authority": ""}
    title = rules.type_title(document.kind)
    return {
        "title": " ".join(f"{title.capitalize()} {_going_on(document.subject)}".split()),
        "type_title": title,
        "subject_lines": list(rules.subject_lines(document.subject)),
        "letter_lines": [],
        "authority": document.authority if document.kind in DECIDING else "",
    }


def _going_on(subject: str) -> str:
    """A subject behind the name of its type: "Quyết định về việc …"."""
    return subject[:1].lower() + subject[1:] if subject.startswith(OF_MATTERS) else subject


def _address(document: Document) -> Json:
    is_telegram = document.kind == TELEGRAM
    lead = deciding.telegram_lead(document.authority) if is_telegram else rules.ADDRESSED_TO
    block = rules.address_block(document.addressees, lead)
    if block is None:
        return None
    return {"lead": block.lead, "beside": block.beside, "lines": list(block.lines), "is_telegram": is_telegram}


def _text(document: Document) -> dict[str, Json]:
    """Box 6: of a decision articles, the last of which is its closing; of any other document sections."""
    decides = document.kind in DECIDING
    each = article_data if decides else section_data
    return {
        "grounds": list(deciding.ground_lines(document.grounds)),
        "opening": list(document.opening),
        "decides": deciding.decides_line(document.kind),
        "sections": [each(number, section) for number, section in enumerate(document.sections, start=1)],
        "closing_lead": deciding.article_lead(len(document.sections) + 1) if decides else "",
        "closing": rules.with_end_mark(document.closing),
    }


def _annexes(document: Document) -> list[Json]:
    name = LETTER_NAME if document.kind == LETTER else TYPE_NAMES[document.kind]
    reference = annexes.annex_reference(name, document.symbol, document.issuer_name)
    counted = enumerate(document.annexes, start=1)
    return [_annex(number, len(document.annexes), section, reference) for number, section in counted]


def _annex(number: int, of: int, section: Section, reference: str) -> Json:
    blocks = blocks_data(section)
    return {
        "lead": annexes.annex_lead(number, of),
        "title": section.title.strip().upper(),
        "reference": reference,
        "turn": "odd" if number % 2 else "even",
        "on_its_side": any(isinstance(block, dict) and block["on_its_side"] for block in blocks),
        "blocks": blocks,
    }


def _foot(document: Document) -> dict[str, Json]:
    last_article = len(document.sections) + 1 if document.kind in DECIDING else 0
    lines = rules.recipient_lines(
        document.recipients,
        drafter=document.drafter,
        copies=document.archive_copies,
        first=rules.first_recipient(addressed=bool(document.addressees), last_article=last_article),
    )
    signature = document.signature
    if signature and document.kind == MINUTES:
        signature = minutes.chair_block(signature)
    return {
        "recipients": {"lead": RECIPIENTS_LEAD, "lines": list(lines)},
        "issued_copies": document.marks.issued_copies,
        "typist": marks.typist_mark(document.marks.typist, document.marks.issued_copies),
        "signature": _signature(signature),
        "cosignature": _signature(document.cosignature),
        "verification": codes.verification_data(document.verification),
    }


def _signature(block: SignatureBlock | None) -> Json:
    if block is None:
        return None
    return {
        "authority_lines": list(block.authority_lines),
        "post_line": block.post_line,
        "name": block.name,
    }


def _composed(value: Json) -> Json:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case list():
            return [_composed(item) for item in value]
        case dict():
            return {key: _composed(item) for key, item in value.items()}
    return value


def texts_in(value: Json | Mapping[str, Json]) -> Iterator[str]:
    """Every text in data, however deep."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts_in(item)
        case dict():
            yield from texts_in(list(value.values()))
