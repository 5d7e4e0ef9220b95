"""What the edge must know of submissions: who sees which rows, what a refusal says, what states are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from portal.data import SCOPES, PortalData
from portal.refusals import say
from portal.submissions import service
from portal.submissions.models import Submission

if TYPE_CHECKING:
    from collections.abc import Callable

SCOPES[Submission] = service.scope

BEGUN_FROM: dict[str, Callable[[str], str]] = {}
"""What drafts are begun from: of a key, the address of its page. Whoever lets drafts be begun fills it at start."""


def page_begun_from(submission: Submission) -> str | None:
    """The address of what a report was begun from; None where it was begun by itself."""
    found = BEGUN_FROM.get(submission.begun_kind or "")
    return found(submission.begun_key or "") if found else None


say(
    {
        "not_found": _l("There is no such record, or it belongs to a unit whose work you do not see."),
        "not_your_unit": _l("Only people of the unit itself write its reports. You can read this one."),
        "not_your_task": _l("Your unit neither leads this task nor helps with it, or it is completed. Choose another."),
        "not_open": _l("This report is under review or decided, so nothing in it can be changed now."),
        "already_opened": _l('Your unit already has "%(title)s". Open that one instead of a second.'),
        "edited_meanwhile": _l(
            "Someone else saved this report while you were typing. What you typed is still below; "
            "open the report in another tab, compare, and save again."
        ),
        "classified_text": _l(
            "A text carries the secrecy mark %(mark)s. Classified content may not be kept in this portal, so nothing "
            "was saved. Remove it and handle it by the rules for state secrets."
        ),
        "field_locked": _l(
            "This part was not opened for changes when the report came back. Change what was commented on, or answer "
            "the comment."
        ),
        "nothing_to_edit": _l("Your step does not let you change anything in this report now."),
        "no_such_field": _l("This form has no place for that file."),
        "no_definition": _l("There is no published form or chain of this name. Tell the administrator."),
        "no_issuer": _l("The chain names an issuing unit that does not exist. Tell the administrator."),
        "form_needed": _l("Choose which report it is first."),
        "bad_period": _l(
            "There is no such period to report on. Check its number, such as a month from 1 to 12, and type a year "
            "from %(first)s to %(last)s."
        ),
    }
)

NO_PREVIEW = {
    "kind_not_drawn": _l("There is no preview of files of this kind. Download it to read it."),
    "encrypted": _l("There is no preview, because the file has a password. Download it, and ask for the password."),
    "unreadable": _l("There is no preview, because the file seems to be damaged. Download it and check it."),
    "too_large": _l("There is no preview, because the picture is too large. Download it to look at it."),
    "too_many_pages": _l("There is no preview, because the file has too many pages. Download it to read it."),
    "out_of_memory": _l("There is no preview, because drawing the file takes too much. Download it to read it."),
    "cpu_exhausted": _l("There is no preview, because drawing the file takes too much. Download it to read it."),
    "timed_out": _l("There is no preview, because drawing it took too long. Download it to read it."),
    "crashed": _l("There is no preview, because the file could not be drawn. Download it to read it."),
}
"""Why a file has no preview, and what to do instead, by the reason that is kept."""


def why_no_preview(reason: str) -> str:
    """The sentence for a reason, in the reader's language."""
    return str(NO_PREVIEW[reason])


def reports() -> PortalData:
    """Submissions for one screen or API."""
    return PortalData(Submission)
