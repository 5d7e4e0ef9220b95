"""Every way by which a definition comes in through the browser or by a program, each as one call."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from portal.definitions.outline import thing_at, tree_of
from portal.definitions.panels import shown
from portal.definitions.shapes import SHAPES
from portal.definitions.writing import write_yaml
from tests.web.calls import send
from tests.web.definition_calls import ALL, raw, take_in, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Visitor

    Door = Callable[[Visitor, str, str, dict[str, Any]], Any]
    TextDoor = Callable[[Visitor, str, str], Any]


def draft_of(kind: str, key: str) -> str:
    """The address of a draft."""
    return f"/definitions/{kind}/{key}/draft"


def edition_of(visitor: Visitor, kind: str, key: str) -> int:
    edition: int = told(visitor.get(f"{ALL}{kind}/{key}/draft"))["result"]["edition"]
    return edition


def begin(visitor: Visitor, kind: str, key: str) -> int:
    """A draft of the least there can be; gives its edition."""
    visitor.post("/definitions/new", {"kind": kind, "key": key, "name_vi": "Mới", "name_en": "New"})
    return edition_of(visitor, kind, key)


# -- a body ----------------------------------------------------------------------------------------------------


def by_rest(visitor: Visitor, kind: str, key: str, body: dict[str, Any]) -> Any:
    return send(visitor, "POST", f"{ALL}{kind}/{key}/draft", body)


def by_yaml(visitor: Visitor, kind: str, key: str, body: dict[str, Any]) -> Any:
    edition = begin(visitor, kind, key)
    return visitor.post(draft_of(kind, key), {"edition": edition, "source": write_yaml(body)})


def by_import(visitor: Visitor, _kind: str, _key: str, body: dict[str, Any]) -> Any:
    return upload(visitor, "a.yaml", write_yaml(body))


def by_rest_import(visitor: Visitor, _kind: str, _key: str, body: dict[str, Any]) -> Any:
    return take_in(visitor, {"a.json": json.dumps(body)})


def by_panels(visitor: Visitor, kind: str, key: str, body: dict[str, Any]) -> Any:
    """Each panel of a draft that has the same things, filled in as the designer would."""
    begin(visitor, kind, key)
    answer: Any = None
    send_bare(visitor, kind, key, body)
    for place, typed in panels_of(kind, body):
        edition = edition_of(visitor, kind, key)
        answer = visitor.post(f"{draft_of(kind, key)}/design", {**typed, "at": place, "edition": edition})
        assert answer.status_code in {302, 422}, place
    return answer


def send_bare(visitor: Visitor, kind: str, key: str, body: dict[str, Any]) -> None:
    """The same things as a body has, without its words."""
    tag = visitor.get(f"{ALL}{kind}/{key}/draft").headers["ETag"]
    told(send(visitor, "PUT", f"{ALL}{kind}/{key}/draft", bare(body), **{"If-Match": tag}))


def bare(value: Any) -> Any:
    """A body with the same word for every label."""
    if isinstance(value, dict):
        return dict.fromkeys(value, "Nhãn") if set(value) == {"vi", "en"} else {k: bare(v) for k, v in value.items()}
    return [bare(each) for each in value] if isinstance(value, list) else value


def panels_of(kind: str, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for knot in tree_of(SHAPES[kind], body):
        thing = thing_at(body, knot.path)
        yield knot.path, shown(knot.shape.parts(thing), thing)


DOORS: dict[str, Door] = {
    "the panels": by_panels,
    "YAML": by_yaml,
    "REST": by_rest,
    "import": by_import,
    "import by REST": by_rest_import,
}
ONLY_SOUND = frozenset({"import", "import by REST"})
"""What comes in by these can be published; the others keep a draft however wrong it is."""


# -- a text ----------------------------------------------------------------------------------------------------


def upload(visitor: Visitor, name: str, text: str) -> Any:
    content = io.BytesIO(text.encode("utf-8", "surrogatepass"))
    return visitor.post("/definitions/import", {"files": [(content, name)]}, content_type="multipart/form-data")


def text_by_yaml(visitor: Visitor, kind: str, text: str) -> Any:
    edition = edition_of(visitor, kind, "wild")
    return visitor.post(draft_of(kind, "wild"), {"edition": edition, "source": text})


def text_by_import(visitor: Visitor, _kind: str, text: str) -> Any:
    return upload(visitor, "a.yaml", text)


def text_by_rest_import(visitor: Visitor, _kind: str, text: str) -> Any:
    return take_in(visitor, {"a.yaml": text})


def json_by_check(visitor: Visitor, kind: str, text: str) -> Any:
    return raw(visitor, "POST", f"{ALL}{kind}/wild/check", text)


def json_by_rest(visitor: Visitor, kind: str, text: str) -> Any:
    tag = visitor.get(f"{ALL}{kind}/wild/draft").headers["ETag"]
    return raw(visitor, "PUT", f"{ALL}{kind}/wild/draft", text, **{"If-Match": tag})


def json_by_import(visitor: Visitor, _kind: str, text: str) -> Any:
    return upload(visitor, "a.json", text)


YAML_DOORS: dict[str, TextDoor] = {
    "YAML": text_by_yaml,
    "import": text_by_import,
    "import by REST": text_by_rest_import,
}
JSON_DOORS: dict[str, TextDoor] = {"check": json_by_check, "REST": json_by_rest, "import": json_by_import}
