"""What the parts of a definition may name: other definitions, units, sections and facts of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from portal.definitions.facts import FACTS_OF_THE_PORTAL, facts_in
from portal.definitions.service import all_current, draft_of
from portal.definitions.wording import item_name
from portal.security import today
from portal.units.service import living
from portal.units.wiring import UNIT_KIND_NAMES
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.definitions.models import Definition
    from portal.definitions.shapes.description import Around, Offered


def _there(around: Around, kind: str) -> dict[str, list[Definition]]:
    """The definitions in force by their keys, and the draft under the key of the body, which is published with it."""
    own = around.body.get("key") if isinstance(around.body, dict) else None
    found = {each.key: [each] for each in all_current(around.session, kind)}
    draft = draft_of(around.session, kind, own) if isinstance(own, str) else None
    if draft is not None:
        found.setdefault(draft.key, []).append(draft)
    return found


def _named(around: Around, kind: str) -> Offered:
    return [(key, _name(versions[0])) for key, versions in _there(around, kind).items()]


def _name(definition: Definition) -> str:
    """What it is called; of a draft, that it is one. In a draft it may be anything."""
    if not definition.is_draft:
        return label(definition.name)
    return str(gettext("%(name)s (draft)", name=item_name(definition.body.get("metadata", definition.body))))


def forms(around: Around) -> Offered:
    """The forms in force, and that of the same process."""
    return _named(around, "form")


def chains(around: Around) -> Offered:
    """The chains in force, and that of the same process."""
    return _named(around, "chain")


def templates(around: Around) -> Offered:
    """The templates of documents in force, and that of the same process."""
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


def _forms_of(around: Around) -> list[Definition]:
    """The forms that a chain is for."""
    keys = around.body.get("forms") if isinstance(around.body, dict) else None
    wanted = [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
    return [form for key, versions in _there(around, "form").items() if key in wanted for form in versions]


def sections_of_forms(around: Around) -> Offered:
    """The sections of the forms that a chain is for."""
    found = {
        section["key"]: item_name(section) for form in _forms_of(around) for section in things(form.body, "sections")
    }
    return list(found.items())


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
