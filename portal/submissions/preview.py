"""How a form is looked at before it is published: empty as the clerk gets it, filled in by chance, and as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.data import current_actor, current_session
from portal.definitions.wiring import Preview
from portal.documents.blocks import section_data
from portal.security import today
from portal.submissions.offers import offered
from portal.submissions.sheet import Sheet
from portal.submissions.wording import sections_of
from workflows.forms import sample, settle, write
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from workflows.forms import Form, Settled, Values


def form_preview(form: Form) -> Preview:
    """The empty form of a clerk."""
    return _on_screen(_offered(form), {}, settle(form, {}))


def sample_preview(form: Form, seed: int, *, printed: bool) -> Preview:
    """The form filled in by chance, with answers about the month that is reported on now.

    Args:
        form: the form.
        seed: the same one gives the same answers.
        printed: whether to show what the document would say, instead of the clerk's page.
    """
    form, day = _offered(form), today()
    window = Period(PeriodKind.MONTH, day.year, day.month).window
    values = sample(form, seed, day, window)
    settled = settle(form, values, {})
    if not printed:
        return _on_screen(form, values, settled)
    sections = enumerate(sections_of(form, settled.values, {}, window.end), 1)
    return Preview("submissions/printed.html", {"sections": [section_data(*each) for each in sections]})


def _offered(form: Form) -> Form:
    """The form as the reader's own unit would get it; for who has none, units alone are offered."""
    return offered(current_session(), form, min(current_actor().own_units, default=0), today())


def _on_screen(form: Form, values: Values, settled: Settled) -> Preview:
    sheet = Sheet(form, write(form, values), {}, {}, before={}, missing=(), settled=settled)
    return Preview("submissions/preview.html", {"sheet": sheet})
