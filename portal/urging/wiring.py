"""What the edge must know of urging: what a refusal says."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.refusals import say

say(
    {
        "process_needed": _l("Choose with which process the letter is written first."),
        "nobody_to_urge": _l(
            "None of the units that you ticked is late any more, or you ticked none. Look at the list and tick one."
        ),
        "too_many_to_urge": _l(
            "You ticked %(count)s units, and a letter of this process lists at most %(most)s. Tick fewer and write a "
            "second letter, or have its table enlarged by whoever designs it."
        ),
    }
)
