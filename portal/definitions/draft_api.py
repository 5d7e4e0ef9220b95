"""Drafts of definitions by REST: begun, saved, proposed, given back, published, thrown away, taken in; retired keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext

from portal import once
from portal.data import current_actor, current_session
from portal.definitions import drafting, publishing, service
from portal.definitions.bundles import NotTakenError, take
from portal.definitions.models import KINDS
from portal.definitions.sending import facts_of, findings_of, said, sent, whole, words
from portal.definitions.uploads import read_files
from portal.idempotency import Answer
from portal.refusals import sentence, status_of
from portal.rest import PortalReadApi
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flask import Response

    from portal.definitions.folders import Wrong
    from portal.definitions.models import Definition

TAKEN: Mapping[str, tuple[str, ...]] = {
    "propose": ("edition", "note"),
    "give_back": ("edition", "reason"),
    "publish": ("edition", "knows", "note"),
    "discard": ("edition",),
    "retire": ("seen", "reason"),
}
"""What the body of each verb may say."""


_DEFINITION = {
    "application/json": {
        "schema": {"type": "object", "description": "A definition; /definitions/schema/{kind}.json says what it takes."}
    }
}
_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
_NUMBERS = frozenset({"edition", "knows", "seen"})


def _content(keys: Iterable[str]) -> dict[str, Any]:
    """The body of a verb, for its description."""
    properties = {key: {"type": "integer" if key in _NUMBERS else "string"} for key in keys}
    return {"application/json": {"schema": {"type": "object", "properties": properties}}}


class DraftApi(PortalReadApi):
    """The verbs of drafts; where a second person publishes, by REST as well."""

    bodies = {  # noqa: RUF012 - as Flask-AppBuilder's lists
        **dict.fromkeys(("begin", "save", "check"), _DEFINITION),
        **{verb: _content(keys) for verb, keys in TAKEN.items()},
        "take_in": {"multipart/form-data": {"schema": {"type": "object", "properties": {"files": _FILES}}}},
    }

    @expose("/<kind>/<key>/draft", methods=["POST"])
    @protect()
    @permission_name("draft")
    def begin(self, kind: str, key: str) -> Response:
        """Begin a draft: with the definition that is sent, or, where none is, with what the newest version says."""
        return self._carried(sent, lambda body: _begun(kind, key, body))

    @expose("/<kind>/<key>/draft", methods=["PUT"])
    @protect()
    @permission_name("draft")
    def save(self, kind: str, key: str) -> Response:
        """Write the definition that is sent into the draft; `If-Match` brings back the `ETag` of the last read."""

        def saved(draft: Definition, body: Any) -> Definition:
            if self._tag(draft) not in request.if_match.as_set():
                raise Refusal("stale_version")
            drafting.save(current_session(), current_actor(), draft, body, draft.edition)
            return draft

        return self._of_draft(kind, key, sent, saved, stale=412)

    @expose("/<kind>/<key>/draft/propose", methods=["POST"])
    @protect()
    @permission_name("draft")
    def propose(self, kind: str, key: str) -> Response:
        """Ask a second person to publish the draft; the body has `edition` and `note`, why there is a new version."""

        def proposed(draft: Definition, body: dict[str, Any]) -> Definition:
            drafting.propose(current_session(), current_actor(), draft, whole(body, "edition"), words(body, "note"))
            return draft

        return self._of_draft(kind, key, lambda: said(TAKEN["propose"]), proposed)

    @expose("/<kind>/<key>/draft/give-back", methods=["POST"])
    @protect()
    @permission_name("draft")
    def give_back(self, kind: str, key: str) -> Response:
        """Let a proposed draft be written in again; the body has `edition` and, of a second person, `reason`."""

        def given_back(draft: Definition, body: dict[str, Any]) -> Definition:
            drafting.give_back(current_session(), current_actor(), draft, whole(body, "edition"), words(body, "reason"))
            return draft

        return self._of_draft(kind, key, lambda: said(TAKEN["give_back"]), given_back)

    @expose("/<kind>/<key>/draft/publish", methods=["POST"])
    @protect()
    @permission_name("publish")
    def publish(self, kind: str, key: str) -> Response:
        """Publish the draft; the body has `edition`, `knows`, the newest version that was seen or 0, and `note`."""

        def published(draft: Definition, body: dict[str, Any]) -> Definition:
            edition, knows, why = whole(body, "edition"), whole(body, "knows"), words(body, "note")
            return drafting.publish_draft(current_session(), current_actor(), draft, edition, knows=knows, why=why)

        return self._of_draft(kind, key, lambda: said(TAKEN["publish"]), published)

    @expose("/<kind>/<key>/draft/discard", methods=["POST"])
    @protect()
    @permission_name("draft")
    def discard(self, kind: str, key: str) -> Response:
        """Throw the draft away; the body has `edition`."""

        def discarded(draft: Definition, body: dict[str, Any]) -> None:
            drafting.discard(current_session(), current_actor(), draft, whole(body, "edition"))

        return self._of_draft(kind, key, lambda: said(TAKEN["discard"]), discarded)

    @expose("/<kind>/<key>/retire", methods=["POST"])
    @protect()
    @permission_name("publish")
    def retire(self, kind: str, key: str) -> Response:
        """Take a key out of use; the body has `seen`, the number of the newest version, and `reason`."""

        def retired(body: dict[str, Any]) -> Answer:
            seen, reason = whole(body, "seen"), words(body, "reason")
            gone = publishing.retire(current_session(), current_actor(), kind, key, seen=seen, reason=reason)
            return Answer("definition", gone[0].id, status=200, body={"result": [facts_of(each) for each in gone]})

        return self._carried(lambda: said(TAKEN["retire"]), retired)

    @expose("/import", methods=["POST"])
    @protect()
    @permission_name("draft")
    def take_in(self) -> Response:
        """Make drafts from `files` of YAML or JSON, sent as a form does: all of them, or none with all findings."""
        return self._carried(lambda: None, lambda _nothing: _taken_in())

    # -- how each is answered ----------------------------------------------------------------------------------

    def _of_draft(
        self,
        kind: str,
        key: str,
        reads: Callable[[], Any],
        verb: Callable[[Definition, Any], Definition | None],
        stale: int = 409,
    ) -> Response:
        """Do something with a draft; what is left of it is told, with its tag."""

        def deed(body: Any) -> Answer:
            draft = service.draft_of(current_session(), kind, key)
            if draft is None:
                raise Refusal("no_draft")
            row = draft.id
            left = verb(draft, body)
            if left is None:
                return Answer("definition", row, status=200, body={"id": row})
            return self._told(left, 200)

        def placed(read: Any) -> Any:
            draft = service.draft_of(current_session(), kind, key)
            return draft.body if read is not None and draft is not None else None

        return self._carried(reads, deed, stale, placed)

    def _told(self, definition: Definition, status: int) -> Answer:
        body = {"id": definition.id, "result": facts_of(definition)}
        return Answer("definition", definition.id, status=status, body=body, tag=self._tag(definition))

    def _tag(self, item: Definition) -> str:
        return tag_of(item)

    def _carried(
        self,
        reads: Callable[[], Any],
        deed: Callable[[Any], Answer],
        stale: int = 409,
        placed: Callable[[Any], Any] = lambda read: read,
    ) -> Response:
        """Read what was sent, before anything else does, and do what it asks for, once under its key.

        Args:
            reads: what was sent.
            deed: does it and commits nothing.
            stale: the status for what was overtaken.
            placed: in which body the findings are, from what was read.
        """
        read: Any = None
        try:
            read = reads()
            answer = once.carry_out(lambda: deed(read))
        except (Refusal, DefinitionError, NotTakenError) as error:
            self.datamodel.session.rollback()
            return self._no(error, placed(read), stale)
        response: Response = self.response(answer.status, **answer.body)
        if answer.tag:
            response.set_etag(answer.tag)
        return response

    def _no(self, error: Refusal | DefinitionError | NotTakenError, body: Any = None, stale: int = 409) -> Response:
        if isinstance(error, Refusal):
            status = {"stale_version": stale, "no_definition": 404, "no_draft": 404}.get(error.code)
            return self._refused(error, status or status_of(error))
        message = gettext("Some things are wrong, so nothing was changed. Each stands in the answer.")
        if isinstance(error, DefinitionError):
            more = {"reason": error.code, "findings": findings_of(body, error.findings)}
        else:
            more = {"reason": "not_taken", "against": [_against(each) for each in error.against]}
        answer: Response = self.response(422, message=message, **more)
        return answer


def tag_of(definition: Definition) -> str:
    """What a later change of a draft must bring back: it is another one after each change."""
    return f"{definition.id}.{definition.version}.{definition.edition}.{definition.sha256[:16]}"


def _begun(kind: str, key: str, body: Any) -> Answer:
    session, actor = current_session(), current_actor()
    if kind not in KINDS:
        raise Refusal("no_definition")
    if service.draft_of(session, kind, key) is not None:
        raise Refusal("draft_exists", {"key": key})
    if not body:
        draft = drafting.begin(session, actor, kind, key)
    elif service.newest(session, kind, key) is None:
        draft = drafting.begin_new(session, actor, kind, key, body)
    else:
        draft = drafting.begin_with(session, actor, kind, key, body)
    told = {"id": draft.id, "result": facts_of(draft)}
    return Answer("definition", draft.id, status=201, body=told, tag=tag_of(draft))


def _taken_in() -> Answer:
    """Drafts of everything that was sent."""
    entries = read_files(request.files.getlist("files"))
    taken = take(current_session(), current_actor(), entries)
    result = [{"file": each.entry.path.name, "is_new": each.is_new, **facts_of(each.definition)} for each in taken]
    first = next((each.definition.id for each in taken if each.is_new), 0)
    return Answer("definition", first, status=200, body={"result": result})


def _against(wrong: Wrong) -> dict[str, Any]:
    """What stands against a file."""
    refused = {"reason": wrong.refusal.code, "message": sentence(wrong.refusal)} if wrong.refusal else {}
    return {"file": wrong.path.name, "findings": findings_of(None, wrong.findings), **refused}
