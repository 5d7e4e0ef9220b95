"""The rules of the house that no linter knows: how files open, how long they grow, what pages and texts never hold."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import config

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(config.__file__).parent
FOLDERS = (".ci", "bin", "docs", "portal", "tests", "translations", "workflows")
TEXTS = {"", ".cfg", ".conf", ".css", ".html", ".js", ".mako", ".md", ".po", ".pot", ".py", ".svg", ".toml", ".txt"}
TEXTS |= {".yaml", ".yml"}
LONGEST_FILE = 400
BAGS = {"base", "bases", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
NEVER_SAID = tuple("".join(parts) for parts in (("helper", "-"), ("issue", " #"), ("/wo", "rk/")))
"""In pieces, for this file is read as well."""

SENTENCE_BREAK = re.compile(r"[.!?]\s+[A-Z]")
IN_A_TAG = re.compile(r"<[a-zA-Z][^>]*?\s(?:style|on[a-z]+)\s*=")
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>")


def files(*suffixes: str) -> Iterator[Path]:
    """The project's own text files: those at the root and those below its folders."""
    candidates = [path for path in ROOT.iterdir() if path.is_file()]
    candidates += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    wanted = set(suffixes) or TEXTS
    generated = {"__pycache__", ".coverage", "OFL.txt"}
    return (path for path in candidates if path.suffix in wanted and not generated & {*path.parts})


def modules(*folders: str) -> Iterator[Path]:
    """Python files below these folders."""
    return (path for path in files(".py") if path.relative_to(ROOT).parts[0] in folders)


def templates() -> Iterator[tuple[str, str]]:
    """Name and text of every page's template."""
    return ((str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in (ROOT / "portal").rglob("*.html"))


def opening(path: Path) -> str:
    """The first paragraph of a module's docstring; empty without one."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n\n")[0]


def imported(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else str(node.module).partition(".")[0]


def test_every_module_opens_with_one_sentence_on_what_it_is_for() -> None:
    openings = {str(path.relative_to(ROOT)): opening(path) for path in modules("portal", "workflows")}
    wrong = {name: text for name, text in openings.items() if not text.endswith(".") or SENTENCE_BREAK.search(text)}
    assert wrong == {}


def test_no_file_of_code_grows_past_four_hundred_lines() -> None:
    ours = [path for path in files(".py", ".js") if path.parent.name != "versions"]  # Alembic writes migrations
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in ours}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_module_is_a_bag() -> None:
    assert [str(path.relative_to(ROOT)) for path in files(".py") if BAGS & set(re.split(r"[_.]", path.stem))] == []


def test_the_engine_imports_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"workflows"}
    foreign = [(path.name, name) for path in modules("workflows") for name in imported(path) if name not in allowed]
    assert foreign == []


def test_no_template_trusts_a_value_as_html() -> None:
    assert [name for name, text in templates() if re.search(r"\|\s*safe\b|autoescape\s+false", text)] == []


def test_no_page_holds_inline_style_or_handlers() -> None:
    assert [(name, found[0]) for name, text in templates() for found in IN_A_TAG.finditer(text)] == []


def test_every_script_of_a_page_is_a_file() -> None:
    inline = [
        (name, script[0])
        for name, text in templates()
        for script in SCRIPT.finditer(text)
        if " src=" not in script["attributes"]
    ]
    assert inline == []
    assert [name for name, text in templates() if re.search(r"<style\b|javascript:", text)] == []


def test_the_project_speaks_of_itself_alone() -> None:
    said = [
        (str(path.relative_to(ROOT)), words)
        for path in files()
        for words in NEVER_SAID
        if words in path.read_text(encoding="utf-8").lower()
    ]
    assert said == []
