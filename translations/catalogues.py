"""Gathers every sentence the portal can say and keeps the catalogue of each language in step.

Run as ``python -m translations.catalogues extract|update|compile|missing``; README.md tells when.
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
OWN = HERE.parent / "portal"
TEMPLATE = HERE / "messages.pot"
LOCALES = ("vi", "en")
SOURCE_LOCALE = "en"  # the sentences in the sources are English
PACKAGES = ("flask_appbuilder", "flask_wtf", "wtforms")  # libraries whose sentences reach our readers

Found = tuple[str, str | tuple[str, ...], str | None]  # file, msgid or (singular, plural), context


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 1 when ``missing`` finds something, else 0."""
    parser = argparse.ArgumentParser(prog="python -m translations.catalogues", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    return COMMANDS[parser.parse_args(arguments).command]()


def extract() -> int:
    """Write ``messages.pot`` anew from the sources."""
    write_catalogue(TEMPLATE, read_sources())
    return 0


def update() -> int:
    """Write ``messages.pot`` and bring every language's ``messages.po`` in step with it."""
    template = read_sources()
    write_catalogue(TEMPLATE, template)
    for locale in LOCALES:
        write_catalogue(path_of(locale), bring_in_step(read_catalogue(locale), template))
    return 0


def compile_all() -> int:
    """Write every language's ``messages.mo``, the form the running portal reads."""
    for locale in LOCALES:
        with path_of(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, read_catalogue(locale))
    return 0


def missing() -> int:
    """Print what the sources say and a language has no words for; return 1 when there is any."""
    template = read_sources()
    lacking = [(locale, message) for locale in LOCALES for message in untranslated(locale, template)]
    for locale, message in lacking:
        sys.stdout.write(f"{locale}: {message.id!r} ({', '.join(file for file, _ in message.locations)})\n")
    return 1 if lacking else 0


COMMANDS = {"extract": extract, "update": update, "compile": compile_all, "missing": missing}


def read_sources() -> Catalog:
    """Return a catalogue without translations of all marked sentences: ours first, then the libraries'.

    Locations are paths below the repository or below the package's own folder, without line numbers,
    so that the file changes only when a sentence does.
    """
    catalogue = Catalog(charset="utf-8")
    for file, msgid, context in [*_sentences(OWN), *_sentences_of_packages()]:
        catalogue.add(msgid, locations=[(file, 0)], context=context)
    return catalogue


def _sentences_of_packages() -> Iterator[Found]:
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(package)
        yield from _sentences(Path(spec.origin).parent)


def _sentences(tree: Path) -> list[Found]:
    with (HERE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(tree, methods, options)
    return sorted(
        ((f"{tree.name}/{Path(name).as_posix()}", msgid, context) for name, _, msgid, _, context in found),
        key=lambda one: (one[0], one[1] if isinstance(one[1], str) else one[1][0], one[2] or ""),
    )


def path_of(locale: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def read_catalogue(locale: str) -> Catalog:
    """Return the catalogue of a language, an empty one when there is no file yet."""
    if not path_of(locale).exists():
        return Catalog(locale, charset="utf-8")
    with path_of(locale).open("rb") as file:
        return read_po(file, locale, charset="utf-8")


def bring_in_step(catalogue: Catalog, template: Catalog) -> Catalog:
    """Give ``catalogue`` exactly the sentences of ``template``, keeping every translation that still fits.

    Nothing is guessed: a new sentence starts empty (in English, as itself). A sentence that has gone
    keeps its translation as an obsolete entry, and gets it back should it return.
    """
    for message in catalogue.obsolete.values():
        catalogue[message.id] = message
    catalogue.obsolete.clear()
    catalogue.update(template, no_fuzzy_matching=True)
    if str(catalogue.locale) == SOURCE_LOCALE:
        for message in untranslated_in(catalogue):
            message.string = message.id
        for gone in [key for key, message in catalogue.obsolete.items() if message.string == message.id]:
            del catalogue.obsolete[gone]
    return catalogue


def untranslated(locale: str, template: Catalog) -> Iterator[Message]:
    """Yield the messages of ``template`` that the kept catalogue of ``locale`` leaves empty or lacks."""
    return untranslated_in(bring_in_step(read_catalogue(locale), template))


def untranslated_in(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages without words; a plural counts as soon as one of its forms is empty."""
    for message in catalogue:
        words = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and not all(words):
            yield message


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write a ``.pot`` or ``.po`` file whose bytes depend on its sentences alone (no dates, no tools)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(_header(catalogue).encode())
        write_po(file, catalogue, width=110, omit_header=True, include_lineno=False)


def _header(catalogue: Catalog) -> str:
    fields = [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    if isinstance(catalogue.locale, Locale):
        fields += [f"Language: {catalogue.locale}", f"Plural-Forms: {catalogue.plural_forms}"]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields) + "\n"


if __name__ == "__main__":
    sys.exit(main())
