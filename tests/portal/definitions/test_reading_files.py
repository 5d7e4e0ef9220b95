"""Files of definitions: YAML and JSON say the same, and whatever is hostile is refused at once and at its line."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.definitions import library, values
from portal.definitions.reading import FINDINGS, LARGEST, guess_kind, read_definition, read_json, read_yaml
from portal.definitions.values import DEEPEST, LINE_ENDS, MOST_DIGITS, MOST_TOLD, UNPRINTABLE, Builder
from portal.definitions.writing import write_yaml
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workflows.errors import Finding

Read = Any

SECONDS = 20
"""Far more than any of these needs, far less than a reader that goes astray."""

CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from portal.definitions import reading
from workflows.errors import DefinitionError
read = getattr(reading, sys.argv[1])
try:
    read(sys.stdin.buffer.read().decode())
except DefinitionError as error:
    print(error.findings[0].code)
"""


def findings(read: Callable[[Any], object], source: object) -> tuple[Finding, ...]:
    with pytest.raises(DefinitionError) as refused:
        read(source)
    assert all(set(FINDINGS[each.code]) == set(each.params) for each in refused.value.findings)
    return refused.value.findings


def told(read: Callable[[Any], object], source: object) -> list[tuple[str, str, object]]:
    return [(each.path, each.code, each.params.get("line")) for each in findings(read, source)]


HOSTILE: list[tuple[str, str, str]] = [
    ("read_yaml", "[" * 100_000, "too_deep"),
    ("read_yaml", "{a: " * 50_000, "too_deep"),
    ("read_yaml", "- " * 100_000, "too_deep"),
    ("read_yaml", "? " * 100_000, "key_not_text"),
    ("read_yaml", "".join(f"{' ' * depth}a:\n" for depth in range(700)), "too_deep"),
    ("read_yaml", "[" + "[]," * 80_000 + "]", "too_many_values"),
    ("read_yaml", "{" + "a: 1," * 40_000 + "}", "key_twice"),
    ("read_yaml", "\n".join(f"k{number}: 1" for number in range(20_000)) + "\nk0: 2", "key_twice"),
    ("read_yaml", "a: " + "1" * 200_000, "too_many_digits"),
    ("read_yaml", "%YAML 1." + "1" * 200_000 + "\n---\na: 1", "not_yaml"),
    ("read_yaml", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]", "no_anchors"),
    ("read_yaml", "a: &a\n  b: *a", "no_anchors"),
    ("read_json", "[" * 100_000, "too_deep"),
    ("read_json", '{"a":' * 50_000, "too_deep"),
    ("read_json", "[" + "0," * 100_000 + "0]", "too_many_values"),
    ("read_json", "[" + "1" * 200_000 + "]", "too_many_digits"),
    ("read_json", '{"a":' + "1" * 200_000 + "}", "too_many_digits"),
    ("read_json", '"' + '\\"' * 100_000, "not_json"),
    ("read_json", '"' + '\\"' * 100_000 + "\\", "not_json"),
    ("read_json", "{" + '"a":1,' * 40_000 + '"a":1}', "key_twice"),
]


@pytest.mark.parametrize(("reader", "text", "code"), HOSTILE, ids=[f"{each[0]} {each[1][:12]!r}" for each in HOSTILE])
def test_what_is_meant_to_exhaust_the_reader_is_refused_in_bounded_time_and_memory(
    reader: str, text: str, code: str
) -> None:
    words = [sys.executable, "-c", CHILD, reader]
    done = subprocess.run(words, input=text.encode(), capture_output=True, timeout=SECONDS, check=True)
    assert done.stdout.decode().strip() == code


class Compared(str):
    """A key that counts how often it is compared with another."""

    __slots__ = ()
    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return str(self) == str(other)

    __hash__ = str.__hash__


def test_repeated_keys_are_found_without_comparing_each_with_each() -> None:
    Compared.times = 0
    builder = Builder()
    builder.begin({}, 1)
    for number in range(2_000):
        builder.add(Compared(f"key {number}"), number)
        builder.add(1, number)
    assert len(builder.whole()) == 2_000
    assert Compared.times < 20_000


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_what_is_too_large_is_one_error_and_is_not_looked_at(read: Read) -> None:
    assert told(read, "[" * (LARGEST + 1)) == [("", "too_large", None)]
    assert told(read, "\0ế" * (LARGEST // 3)) == [("", "too_large", None)]


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_the_largest_text_is_read(read: Read) -> None:
    text = '{"a": "' + "ế" * (LARGEST // 3 - 9)
    text += "x" * (LARGEST - len(text.encode()) - 2) + '"}'
    assert len(text.encode()) == LARGEST
    assert set(read(text)) == {"a"}
    assert told(read, text + " ") == [("", "too_large", None)]


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_the_deepest_nesting_is_read_and_one_more_is_not(read: Read) -> None:
    assert read("[" * DEEPEST + "]" * DEEPEST)
    assert told(read, "[\n" * (DEEPEST + 1) + "]" * (DEEPEST + 1)) == [("", "too_deep", DEEPEST + 1)]


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_so_many_values_are_read_and_one_more_is_not(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MOST_VALUES", 5)
    most = '{"a": [1, 2'
    assert read(most + "]}") == {"a": [1, 2]}
    assert told(read, most + ",\n3]}") == [("", "too_many_values", 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb:\n  - c: 1\n    c: 2", [("b[0].c", "key_twice", 4)]),
        ("{a: 1, a: 2}", [("a", "key_twice", 1)]),
        ("ế: 1\n" + unicodedata.normalize("NFD", "ế") + ": 2", [(unicodedata.normalize("NFD", "ế"), "key_twice", 2)]),
        ("a: 1\na: 2\nb: 1\nb: 2\n7: x", [("a", "key_twice", 2), ("b", "key_twice", 4), ("", "key_not_text", 5)]),
        ("a: &x [1]\nb: *x", [("a", "no_anchors", 1), ("b", "no_anchors", 2)]),
        ("a: &x 1", [("a", "no_anchors", 1)]),
        ("a: *x", [("a", "no_anchors", 1)]),
        ("a:\n  <<: {b: 1}", [("a", "no_merging", 2)]),
        ("a: !!python/object/apply:os.system ['true']", [("a", "no_tags", 1)]),
        ("a: !!binary aGk=", [("a", "no_tags", 1)]),
        ("a: !!str 5", [("a", "no_tags", 1)]),
        ("a: ! 5", [("a", "no_tags", 1)]),
        ("--- a\n--- b", [("", "several_documents", 2)]),
        ("---\n---\n", [("", "several_documents", 2)]),
        ("1: a", [("", "key_not_text", 1)]),
        ("true: a", [("", "key_not_text", 1)]),
        ("~: a", [("", "key_not_text", 1)]),
        ("a:\n  [b]: c", [("a", "key_not_text", 2)]),
        ("? {a: b}\n: c", [("", "key_not_text", 1)]),
        ("a: 1\nb: -" + "1" * (MOST_DIGITS + 1), [("b", "too_many_digits", 2)]),
        ("a:\n\tb: 1", [("", "not_yaml", 2)]),
        ("a: 1\na: 2\nb: [1", [("a", "key_twice", 2), ("", "not_yaml", 3)]),
        ("a: [1, 2", [("", "not_yaml", 1)]),
        ("a: 'x", [("", "not_yaml", 1)]),
        ("a: b: c", [("", "not_yaml", 1)]),
        ("a: 1\nb: \x07", [("", "not_printable", 2)]),
        ("a: 1\nb: \x00", [("", "not_printable", 2)]),
        ("a: \ud800", [("", "not_printable", 1)]),
        ('a: "\\0"', [("a", "not_printable", 1)]),
        ('a: "\\ud800"', [("a", "not_printable", 1)]),
        ('"a\\nb": 1', [("a\ufffdb", "not_printable", 1)]),
        ('a: 1\nb: "\\UFFFFFFFF"', [("", "not_yaml", 2)]),
        ('a: "\\U00110000"', [("", "not_yaml", 1)]),
    ],
)
def test_yaml_with_surprises_is_refused_at_its_line(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert told(read_yaml, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,\n "b": [{"c": 1,\n "c": 2}]}', [("b[0].c", "key_twice", 3)]),
        ('{"a": 1, "\\u0061": 2}', [("a", "key_twice", 1)]),
        ("[1,\nNaN, Infinity]", [("[1]", "not_finite", 2), ("[2]", "not_finite", 2)]),
        ('{"a": {"b": -Infinity}}', [("a.b", "not_finite", 1)]),
        ('{"a": -' + "1" * (MOST_DIGITS + 1) + "}", [("a", "too_many_digits", 1)]),
        ('{"a": "\\u0000"}', [("a", "not_printable", 1)]),
        ('{"a": "\\ud800"}', [("a", "not_printable", 1)]),
        ('{"a\\tb": 1}', [("a\ufffdb", "not_printable", 1)]),
        ('{"a":\n"\x00"}', [("", "not_printable", 2)]),
        ('{"a": "x\ty"}', [("", "not_json", 1)]),
        ("", [("", "not_json", 1)]),
        ('{"a": 1}\n{"b": 2}', [("", "not_json", 2)]),
        ('\n{"a": 1,}', [("", "not_json", 2)]),
        ("{a: 1}", [("", "not_json", 1)]),
        ("{'a': 1}", [("", "not_json", 1)]),
        ("[01]", [("", "not_json", 1)]),
        ("[1] // x", [("", "not_json", 1)]),
        ("]" * 100, [("", "not_json", 1)]),
    ],
)  # fmt: skip
def test_json_with_surprises_is_refused_at_its_line(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert told(read_json, text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", "1.5"),
        ("-60.740", "-60.740"),
        ("1e5", "1e5"),
        ("1.0E+2", "1.0E+2"),
        ("-0.0", "-0.0"),
        ("0", 0),
        ("-0", 0),
        ("-17", -17),
        ("9" * MOST_DIGITS, 10**MOST_DIGITS - 1),
        ("true", True),
        ("false", False),
        ("null", None),
        ('"1"', "1"),
        ('""', ""),
        ('"\\u1ebf \\/ \\n"', "ế / \n"),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_yaml_and_json_read_the_same_of_the_same(text: str, value: object) -> None:
    for read in (read_yaml, read_json):
        found = read(f'{{"a": [{text}, {text}]}}')
        assert found == {"a": [value, value]}
        assert {type(each) for each in found["a"]} == {type(value)}


def test_yaml_guesses_no_dates_floats_truths_or_other_numerals() -> None:
    text = "a: 2025-01-15\nb: 60.74\nc: no\nd: true\ne: 7\nf: 010\ng: 7:30\nh: 0x1F\ni: 1_000\nj: +5\nk: .inf\nl:"
    assert list(read_yaml(text).values()) == [
        *("2025-01-15", "60.74", "no", True, 7, "010", "7:30", "0x1F", "1_000", "+5", ".inf", None)
    ]


def test_a_text_with_very_much_wrong_is_not_listed_to_its_end() -> None:
    assert len(findings(read_yaml, "\n".join(f"{number}: x" for number in range(100)))) == MOST_TOLD


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"\\e[31m": 1\n"\\e[31m": 2', "key_twice"),
        ("a: !<%1B[31m> 1", "no_tags"),
        ('"a\\e[31m": !x 1', "no_tags"),
        ('"a\\r": !x 1', "no_tags"),
    ],
)
def test_a_finding_holds_nothing_that_a_terminal_would_obey(text: str, code: str) -> None:
    found = findings(read_yaml, text)
    assert code in {each.code for each in found}
    said = "".join(f"{each.path} {' '.join(map(str, each.params.values()))}" for each in found)
    assert not {"\x1b", "\r"} & {*said}


def test_an_empty_yaml_is_nothing() -> None:
    assert read_yaml("") is None
    assert read_yaml("# only a remark\n") is None


CHARACTERS = st.one_of(
    st.sampled_from(" \n\t\r\x85\u2028\ufeff#:-?|>'\"{}[],&*!%@`<=~.019_abế"),
    st.characters(exclude_categories=["Cs"]).filter(lambda letter: not UNPRINTABLE.search(letter)),
)
WORDS = st.sampled_from(
    ["true", "no", "null", "~", "", "1.5", "010", "1_0", "7:30", "2025-01-31", "<<", "=", "---", "- a"]
)
TEXTS = WORDS | st.text(CHARACTERS, max_size=60)
KEYS = TEXTS.filter(lambda text: not LINE_ENDS.search(text))


def mappings(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    pairs = st.tuples(KEYS, inner)
    listed = st.lists(pairs, max_size=4, unique_by=lambda pair: unicodedata.normalize("NFC", pair[0]))
    return listed.map(dict)


PLAIN = st.none() | st.booleans() | st.integers(-(10**99), 10**99) | TEXTS
BODIES = mappings(st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | mappings(inner), max_leaves=10))


@settings(deadline=None)
@given(BODIES)
@example({"a": ["\x85", "x\u2028", "\ufeffx", "x\r", "x\r\n", "\n x", "x \n", "\n", " x", "x "]})
def test_whatever_is_written_is_read_back_in_its_order(body: dict[str, Any]) -> None:
    wanted = json.dumps(body)
    assert json.dumps(read_yaml(write_yaml(body))) == wanted
    assert json.dumps(read_json(wanted)) == wanted
    assert json.dumps(read_json(json.dumps(body, ensure_ascii=False, indent=1))) == wanted


@settings(deadline=None)
@given(st.text(st.sampled_from("[]{},:-?&*!|>'\"%@`#~ \n\t\r\\xuU0a1ế.<\u2028\x85\ufeff"), max_size=40))
def test_no_text_whatever_gets_another_answer_than_values_or_findings(text: str) -> None:
    for read in (read_yaml, read_json):
        with suppress(DefinitionError):
            read(text)


@pytest.mark.parametrize(
    ("kind", "key", "body"), library.shipped(), ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_ships_reads_the_same_as_json(kind: str, key: str, body: dict[str, Any]) -> None:
    assert read_json(json.dumps(body)) == body


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.YAML", "a.json", "mẫu.json"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without mark", "with mark"])
def test_a_file_is_read_by_the_end_of_its_name(tmp_path: Path, name: str, mark: bytes) -> None:
    assert read_definition(write(tmp_path, name, mark + b'{"a": 1.5}\r\n')) == {"a": "1.5"}


def test_yaml_in_a_file_that_is_called_json_is_refused(tmp_path: Path) -> None:
    assert told(read_definition, write(tmp_path, "a.json", b"a: 1")) == [("", "not_json", 1)]


@pytest.mark.parametrize("name", ["a", "a.txt", "a.yaml.bak", "a.toml", ".yaml"])
def test_a_file_of_another_name_is_refused(tmp_path: Path, name: str) -> None:
    (finding,) = findings(read_definition, write(tmp_path, name, b"a: 1"))
    assert (finding.code, finding.params) == ("unknown_suffix", {"known": [".yaml", ".yml", ".json"]})


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"a: 1\nb: \xff\xfe", "not_utf8", 2),
        ("a: ế".encode("utf-16"), "not_utf8", 1),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_utf8", 1),
        (b"%PDF-1.7\n\x00\x01", "not_printable", 2),
        (b"\0" * (LARGEST + 1), "too_large", None),
        (b"\xff" * (LARGEST + 1), "too_large", None),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, code: str, line: int | None) -> None:
    assert told(read_definition, write(tmp_path, "a.yaml", content)) == [("", code, line)]


def test_no_more_of_a_file_is_read_than_may_be_used(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", b"[")
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    assert told(read_definition, path) == [("", "too_large", None)]


def test_a_file_that_is_not_there_is_a_finding_too(tmp_path: Path) -> None:
    assert told(read_definition, tmp_path / "a.yaml") == [("", "cannot_be_read", None)]
    (tmp_path / "folder.yaml").mkdir()
    assert told(read_definition, tmp_path / "folder.yaml") == [("", "cannot_be_read", None)]


@pytest.mark.parametrize(
    ("place", "body", "kind"),
    [
        ("forms/a.yaml", {}, "form"),
        ("chains/a.yaml", None, "chain"),
        ("documents/a.yaml", [], "document"),
        ("forms/a.yaml", {"stages": []}, "form"),
        ("drafts/a.yaml", {"stages": []}, "chain"),
        ("drafts/a.yaml", {"sections": []}, "form"),
        ("drafts/a.yaml", {"template": ""}, "document"),
    ],
)
def test_the_folder_tells_the_kind_or_else_a_key(tmp_path: Path, place: str, body: object, kind: str) -> None:
    assert guess_kind(tmp_path / place, body) == kind


@pytest.mark.parametrize("body", [{}, None, [], "stages", {"key": "a"}])
def test_a_kind_that_cannot_be_told_is_not_guessed(tmp_path: Path, body: object) -> None:
    with pytest.raises(DefinitionError) as refused:
        guess_kind(tmp_path / "a.yaml", body)
    assert [each.code for each in refused.value.findings] == ["unknown_kind"]
