"""Every sentence the portal can say has good words in every language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from translations import catalogues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog, Message

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdf]|%%|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
SAME_IN_VIETNAMESE: frozenset[str] = frozenset({"Trình"})
"""Sentences whose Vietnamese is rightly the English text, such as a product's name."""


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return catalogues.read_sources()


@pytest.fixture(scope="module", params=catalogues.LOCALES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return catalogues.read_catalogue(request.param)


def sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def keys(catalogue: Catalog) -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in sentences(catalogue)}


def forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


def amiss(catalogue: Catalog, is_right: Callable[[tuple[str, ...], str], bool]) -> list[object]:
    """Return the msgids with a translated form for which `is_right(forms of the msgid, form)` fails."""
    return [
        message.id
        for message in sentences(catalogue)
        if not all(is_right(forms(message.id), words) for words in forms(message.string))
    ]


def test_the_template_holds_exactly_the_sentences_of_the_sources(sources: Catalog) -> None:
    with catalogues.TEMPLATE.open("rb") as file:
        assert keys(read_po(file)) == keys(sources), "run: python -m translations.catalogues update"


def test_every_catalogue_holds_exactly_the_sentences_of_the_sources(catalogue: Catalog, sources: Catalog) -> None:
    assert keys(catalogue) == keys(sources), "run: python -m translations.catalogues update"


def test_every_sentence_has_words(catalogue: Catalog) -> None:
    assert [message.id for message in catalogues.untranslated_in(catalogue)] == []


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in sentences(catalogue) if message.fuzzy] == []


def test_placeholders_survive_translation(catalogue: Catalog) -> None:
    def is_right(msgids: tuple[str, ...], words: str) -> bool:
        return any(Counter(PLACEHOLDER.findall(words)) == Counter(PLACEHOLDER.findall(msgid)) for msgid in msgids)

    assert amiss(catalogue, is_right) == []


def test_html_tags_survive_translation(catalogue: Catalog) -> None:
    def is_right(msgids: tuple[str, ...], words: str) -> bool:
        return any(Counter(TAG.findall(words)) == Counter(TAG.findall(msgid)) for msgid in msgids)

    assert amiss(catalogue, is_right) == []


def test_space_at_the_edges_survives_translation(catalogue: Catalog) -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert amiss(catalogue, lambda msgids, words: edges(words) == edges(msgids[0])) == []


def test_translations_are_composed_characters(catalogue: Catalog) -> None:
    assert amiss(catalogue, lambda _, words: unicodedata.is_normalized("NFC", words)) == []


def test_vietnamese_is_not_english_copied_over() -> None:
    copied = amiss(
        catalogues.read_catalogue("vi"), lambda msgids, words: words in SAME_IN_VIETNAMESE or words not in msgids
    )
    assert copied == []


@pytest.mark.parametrize(
    "msgid",
    [
        "Invalid login. Please try again.",
        "The user role on the application, this will associate with a list of permissions",
        "No records found",
        "This field is required.",
        ("Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long."),
        "File does not have an approved extension: {extensions}",
    ],
    ids=["code", "own keyword", "template", "validator", "plural", "upload"],
)
def test_the_sentences_of_the_libraries_are_found(sources: Catalog, msgid: str | tuple[str, str]) -> None:
    assert msgid in sources


def test_locations_name_no_machine(sources: Catalog) -> None:
    roots = {file.split("/")[0] for message in sentences(sources) for file, _ in message.locations}
    assert {"flask_appbuilder", "flask_wtf", "wtforms"} <= roots <= {"portal", *catalogues.PACKAGES}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the commands write below `tmp_path`, on a copy of the catalogues."""
    for locale in catalogues.LOCALES:
        original = catalogues.path_of(locale)
        target = tmp_path / original.relative_to(catalogues.HERE)
        target.parent.mkdir(parents=True)
        target.write_bytes(original.read_bytes())
    (tmp_path / "babel.cfg").write_bytes((catalogues.HERE / "babel.cfg").read_bytes())
    (tmp_path / "portal").mkdir()
    monkeypatch.setattr(catalogues, "HERE", tmp_path)
    monkeypatch.setattr(catalogues, "TEMPLATE", tmp_path / "messages.pot")
    monkeypatch.setattr(catalogues, "OWN", tmp_path / "portal")
    return tmp_path


def say(copy: Path, source: str) -> None:
    (copy / "portal" / "saying.py").write_text(source, encoding="utf-8")


def test_a_new_sentence_is_missing_in_vietnamese_and_itself_in_english(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(copy, 'gettext("Lay it before the chair")\n')
    assert catalogues.main(["update"]) == 0
    assert catalogues.main(["missing"]) == 1
    assert capsys.readouterr().out == "vi: 'Lay it before the chair' (portal/saying.py)\n"
    assert catalogues.read_catalogue("en")["Lay it before the chair"].string == "Lay it before the chair"


def test_a_sentence_that_returns_gets_its_translation_back(copy: Path) -> None:
    say(copy, 'gettext("Lay it before the chair")\n')
    catalogues.main(["update"])
    catalogue = catalogues.read_catalogue("vi")
    catalogue["Lay it before the chair"].string = "Trình lãnh đạo"
    catalogues.write_catalogue(catalogues.path_of("vi"), catalogue)
    for source in ("", 'gettext("Lay it before the chair")\n'):
        say(copy, source)
        catalogues.main(["update"])
    assert catalogues.read_catalogue("vi")["Lay it before the chair"].string == "Trình lãnh đạo"


def test_updating_twice_changes_nothing(copy: Path) -> None:
    catalogues.main(["update"])
    before = {path: path.read_bytes() for path in copy.rglob("messages.*")}
    catalogues.main(["update"])
    assert {path: path.read_bytes() for path in copy.rglob("messages.*")} == before


def test_compiling_writes_what_the_portal_reads(copy: Path) -> None:
    assert catalogues.main(["compile"]) == 0
    compiled = (copy / "vi" / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert "Mục này bắt buộc phải nhập.".encode() in compiled
