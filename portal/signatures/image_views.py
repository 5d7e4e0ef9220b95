"""The screens of pictures: each seen only by its holder and by those who enter it, and by nobody's cache."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import request, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.data import current_actor, current_session
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.signatures import images, pictures, wiring
from portal.signatures.forms import ImageForm, content_of, holder_of
from portal.signatures.rules import LARGEST_PICTURE_KB
from portal.views import PortalListView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.signatures.models import SignatureImage
    from workflows.errors import WorkflowError


class IsNewest(BaseFilter):
    """The pictures that count; those before them are history."""

    name = "is newest"

    def apply(self, query: Any, _value: str) -> Any:
        """Narrow the query."""
        return query.filter(images.is_newest())


class SignatureImageView(PortalListView):
    """Pictures of signatures and seals."""

    route_base = "/signature-images"
    class_permission_name = "SigningCertificateView"
    datamodel = wiring.image_rows()
    list_title, show_title = _l("Pictures of signatures and seals"), _l("Picture")
    about = _l("A person's signature in blue, an agency's seal in red; they are printed where the document is signed.")
    list_template, show_template = "signatures/images.html", "signatures/image.html"
    list_columns = ["holder", "width_mm", "entered_at", "enterer"]
    list_reads = ("user", "unit")
    show_columns = ["holder", "width_mm", "width", "height", "entered_at", "enterer"]
    order_columns = search_columns = ["entered_at"]
    base_order = ("entered_at", "desc")
    label_columns = {
        "holder": _l("Holder"),
        "width_mm": _l("Width on paper (mm)"),
        "width": _l("Width in pixels"),
        "height": _l("Height in pixels"),
        "entered_at": _l("Entered"),
        "enterer": _l("Entered by"),
    }

    def heading(self, item: SignatureImage) -> Any:
        """Whose it is."""
        return str(item)

    def _asked_filters(self) -> Any:
        filters = super()._asked_filters()
        filters.add_filter("id", IsNewest, "y")
        return filters

    @expose("/<pk>/png", methods=["GET"])
    @has_access
    @permission_name("show")
    def png(self, pk: str) -> Response:
        """The picture itself."""
        item: SignatureImage = self.item_or_404(pk)
        response = send_file(BytesIO(item.png), mimetype="image/png")
        response.headers["Cache-Control"] = "no-store"
        return response

    @expose("/enter", methods=["GET", "POST"])
    @has_access
    @permission_name("enter")
    def enter(self) -> Response | str | tuple[str, int]:
        """Enter the picture of a signature or a seal."""
        form = ImageForm(request.form)
        if request.method != "POST":
            return self._form_page(form)
        content = content_of(request.files.get("picture"), LARGEST_PICTURE_KB * 1024)

        def deed() -> Answer:
            holder, width = holder_of(str(form.holder.data or "")), form.width()
            picture = pictures.redrawn(content, images.colour_of(holder))
            row = images.keep_image(current_session(), current_actor(), holder, picture, width)
            words = gettext("The picture is kept, and is used from now on.")
            return Answer(
                "signature_image", row.id, words=words, location=url_for("SignatureImageView.show", pk=row.id)
            )

        return once.page_of(deed, lambda refused: self._form_page(form, refused))

    def _form_page(self, form: ImageForm, refused: WorkflowError | None = None) -> str:
        problem = sentence(refused) if refused else ""
        return self.page("signatures/image_enter.html", title=gettext("Enter a picture"), form=form, problem=problem)


def register(portal: Any) -> None:
    """Give the portal these screens, reached from the certificates."""
    portal.add_view_no_menu(SignatureImageView)
