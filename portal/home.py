"""The first page: what waits for me, what I have begun, what my unit owes."""

from __future__ import annotations

from flask_appbuilder import expose, has_access

from portal.views import PortalView


class HomeView(PortalView):
    """Home. Its second right, to read everything, is what makes an auditor."""

    route_base = ""
    default_view = "index"
    base_permissions = ["can_index", "can_read_everything"]

    @expose("/")
    @has_access
    def index(self) -> str:
        """My work."""
        return self.page("home.html")
