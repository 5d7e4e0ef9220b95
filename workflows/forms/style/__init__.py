"""The style of official texts: capitals, numbering and citations as Decree 30/2020/NĐ-CP has them.

Everything here is said beside a draft and changes nothing in it. Where a rule cannot be sure it is silent.
"""

from workflows.forms.style.checking import MOST_AT_A_PLACE, check
from workflows.forms.style.texts import Note, Text

__all__ = ["MOST_AT_A_PLACE", "Note", "Text", "check"]
