"""What to heed before a form, a chain or a template is published; none of it keeps a draft from that."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext

from portal.definitions import service, surroundings, usage
from portal.definitions.answers import forms_about, named_in, questions_in
from portal.definitions.decree import ADDRESSED, DECIDING, MINUTES, TELEGRAM
from portal.definitions.paths import at, things
from portal.definitions.phrases import filled
from portal.definitions.shapes.around import facts_of_forms
from portal.definitions.shapes.description import Around
from portal.definitions.shapes.forms import TYPE_NAMES
from portal.definitions.templates import check_template
from portal.definitions.wording import item_name, place_of, way_to
from portal.findings import sentence
from portal.indicators.service import by_keys
from portal.security import today
from portal.units import service as units
from portal.words import label
from workflows.errors import DefinitionError
from workflows.forms import Field, parse_form
from workflows.forms.style import Text, check
from workflows.guards import mentioned
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from workflows.definition import Chain
    from workflows.forms import Form

ANNEXES: Final = ".annexes("
"""How the text of a template calls the part that prints annexes, whatever it calls the block."""

OF_KIND: Final = {**dict.fromkeys(DECIDING, "closing_lead"), MINUTES: "cosignature", TELEGRAM: "is_telegram"}
"""What a template or its blocks have to print of a type, by a name of it that every layout of that type uses."""

SECONDS: Final[Mapping[str, int]] = {
    "text": 20,
    "long_text": 120,
    "rich_text": 150,
    "integer": 20,
    "decimal": 20,
    "money": 20,
    "ratio": 40,
    "score": 20,
    "rank": 30,
    "computed": 0,
    "date": 10,
    "date_range": 20,
    "yes_no": 5,
    "choice": 10,
    "choices": 15,
    "attachment": 60,
}
"""How long an answer takes of somebody who has what he needs before him; a rough guess, to be told when it adds up."""

ROWS: Final = 5
"""How many rows of a table are counted."""

MOST_MINUTES: Final = 10

UNIT: Final = "Đơn vị"
"""What stands for the name of a unit, where the style of a phrase is looked at."""

MOST_NAMES: Final = 4
"""How many questions are named where one caution is about several."""


SIGNERS: Final[dict[str, Callable[[Session, Chain], Iterator[tuple[str, str]]]]] = {}
"""Port: kind of definition → what is doubtful about those whom it lets sign, as paths and words; filled by `app`."""


class Caution(NamedTuple):
    """Something to heed.

    Attributes:
        place: where, in words.
        words: what, and what may come of it.
    """

    place: str
    words: str


def cautions(session: Session, draft: Definition) -> list[Caution]:
    """What to heed in a draft; nothing while it cannot be read, or where it is of another kind.

    Args:
        session: any transaction.
        draft: of any kind.
    """
    try:
        return list(_OF_KIND[draft.kind](session, draft)) if draft.kind in _OF_KIND else []
    except DefinitionError:
        return []


def _of_form(session: Session, draft: Definition) -> Iterator[Caution]:
    form = parse_form(draft.body)
    yield from _of_reports(session, draft)
    yield from _of_chains(session, form, draft)
    yield from _of_indicators(session, form, draft.body)
    yield from _of_length(form)


def _of_chain(session: Session, draft: Definition) -> Iterator[Caution]:
    """Documents that are not issued, or that nobody may sign; and conditions on what nobody is asked."""
    chain, body = parse_chain(draft.body), draft.body
    passed_over = {stage.key for stage in chain.stages if stage.guard}
    for number, rule in enumerate(chain.issues):
        if rule.after in passed_over:
            words = gettext(
                "A report that passes over this stage, because its condition does not hold, has no document."
            )
            yield Caution(place_of(way_to(body, f"issues[{number}]")), str(words))
    for path, said in SIGNERS["chain"](session, chain) if "chain" in SIGNERS else ():
        yield Caution(place_of(way_to(body, path)), said)
    known = {fact.name for fact in facts_of_forms(Around(session, body))}
    for path, guard in surroundings.guards(chain):
        for name in sorted(mentioned(guard) - known) if chain.forms else ():
            words = gettext("No form that this is for asks “%(name)s”: it is as if nobody had answered.", name=name)
            yield Caution(place_of(way_to(body, path)), str(words))


def _of_document(session: Session, draft: Definition) -> Iterator[Caution]:
    """Who gets a document, where its template names nobody; and what may be missing in its phrases."""
    body = draft.body
    check_template(body)
    kind, said = body["metadata"]["type"], body["metadata"]["wording"]
    if kind in ADDRESSED and not said["addressees"]:
        words = gettext("A document of this type is sent to somebody. Fill in to whom, or “Kính gửi” is left out.")
        yield Caution(place_of(way_to(body, "metadata.wording.addressees")), str(words))
    if kind in DECIDING and not said.get("grounds"):
        words = gettext("A decision says on what legal grounds it is made. Fill them in.")
        yield Caution(place_of(way_to(body, "metadata.wording.grounds")), str(words))
    if kind == MINUTES and not said.get("secretary"):
        words = gettext("Minutes are signed by the chair and by the secretary. Fill in who is the secretary.")
        yield Caution(place_of(way_to(body, "metadata.wording.secretary")), str(words))
    if kind in OF_KIND and not any(OF_KIND[kind] in text for text in (body["template"], *body["blocks"].values())):
        words = gettext(
            "The blocks of this template are older than the layout of its type and do not print all that it has. Begin "
            "a new template, or take over the blocks of one that ships."
        )
        yield Caution(place_of(way_to(body, "metadata.type")), str(words))
    yield from _of_annexes(session, body)
    if not said["recipients"] and not said["addressees"]:
        words = gettext("Nobody gets it but the archive. Fill in who does.")
        yield Caution(place_of(way_to(body, "metadata.wording.recipients")), str(words))
    yield from _of_gaps(session, body)
    yield from _of_style(session, body)


def _of_annexes(session: Session, body: Mapping[str, Any]) -> Iterator[Caution]:
    """Annexes that no form makes, and annexes that no part of the template prints."""
    annexes, place = body["metadata"].get("annexes", []), place_of(way_to(body, "metadata.annexes"))
    forms = forms_about(session, body["metadata"]["key"])
    known = {section["key"] for form in forms for section in things(form.body, "sections")}
    for key in (each for each in annexes if forms and each not in known):
        yield Caution(place, str(gettext("No form of this template has the section “%(key)s”.", key=key)))
    if annexes and ANNEXES not in body["template"]:
        words = gettext("The sections that are annexes are printed nowhere: add the part “Annexes” at the end.")
        yield Caution(place, str(words))


def _of_style(session: Session, body: Mapping[str, Any]) -> Iterator[Caution]:
    """Set phrases that are not as Decree 30/2020/NĐ-CP wants them; what is filled in is anything."""
    phrases = [Text(f"metadata.wording.{path}", filled(words, {"unit": UNIT})) for path, words in _phrases(body)]
    for note in check(phrases, units.names(session, today())):
        yield Caution(place_of(way_to(body, note.place)), sentence(note.finding))


def _phrases(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The set phrases of a sound template, in the order of the document, with where they stand."""
    said = body["metadata"]["wording"]
    yield "subject", said["subject"]
    for part in ("addressees", "grounds", "opening"):
        yield from ((f"{part}[{number}]", words) for number, words in enumerate(said.get(part, ())))
    yield "closing", said["closing"]
    yield from ((f"recipients[{number}]", words) for number, words in enumerate(said["recipients"]))


def _of_gaps(session: Session, body: Mapping[str, Any]) -> Iterator[Caution]:
    """Answers in phrases of a template that may be missing: a gap is printed in the middle of a sentence then."""
    forms = [questions_in(form.body) for form in forms_about(session, body["metadata"]["key"])]
    for each in named_in(body):
        asked = [questions[each.name] for questions in forms if each.name in questions]
        in_phrase = each.path.startswith("metadata.wording")
        if in_phrase and any(map(_may_be_missing, asked)):
            name = item_name(asked[0])
            words = gettext("“%(name)s” may be left unanswered; then “…” is printed here.", name=name)
            yield Caution(place_of(way_to(body, each.path)), str(words))


def _may_be_missing(field: Mapping[str, Any]) -> bool:
    is_sure = field.get("required") is True or field.get("type") == "computed"
    return not is_sure or "visible_when" in field or field.get("nothing_to_report") is True


def minutes(form: Form) -> int:
    """About how many minutes it takes to fill a form in, all its questions asked."""
    return ceil(sum(map(_seconds, form.fields.values())) / 60)


def _seconds(field: Field) -> int:
    return ROWS * sum(map(_seconds, field.columns)) if field.type == "table" else SECONDS[field.type]


def _of_indicators(session: Session, form: Form, body: Mapping[str, Any]) -> Iterator[Caution]:
    """Figures that belong to no indicator, or to one that is no longer in use."""
    figures = [field for field in form.fields.values() if field.figure]
    loose = [str(label(field.label)) for field in figures if not field.indicator]
    if loose:
        words = gettext(
            "Figures without an indicator are neither followed over time nor added up: %(names)s. Choose what they "
            "measure, or leave it where nobody will ask.",
            names=_some(loose),
        )
        yield Caution(place_of(()), str(words))
    known, paths = by_keys(session, [field.indicator for field in figures if field.indicator]), _paths(body)
    for field in figures:
        gone = known.get(str(field.indicator))
        if gone and not gone.in_use:
            name = label(gone.name)
            words = gettext("The indicator “%(name)s” is no longer in use. Choose another, or none.", name=name)
            yield Caution(place_of(way_to(body, f"{paths[field.name]}.indicator")), str(words))


def _some(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    first = ", ".join(f"“{name}”" for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return str(gettext("%(names)s and %(number)s more", names=first, number=more)) if more > 0 else first


def _of_length(form: Form) -> Iterator[Caution]:
    needed = minutes(form)
    if needed > MOST_MINUTES:
        words = gettext(
            "To fill it in takes about %(minutes)s minutes. What takes more than %(most)s is put off: leave out what "
            "nobody decides by.",
            minutes=needed,
            most=MOST_MINUTES,
        )
        yield Caution(place_of(()), str(words))


def _of_reports(session: Session, draft: Definition) -> Iterator[Caution]:
    """Questions of versions with which reports were written, that are not what they were; each once."""
    told: set[str] = set()
    for number in dict.fromkeys(each.version for each in usage.uses(session, "form", draft.key)):
        before = service.version(session, "form", draft.key, number)
        for name, caution in _since(before, draft.body):
            if name not in told:
                told.add(name)
                yield caution


def _since(before: Definition, body: Mapping[str, Any]) -> Iterator[tuple[str, Caution]]:
    """What became of the fields of a version, by their names."""
    old, new = _paths(before.body), _paths(body)
    added = {_asked(body, path): name for name, path in new.items() if name not in old}
    for name, path in old.items():
        field = at(before.body, path)
        if name not in new:
            renamed = added.get(_asked(before.body, path))
            yield name, _renamed(before, body, name, new[renamed]) if renamed else _gone(before, path)
        elif field["type"] != at(body, new[name])["type"]:
            yield name, _retyped(before, body, field["type"], new[name])


def _paths(body: Mapping[str, Any]) -> dict[str, str]:
    """Where each field of a sound form stands, by its name."""
    blocks = (
        (f"sections[{at_}].fields[{place}]", block)
        for at_, section in enumerate(body["sections"])
        for place, block in enumerate(section["fields"])
    )
    return {block["name"]: path for path, block in blocks if "name" in block}


def _asked(body: Mapping[str, Any], path: str) -> str:
    """What a field asks, whatever the reader's language."""
    return " ".join(at(body, path)["label"]["vi"].casefold().split())


def _retyped(before: Definition, body: Mapping[str, Any], kind: str, path: str) -> Caution:
    words = gettext(
        "In version %(number)s, with which reports were written, this is “%(kind)s”. Answers of then cannot be set "
        "beside those to come.",
        number=before.version,
        kind=TYPE_NAMES[kind],
    )
    return Caution(place_of(way_to(body, path)), str(words))


def _renamed(before: Definition, body: Mapping[str, Any], name: str, path: str) -> Caution:
    words = gettext(
        "Version %(number)s asks the same under the name “%(name)s”. Under another name in data it is another "
        "question, and earlier answers are not set beside it. Give it its name back.",
        number=before.version,
        name=name,
    )
    return Caution(place_of(way_to(body, path)), str(words))


def _gone(before: Definition, path: str) -> Caution:
    words = gettext(
        "Reports were written with version %(number)s, which asks this. Reports to come will say nothing about it.",
        number=before.version,
    )
    return Caution(place_of(way_to(before.body, path)), str(words))


def _of_chains(session: Session, form: Form, draft: Definition) -> Iterator[Caution]:
    """Steps of chains in force that name a section which the draft does not have."""
    for chain in service.all_current(session, "chain"):
        parsed = service.chain_of(chain)
        found = surroundings.of_forms(parsed, [form]) if draft.key in parsed.forms else ()
        for each in found:
            yield _waiting(chain, each.path)


def _waiting(chain: Definition, path: str) -> Caution:
    words = gettext(
        "There is no section “%(key)s” in this draft. The chain is in force and its step would wait for it: give a "
        "section that code, or change the chain first.",
        key=at(chain.body, path),
    )
    name = label(chain.name) or chain.key
    return Caution(" › ".join((str(name), place_of(way_to(chain.body, path.rpartition("[")[0])))), str(words))


_OF_KIND: Final[Mapping[str, Callable[[Session, Definition], Iterator[Caution]]]] = {
    "form": _of_form,
    "chain": _of_chain,
    "document": _of_document,
}
"""What to heed in a draft that can be read; raises `DefinitionError` where it cannot."""
