"""What the parts of a definition may name: other definitions, units, sections and facts of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from portal.definitions.answers import LONG, forms_about
from portal.definitions.facts import KnownFact, facts_in, facts_of_the_portal
from portal.definitions.paths import things
from portal.definitions.service import in_force_and_drafted
from portal.definitions.wording import item_name
from portal.indicators.service import indicators
from portal.security import today
from portal.units.service import living
from portal.units.wiring import UNIT_KIND_NAMES
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.definitions.models import Definition
    from portal.definitions.shapes.description import Around, Offered


def _named(around: Around, kind: str) -> Offered:
    """What is in force, and what is not yet: what is drafted together names each other before any of it is."""
    found: dict[str, str] = {}
    for each in in_force_and_drafted(around.session, kind):
        found.setdefault(each.key, _marked(each, label(each.name) if each.name.get("vi") else each.key))
    return list(found.items())


def _marked(definition: Definition, words: str) -> str:
    return str(gettext("%(name)s (draft)", name=words)) if definition.is_draft else words


def forms(around: Around) -> Offered:
    """The forms there are."""
    return _named(around, "form")


def chains(around: Around) -> Offered:
    """The chains there are."""
    return _named(around, "chain")


def templates(around: Around) -> Offered:
    """The templates of documents there are."""
    return _named(around, "document")


def calendars(around: Around) -> Offered:
    """The calendars there are."""
    return _named(around, "calendar")


def units(around: Around) -> Offered:
    """The units there are today, by their codes."""
    found = living(around.session, today())
    return [(unit.code, f"{label(unit.name)} ({unit.code})") for unit in found]


def unit_kinds(_around: Around) -> Offered:
    """The kinds of units."""
    return tuple(UNIT_KIND_NAMES.items())


def sections_of_forms(around: Around) -> Offered:
    """The sections of the forms that a chain is for; those that only a draft has are marked."""
    found: dict[str, str] = {}
    for form in around.forms:
        for section in things(form.body, "sections"):
            found.setdefault(section["key"], _marked(form, item_name(section)))
    return list(found.items())


def facts_of_forms(around: Around) -> list[KnownFact]:
    """What conditions of a chain may ask: what the portal knows of a submission, and the answers of its forms.

    A fact that only a draft gives is marked; one that a draft gives as well can be all that it can be there.
    """
    found = {fact.name: fact for fact in facts_of_the_portal(living(around.session, today()))}
    for form in around.forms:
        for fact in facts_in(form.body):
            words = found[fact.name].words if fact.name in found else _marked(form, fact.words)
            found[fact.name] = KnownFact(fact.name, words, fact.askable)
    return list(found.values())


def sections_in_document(around: Around) -> Offered:
    """The sections of the forms about which a template makes documents, by their numbers; also of drafts.

    Several forms may share a template: the names of their sections then stand side by side.
    """
    names: dict[str, dict[str, None]] = {}
    for form in forms_about(around.session, around.own_key):
        for number, section in enumerate(things(form.body, "sections"), start=1):
            names.setdefault(str(number), {})[item_name(section)] = None
    return [(number, " / ".join(several)) for number, several in names.items()]


def annexes_in_document(around: Around) -> Offered:
    """The same by their keys, which are what a template that makes annexes of them names."""
    names: dict[str, dict[str, None]] = {}
    for form in forms_about(around.session, around.own_key):
        for section in things(form.body, "sections"):
            names.setdefault(section["key"], {})[item_name(section)] = None
    return [(key, " / ".join(several)) for key, several in names.items()]


def answers_in_document(around: Around) -> Offered:
    """The questions whose answers a template can print by name; also of drafts of forms."""
    return [(name, item_name(field)) for name, field in around.questions.items()]


def short_answers_in_document(around: Around) -> Offered:
    """Those of them that fit into a line."""
    return [(name, item_name(field)) for name, field in around.questions.items() if field.get("type") not in LONG]


def fact_names(around: Around) -> Offered:
    """The same as choices."""
    return [(fact.name, fact.words) for fact in facts_of_forms(around)]


def own_facts(around: Around) -> list[KnownFact]:
    """What conditions of a form may ask: its answers."""
    return list(facts_in(around.body))


def stages(around: Around) -> Offered:
    """The stages of a chain."""
    return [(each["key"], item_name(each)) for each in things(around.body, "stages")]


def indicators_of(figure: str | None, chosen: Any) -> Callable[[Around], Offered]:
    """Gives the indicators in use that are made of such figures, and the one that is chosen, as choices.

    Args:
        figure: `number`, `ratio`, `score` or `rank`; none are made of None.
        chosen: the key of the indicator that a question is bound to, in use or not.
    """

    def found(around: Around) -> Offered:
        fitting = (each for each in indicators(around.session) if each.kind == figure)
        return [(each.key, label(each.name)) for each in fitting if each.in_use or each.key == chosen]

    return found


def fields_of(*types: str) -> Any:
    """Gives the fields of these types of a form, as choices."""

    def found(around: Around) -> Offered:
        fields = (field for section in things(around.body, "sections") for field in things(section, "fields", "name"))
        return [(each["name"], item_name(each)) for each in fields if not types or each.get("type") in types]

    return found
