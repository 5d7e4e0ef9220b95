"""Nouns that have a capital though they are no names: Nhân dân, Nhà nước, Đảng (appendix II.V.1 and V.4).

They are parts of many words, too, which have none: công an nhân dân, ngân sách nhà nước, đảng viên. So they are judged
only where their neighbours leave no doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from workflows.forms.style.texts import folded, noted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workflows.forms.style.texts import Note, Text, Word

NOUN: Final = "noun_capitals"


class _Noun(NamedTuple):
    """A noun in small letters.

    Attributes:
        words: Its words.
        wanted: How it is written.
        after: What stands before it where it is certain, word by word.
        not_before: What makes another word of it.
    """

    words: tuple[str, ...]
    wanted: str
    after: tuple[tuple[str, ...], ...]
    not_before: frozenset[str]


_NOUNS: Final = (
    _Noun(
        ("nhân", "dân"),
        "Nhân dân",
        (("phục", "vụ"), ("của",), ("cho",), ("vận", "động"), ("tầng", "lớp"), ("quần", "chúng"), ("đông", "đảo")),
        frozenset({"tệ"}),
    ),
    _Noun(("nhà", "nước"), "Nhà nước", (("của",), ("đảng", "và"), ("đảng",)), frozenset()),
    _Noun(
        ("đảng",),
        "Đảng",
        (("của",),),
        frozenset(map(folded, ("viên", "bộ", "ủy", "phí", "đoàn", "phái", "vụ", "tịch", "sâm", "bạn", "khác", "cầm"))),
    ),
)


def nouns(text: Text) -> Iterator[Note]:
    """Where one of them is certainly meant and has a small letter.

    Args:
        text: What to look at.
    """
    words = text.tokens
    for at, word in enumerate(words):
        for noun in _NOUNS:
            end = at + len(noun.words)
            if word.text == noun.words[0] and tuple(each.text for each in words[at:end]) == noun.words:
                follows = words[end] if end < len(words) else None
                if _is_certain(noun, words[max(at - 2, 0) : at], follows) and not _is_cut(words[at:end]):
                    yield noted(text, NOUN, words[at:end], noun.wanted)


def _is_cut(words: Sequence[Word]) -> bool:
    """Whether something else than spaces stands between its words."""
    return any(word.joint != "" for word in words[1:])


def _is_certain(noun: _Noun, before: Sequence[Word], follows: Word | None) -> bool:
    said = tuple(each.folded for each in before)
    is_other_word = follows is not None and follows.joint == "" and follows.folded in noun.not_before
    return not is_other_word and any(said[-len(each) :] == each for each in noun.after)
