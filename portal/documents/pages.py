"""The pages of books as files, for every room that has books: ask for one, see how far it is, take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import abort, current_app, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.documents import register_printing
from portal.documents.models import RegisterPrint
from portal.documents.register_words import FORMATS, progress, why_not_printed
from portal.idempotency import Answer
from portal.views import PortalView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class Place(NamedTuple):
    """Where a book is in the portal.

    Attributes:
        title: what it is called, with its year.
        crumbs: the way to it: words and address.
        again: where it is asked for once more, in the format of the print.
    """

    title: str
    crumbs: tuple[tuple[str, str], ...]
    again: str


class PrintPages(PortalView):
    """Books printed and exported; whoever may see a book may see what was made of it.

    Attributes:
        kinds: of the books that it prints.
    """

    default_view = "show"
    kinds: tuple[str, ...] = ()

    def place_of(self, kind: str, key: int, asked: str) -> Place | None:
        """Where a book is; None where there is none, or its reader may not see it.

        Args:
            kind: of the book.
            key: which one.
            asked: the format of the print.
        """
        raise NotImplementedError

    def ask_for(self, kind: str, pk: str, asked: str) -> Response:
        """Have a book made into a file, as far as it has come.

        Args:
            kind: of the book.
            pk: which one.
            asked: `pdf` or `xlsx`.
        """
        key = read_key(pk)
        if key is None or self.place_of(kind, key, asked) is None:
            abort(404)

        def deed() -> Answer:
            printed = register_printing.ask(current_session(), current_actor(), kind, key, asked)
            return Answer("register_print", printed.id, location=url_for(f"{self.endpoint}.show", pk=printed.id))

        return once.page_after(once.carry_out(deed))

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self, pk: str) -> str:
        """How far a file is, and the way to it."""
        item, place = self._print_or_404(pk)
        return self.page(
            "documents/print.html",
            title=gettext("%(book)s as a file", book=place.title),
            item=item,
            place=place,
            here=self.endpoint,
            format=FORMATS[item.format],
            said=progress(item),
            why=why_not_printed(item),
            may_print=current_actor().may("can_print", str(self.class_permission_name)),
        )

    @expose("/<pk>/file", methods=["GET"])
    @has_access
    @permission_name("show")
    def file(self, pk: str) -> Response:
        """The file itself, to be kept; there is none for whom the book does not exist."""
        item, _ = self._print_or_404(pk)
        if item.file is None:
            abort(404)
        path = current_app.extensions["trinh"]["files"].path(item.file.sha256)
        response = send_file(path, item.file.media_type, as_attachment=True, download_name=item.file.name)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _print_or_404(self, pk: str) -> tuple[RegisterPrint, Place]:
        """A print of a kind that is printed here, if the actor may see its book."""
        key = read_key(pk)
        found = current_session().get(RegisterPrint, key) if key is not None else None
        place = self.place_of(found.book_kind, found.book_id, found.format) if found else None
        if found is None or place is None or found.book_kind not in self.kinds:
            abort(404)
        return found, place
