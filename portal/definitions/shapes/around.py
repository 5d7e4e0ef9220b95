"""What the parts of a definition may name: other definitions, units, sections and facts of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions.facts import FACTS_OF_THE_PORTAL, facts_in
from portal.definitions.service import all_current, all_drafts
from portal.definitions.wording import item_name
from portal.security import today
from portal.units.service import living
from portal.units.wiring import UNIT_KIND_NAMES
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.definitions.models import Definition
    from portal.definitions.shapes.description import Around, Offered


def _named(around: Around, kind: str) -> Offered:
    return [(each.key, label(each.name)) for each in all_current(around.session, kind)]


def forms(around: Around) -> Offered:
    """The forms in force."""
    return _named(around, "form")


def chains(around: Around) -> Offered:
    """The chains in force."""
    return _named(around, "chain")


def templates(around: Around) -> Offered:
    """The templates of documents in force."""
    return _named(around, "document")


def calendars(around: Around) -> Offered:
    """The calendars in force."""
    return _named(around, "calendar")


def units(around: Around) -> Offered:
    """The units there are today, by their codes."""
    found = living(around.session, today())
    return [(unit.code, f"{label(unit.name)} ({unit.code})") for unit in found]


def unit_kinds(_around: Around) -> Offered:
    """The kinds of units."""
    return tuple(UNIT_KIND_NAMES.items())


def _forms_named(chain: Any) -> list[str]:
    """The keys of the forms that a chain says it is for."""
    keys = chain.get("forms") if isinstance(chain, dict) else None
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []


def _forms_of(around: Around) -> list[Definition]:
    """The forms that a chain is for."""
    wanted = _forms_named(around.body)
    return [each for each in all_current(around.session, "form") if each.key in wanted]


def sections_of_forms(around: Around) -> Offered:
    """The sections of the forms that a chain is for."""
    found = {
        section["key"]: item_name(section) for form in _forms_of(around) for section in things(form.body, "sections")
    }
    return list(found.items())


def sections_in_document(around: Around) -> Offered:
    """The sections of the forms about which a template makes documents, by their numbers; also of drafts.

    Several forms may share a template: the names of their sections then stand side by side.
    """
    metadata = around.body.get("metadata") if isinstance(around.body, dict) else None
    key = metadata.get("key") if isinstance(metadata, dict) else None
    chains = [chain.body for chain in _with_drafts(around, "chain")]
    issuing = [body for body in chains if any(each["document"] == key for each in things(body, "issues", "document"))]
    forms = {form for body in issuing for form in _forms_named(body)}
    names: dict[str, dict[str, None]] = {}
    for form in _with_drafts(around, "form") if forms else ():
        for number, section in enumerate(things(form.body, "sections"), start=1) if form.key in forms else ():
            names.setdefault(str(number), {})[item_name(section)] = None
    return [(number, " / ".join(several)) for number, several in names.items()]


def _with_drafts(around: Around, kind: str) -> list[Definition]:
    """What is in force, or its draft where there is one."""
    found = {each.key: each for each in (*all_current(around.session, kind), *all_drafts(around.session, kind))}
    return list(found.values())


def facts_of_forms(around: Around) -> Offered:
    """What conditions of a chain may ask: the answers of its forms, and what the portal knows of a submission."""
    found = {name: words for form in _forms_of(around) for name, words in facts_in(form.body)}
    return [*((name, str(words)) for name, words in FACTS_OF_THE_PORTAL.items()), *found.items()]


def own_facts(around: Around) -> Offered:
    """What conditions of a form may ask: its answers."""
    return list(facts_in(around.body))


def stages(around: Around) -> Offered:
    """The stages of a chain."""
    return [(each["key"], item_name(each)) for each in things(around.body, "stages")]


def fields_of(*types: str) -> Any:
    """Gives the fields of these types of a form, as choices."""

    def found(around: Around) -> Offered:
        fields = (field for section in things(around.body, "sections") for field in things(section, "fields", "name"))
        return [(each["name"], item_name(each)) for each in fields if not types or each.get("type") in types]

    return found


def things(holder: Any, key: str, name: str = "key") -> Iterator[dict[str, Any]]:
    """The items of a list that have a name of their own, however wrong they are otherwise."""
    items = holder.get(key) if isinstance(holder, dict) else None
    for each in items if isinstance(items, list) else ():
        if isinstance(each, dict) and isinstance(each.get(name), str):
            yield each
