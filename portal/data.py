"""The data interface of every Flask-AppBuilder screen and API: it scopes each read and audits each write."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from flask import current_app, g
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_login import current_user
from sqlalchemy import JSON, Column, ColumnElement, String, Text, false, func, inspect, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import RelationshipDirection, Session, class_mapper, defer, joinedload, lazyload, selectinload

from portal import audit
from portal.collation import folded, in_alphabet
from portal.files import StoredFile
from portal.search import search_key
from portal.security import NOBODY, Actor, build_actor, today
from portal.texts import KEYS, keep_texts
from workflows.errors import Refusal

T = TypeVar("T")

Scope = Callable[[Actor], ColumnElement[bool]]
"""The rows an actor may see, as a condition on the model's table."""

Settle = Callable[[Session, Actor, Any], None]
"""Completes and checks an item before it is written; raises Refusal. One place for screens and APIs."""

SCOPES: dict[type, Scope] = {}
"""Which rows of a model an actor may see; a model without an entry has no screen and no API."""

SCOPES[StoredFile] = lambda _actor: false()
"""Files are reached through what they belong to, never by themselves."""

SECRET_COLUMNS = frozenset({"password", "key_hash", "lookup_hash"})
LONGEST_DETAIL = 200

LONGEST_SOUGHT = 1000
"""Characters that are searched for; nobody types more, and SQLite refuses patterns of more than 50,000 bytes."""

HEAVY = (JSON, Text)
"""Types of columns that a page of rows leaves alone unless it shows them."""

LARGEST_KEY = 2**31 - 1
"""No row's key is larger; databases refuse to compare their keys with larger numbers."""

SIGN_IN_COUNTERS = frozenset({"login_count", "last_login", "fail_login_count"})
"""What a sign-in changes of an account; whoever edits the account need not see it."""


def current_session() -> Session:
    """The database session of this request."""
    session: Session = current_app.extensions["appbuilder"].session()
    return session


def current_actor() -> Actor:
    """The person behind this request, read from the database once."""
    if "actor" not in g:
        known = current_user.is_authenticated and current_user.is_active
        session = current_app.extensions["appbuilder"].session
        g.actor = build_actor(session(), current_user, today()) if known else NOBODY
    actor: Actor = g.actor
    return actor


def read_key(value: object) -> int | None:
    """The key that a value or its text names; None when it can be none."""
    text = str(value)
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_KEY))
    return int(text) if is_number and int(text) <= LARGEST_KEY else None


class ContainsWords(BaseFilter):
    """Finds what contains the words, whatever their case and diacritics."""

    name = "contains words"

    def apply(self, query: Any, value: tuple[tuple[Any, ...], str]) -> Any:
        """Narrow the query; wildcards in the words are taken literally, and nothing is like an endless text.

        Args:
            query: the rows.
            value: where to look, the model's `search` column or other texts, and for what.
        """
        places, words = value
        if len(words) > LONGEST_SOUGHT:
            return query.filter(false())
        is_folded = getattr(places[0], "key", "") == "search"
        text = places[0] if is_folded else folded(*places)
        return query.filter(text.contains(search_key(words), autoescape=True))


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set):
        return sorted(str(each) for each in value)
    return str(value)[:LONGEST_DETAIL]


def changes_of(item: Any) -> dict[str, Any]:
    """What a pending write changes: attribute → [before, after]; secrets are named but not shown."""
    changes: dict[str, Any] = {}
    for attribute in inspect(item).attrs:
        history = attribute.load_history()
        if not history.has_changes():
            continue
        if attribute.key in SECRET_COLUMNS:
            changes[attribute.key] = "changed"
            continue
        before, after = list(history.deleted or ()), list(history.added or ())
        single = len(before) <= 1 and len(after) <= 1
        changes[attribute.key] = [
            _plain(before[0] if before and single else before or None),
            _plain(after[0] if after and single else after or None),
        ]
    return changes


def _shown_of(columns: Iterable[str]) -> dict[str, set[str]]:
    """Which columns of which relation are shown; an empty name stands for the relation itself."""
    shown: dict[str, set[str]] = {}
    for column in columns:
        root, _, leaf = column.partition(".")
        shown.setdefault(root, set()).add(leaf)
    return shown


def _related(model: Any, relation: str, leaves: set[str]) -> Any:
    """Read a relation with its rows: many by a statement of their own, one in the same."""
    attribute = getattr(model, relation)
    mapper = attribute.property.mapper
    loader = selectinload(attribute) if attribute.property.uselist else joinedload(attribute)
    further = [joinedload(getattr(mapper.class_, leaf)) for leaf in sorted(leaves) if leaf in mapper.relationships]
    plain = [getattr(mapper.class_, leaf) for leaf in sorted(leaves) if leaf in mapper.column_attrs]
    return loader.options(*further) if further or "" in leaves else loader.load_only(*plain)


@lru_cache(maxsize=500)
def loading(model: type, columns: tuple[str, ...]) -> tuple[Any, ...]:
    """How a page of rows is read: with what its columns show of other rows, and without long texts it does not show.

    Args:
        model: whose rows.
        columns: names of its columns and relations, and of relations' columns or relations, as in `post.unit`;
            none for whole rows, as the options of a select need them.
    """
    if not columns:
        return ()
    mapper: Any = class_mapper(model)
    shown = _shown_of(columns)
    return (
        lazyload("*"),
        *(_related(model, name, leaves) for name, leaves in shown.items() if name in mapper.relationships),
        *(
            defer(getattr(model, each.key))
            for each in mapper.column_attrs
            if each.key not in shown and isinstance(each.columns[0].type, HEAVY)
        ),
    )


class PortalData(SQLAInterface):
    """Flask-AppBuilder's data interface, closed: reads see the actor's rows, writes are checked, audited, whole.

    Its own `commit` would commit a refused value together with whatever else the session holds; here a write
    flushes, is checked, is audited, and only then commits; anything else rolls back.
    """

    def __init__(self, obj: type, session: Any = None, settle: Settle | None = None) -> None:
        if obj not in SCOPES:
            raise TypeError(f"{obj.__name__} has no scope: say in SCOPES which rows an actor may see")
        super().__init__(obj, session)
        self.settle = settle

    def _scoped(self, query: Any) -> Any:
        return query.filter(SCOPES[self.obj](current_actor()))

    def query(  # noqa: PLR0917 - Flask-AppBuilder's signature
        self,
        filters: Any = None,
        order_column: str = "",
        order_direction: str = "",
        page: int | None = None,
        page_size: int | None = None,
        select_columns: list[str] | None = None,
        outer_default_load: bool = False,  # noqa: FBT001, FBT002 - Flask-AppBuilder's signature
    ) -> tuple[int, list[Any]]:
        """How many of the actor's rows there are, and one page of them with what its columns show of others.

        Two statements, however many rows and relations. The page is found by its keys first, so that no row which
        it passes over is joined with anything.
        """
        del outer_default_load
        query = self.apply_filters(self._scoped(self.session.query(self.obj)), filters)
        count: int = query.with_entities(func.count(self.get_pk())).scalar()
        keys = self._in_order(query.with_entities(self.get_pk().label("key")), order_column, order_direction)
        here = self.apply_pagination(keys, page, page_size).subquery()
        rows = self.session.query(self.obj).join(here, here.c.key == self.get_pk())
        rows = rows.options(*loading(self.obj, tuple(select_columns or ())))
        return count, self._in_order(rows, order_column, order_direction).all()

    def _in_order(self, query: Any, column: str, direction: str) -> Any:
        """By a column and then by key, or by key alone: pages neither share rows nor lose them."""
        return self.apply_order_by(query, column or self.get_pk_name(), direction or "asc", add_pk=True)

    def apply_order_by(self, query: Any, order_column: str, order_direction: str, *args: Any, **kwargs: Any) -> Any:
        """Order by a column; texts by the Vietnamese alphabet, whatever the database would do."""
        column = inspect(self.obj).columns.get(order_column)
        if column is not None and isinstance(column.type, String) and order_column not in KEYS:
            letters = in_alphabet(getattr(self.obj, order_column))
            query = query.order_by(letters.desc() if order_direction == "desc" else letters.asc())
        return super().apply_order_by(query, order_column, order_direction, *args, **kwargs)

    def query_count(self, query: Any, filters: Any = None, select_columns: list[str] | None = None) -> int:
        """Count the actor's rows."""
        count: int = super().query_count(self._scoped(query), filters, select_columns)
        return count

    def apply_all(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Apply filters, order and pages to the actor's rows."""
        return super().apply_all(self._scoped(query), *args, **kwargs)

    def get_related_obj(self, col_name: str, value: Any) -> Any:
        """A related row, if the actor may see it."""
        return self.get_related_interface(col_name).get(value)

    def get(self, id: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - Flask-AppBuilder's name
        """One of the actor's rows; None when there is none, or when the key is no key."""
        key = read_key(id)
        return None if key is None else super().get(key, *args, **kwargs)

    def is_unique(self, col_name: str) -> bool:
        """Whether a column holds each value once; one that the statement computes of other tables does not."""
        return not self._is_computed(col_name) and bool(super().is_unique(col_name))

    def is_nullable(self, col_name: str) -> bool:
        """Whether a column may be empty; one that is computed may."""
        return self._is_computed(col_name) or bool(super().is_nullable(col_name))

    def _is_computed(self, col_name: str) -> bool:
        return col_name in self.list_columns and not isinstance(self.list_columns[col_name], Column)

    def hold(self, item: Any) -> None:
        """Lock a row until the transaction ends and read it anew: what is compared now is what will be overwritten.

        The lock lets others refer to the row, or two who seat and edit at one post would wait for each other for ever.
        """
        self.session.refresh(item, with_for_update={"of": type(item), "key_share": True})

    def add(self, item: Any, commit: bool = True) -> None:  # noqa: FBT001, FBT002 - Flask-AppBuilder's signature
        """Write a new row.

        Args:
            item: the row.
            commit: whether it is committed at once; if not, the caller does.

        Raises:
            Refusal: a rule, a constraint or the actor's scope forbids it; nothing is written.
        """
        self.session.add(item)
        self._write(item, "added", commit=commit)

    def edit(self, item: Any, commit: bool = True) -> None:  # noqa: FBT001, FBT002 - Flask-AppBuilder's signature
        """Write a changed row.

        Args:
            item: the row.
            commit: as for `add`.

        Raises:
            Refusal: a rule, a constraint or the actor's scope forbids it; nothing is written.
        """
        self._write(item, "edited", commit=commit)

    def delete(self, item: Any, commit: bool = True) -> None:  # noqa: FBT001, FBT002 - Flask-AppBuilder's signature
        """Remove a row of reference data.

        Raises:
            Refusal: something still refers to it.
        """
        name = str(item)
        self.session.delete(item)
        self._guarded(lambda: self._audit(item, "deleted", {"name": name}), commit=commit)

    def delete_all(self, items: list[Any]) -> None:
        """Not offered: the portal has no bulk deletion.

        Raises:
            Refusal: always.
        """
        del items
        raise Refusal("bulk_delete_not_offered")

    def _write(self, item: Any, action: str, *, commit: bool) -> None:
        def write() -> None:
            with self.session.no_autoflush:
                keep_texts(item)
                if self.settle:
                    self.settle(self.session(), current_actor(), item)
                self._check_related(item)
                changes = changes_of(item)
            self.session.flush()
            self._check_own(item)
            if changes or action == "added":
                self._audit(item, action, changes)

        self._guarded(write, commit=commit)

    def _guarded(self, write: Callable[[], None], *, commit: bool) -> None:
        """Run a write and commit it if that is asked for, or undo all of it."""
        try:
            write()
            if commit:
                self.session.commit()
        except IntegrityError as error:
            self.session.rollback()
            # The first line names the constraint; PostgreSQL's second shows the row, secrets included.
            raise Refusal("constraint", {"constraint": str(error.orig).partition("\n")[0][:LONGEST_DETAIL]}) from error
        except (DataError, OverflowError, UnicodeEncodeError) as error:
            self.session.rollback()
            raise Refusal("not_storable") from error
        except Exception:
            self.session.rollback()
            raise

    def _audit(self, item: Any, action: str, details: dict[str, Any]) -> None:
        self.session.flush()
        kind = item.__tablename__
        audit.record(
            self.session(),
            actor=current_actor().username,
            action=f"{kind}_{action}",
            kind=kind,
            key=item.id,
            details=details,
        )

    def _check_own(self, item: Any) -> None:
        """A row may not be written out of the writer's own sight."""
        mine = select(self.obj.id).where(self.obj.id == item.id, SCOPES[self.obj](current_actor()))
        if self.session.scalar(mine) is None:
            raise Refusal("out_of_scope")

    def _check_related(self, item: Any) -> None:
        """A row may not be tied to one that the writer cannot see."""
        for relation in inspect(self.obj).relationships:
            if relation.direction is RelationshipDirection.ONETOMANY or relation.mapper.class_ not in SCOPES:
                continue
            added = inspect(item).attrs[relation.key].load_history().added or ()
            for related in added:
                if related is not None and self.get_related_interface(relation.key).get(related.id) is None:
                    raise Refusal("related_out_of_scope", {"column": relation.key})


def state_token(item: Any, relations: Iterable[str] = ()) -> str:
    """A short digest of a row: what a form was filled from, so that a later save can tell a change.

    Args:
        item: the row.
        relations: its relations that the form or the API changes; those kept in other tables count as well.
    """
    columns = {column.key: str(getattr(item, column.key)) for column in inspect(type(item)).column_attrs}
    state: dict[str, Any] = {key: value for key, value in columns.items() if key not in SIGN_IN_COUNTERS}
    for relation in relations:
        related = getattr(item, relation)
        if isinstance(related, list):
            state[relation] = sorted(each.id for each in related)
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:32]
