"""What the edge must know of definitions: how each kind is looked at before it is published, and what refusals say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from flask_babel import lazy_gettext as _l

from portal.refusals import SHOWN, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from portal.security import Actor


class Preview(NamedTuple):
    """A part of a page that shows what a definition would look like.

    Attributes:
        template: the name of a Jinja template that draws it.
        values: what it needs; the page adds `number`, the version that it shows, 0 for a draft.
        is_beside: it is as tall as the source, and shown beside it where there is room.
    """

    template: str
    values: Mapping[str, Any]
    is_beside: bool = False


PREVIEWS: dict[str, Callable[[Any], Preview]] = {}
"""Port: kind → how what its body parses to is looked at; filled by `app`."""


class Sampled(Protocol):
    """Shows what a definition looks like with something in it."""

    def __call__(self, parsed: Any, seed: int, /, *, printed: bool) -> Preview:
        """What chance puts in for a seed, on the screen or as it is printed."""


SAMPLES: dict[str, Sampled] = {}
"""Port: kind → how what its body parses to looks with something in it; filled by `app`."""


class Tab(NamedTuple):
    """A way to work on a draft that a room above has.

    Attributes:
        name: which page it is.
        words: what it is called.
        address: gives the page of a draft by its key.
    """

    name: str
    words: Any
    address: Callable[[str], str]


TABS: dict[str, Sequence[Tab]] = {}
"""Port: kind → more ways to work on its drafts; filled by the room that works with that kind."""

MOVES: dict[str, Callable[[Actor, str, int, int], str]] = {}
"""Port: kind → where one sees what would become of what runs on a version if it were moved to another one.

Given who looks, the key and the numbers of both versions; empty for whoever may not move it. A kind that is not among
them stays on its version for good.
"""

say(
    {
        "bad_key": _l(
            "A key is written in small letters without accents, digits, “-” and “_”, and begins with a letter."
        ),
        "key_taken": _l(
            "There is something under the key “%(key)s” already. Choose another key, or draft its next version."
        ),
        "draft_exists": _l("There is a draft of “%(key)s” already. Go on with it, or discard it first."),
        "no_draft": _l("There is no draft of this. Begin one, or look whether it was published or discarded."),
        "not_a_draft": _l(
            "This draft was published or discarded meanwhile. What you wrote is still below; copy it if you need it."
        ),
        "proposed": _l("This draft waits for a second person, so nothing in it can be changed. Take it back first."),
        "not_proposed": _l("A second person publishes here. Propose the draft, so that somebody else can look at it."),
        "own_definition": _l("You wrote in this draft, or proposed it yourself. Somebody else has to publish it."),
        "overtaken": _l(
            "Version %(number)s was published while you were looking at this. Compare the draft with it, then publish."
        ),
        "nothing_new": _l("The draft says the same as version %(number)s, so there is nothing to publish."),
        "note_needed": _l("Say why there is a new version; later readers will want to know."),
        "already_retired": _l("This is out of use already."),
        "still_needed": _l("This cannot go out of use, for it is needed by: %(things)s. Change or retire those first."),
        "answers_needed": _l("Answer every question; if reports are due regularly, say which units owe them."),
        "name_needed": _l("Say what it is called in Vietnamese."),
        "no_such_thing": _l("This is not there any more. Choose something in the list."),
        "too_many_items": _l("There are too many: at most %(most)s fit here."),
        "definition_too_large": _l(
            "This would make the definition too large, so it was not done: it can have %(kilobytes)s KB of text, "
            "%(values)s values, and %(levels)s levels inside each other."
        ),
        "no_file": _l("Choose at least one file first."),
        "too_many_files_at_once": _l("At most %(most)s files are taken at once. Import them in parts."),
        "too_much_at_once": _l("Files of at most %(megabytes)s MB in all are taken at once. Import them in parts."),
    }
)

SHOWN["things"] = lambda keys: ", ".join(map(str, keys))

USED: dict[str, tuple[Any, Any]] = {
    "submission": (_l("Reports"), _l("being written or under review")),
    "case": (_l("Cases"), _l("running")),
    "document": (_l("Issued documents"), _l("being made")),
}
"""What runs on a version, and what is said of those that are not over."""
