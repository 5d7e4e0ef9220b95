"""What a refusal says to its reader: what happened, why, and what to do next, by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.errors import WorkflowError

SENTENCES: dict[str, Any] = {
    "stale_version": _l("Someone changed this while you were looking at it. Check what changed, then try again."),
    "constraint": _l("This conflicts with a record that already exists. Check codes and dates, then save again."),
    "not_storable": _l("A number is too large, or a text holds characters that cannot be kept. Correct it."),
    "text_missing": _l("A text that is required says nothing. Fill it in."),
    "text_too_long": _l("A text has %(length)s characters, at most %(max)s are allowed. Shorten it."),
    "out_of_scope": _l("You may only work on records of your own unit. Choose a unit of yours."),
    "related_out_of_scope": _l("You chose something that does not exist or that you may not see. Choose again."),
    "bulk_delete_not_offered": _l("Records are not deleted in bulk here."),
    "not_json": _l("The request holds no JSON object. Send one."),
    "unknown_keys": _l(
        "This resource does not take %(unknown)s, so nothing was changed. It takes: %(taken)s. "
        "Send again without the rest."
    ),
    "not_permitted": _l("You are not allowed to do this. Ask your unit administrator if you should be."),
}
"""Code → sentence; parameters in `%(name)s`. Rooms add theirs with `say`."""

FILE_PROBLEMS: Mapping[str, Any] = {
    "empty_file": _l("The file %(name)s is empty. Check it and choose it again."),
    "unknown_kind": _l("%(name)s is not a PDF, Word, Excel, PNG or JPEG file. Save it as one of these."),
    "wrong_extension": _l("The content of %(name)s is not what its name says. Save it again in the right format."),
    "kind_not_taken": _l("%(name)s is of another kind than is asked for here. Save it as one of: %(kinds)s."),
    "file_over_limit": _l("%(name)s is larger than %(max)s MB. Make it smaller, or attach it in parts."),
    "macro_file": _l("%(name)s contains macros, which are not accepted. Save it without macros."),
    "zip_too_large": _l("%(name)s unpacks to far more than an office file should. Save it again."),
}
"""Why an upload is refused, by the code of `BadFileError`."""

SENTENCES.update(FILE_PROBLEMS)

SHOWN: dict[str, Callable[[Any], str]] = {}
"""Name of a parameter → how it is put in the reader's words; other parameters stand as they are."""


def named(names: Any) -> str:
    """What something is called in the reader's language: a map of languages, several of them, or plain text."""
    if isinstance(names, str):
        return names
    return label(names) if isinstance(names, Mapping) else ", ".join(named(each) for each in names)


for parameter in ("unit", "issuer", "post", "posts", "chains"):
    SHOWN[parameter] = named

STATUSES = {
    **dict.fromkeys(("stale_version", "already_decided", "finished", "edited_meanwhile", "not_open"), 409),
    **dict.fromkeys(("suspended", "claimed", "in_hand", "already_in_hand", "already_requested", "no_such_item"), 409),
    "password_too_soon": 429,
    **dict.fromkeys(("not_your_unit", "not_permitted"), 403),
    **dict.fromkeys(("not_found", "no_such_task"), 404),
}
"""Code → HTTP status: 409 where the world moved on meanwhile; 422 for every other refusal."""


def status_of(refusal: WorkflowError) -> int:
    """The HTTP status that a refusal is answered with."""
    return STATUSES.get(refusal.code, 422)


def say(sentences: dict[str, Any]) -> None:
    """Add a room's sentences; a code already taken by another sentence is a mistake.

    Args:
        sentences: code → lazy sentence.

    Raises:
        ValueError: two rooms say different things by one code.
    """
    for code, words in sentences.items():
        if SENTENCES.setdefault(code, words) is not words:
            raise ValueError(f"refusal {code!r} has two sentences")


def sentence(refusal: WorkflowError) -> str:
    """The sentence for a refusal in the reader's language."""
    words = SENTENCES.get(refusal.code)
    if words is None:
        return str(gettext("This is not possible now (%(code)s).", code=refusal.code))
    params = {name: SHOWN[name](value) if name in SHOWN else value for name, value in refusal.params.items()}
    return str(str(words) % params)
