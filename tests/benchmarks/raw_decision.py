"""The yardstick of decisions: the rows that one decision wrote, written for another case by the driver alone."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any

import psycopg

from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, Notice, WorkItem
from portal.audit import CHAIN_LOCK, DOMAIN, AuditEntry
from portal.db import utc_now

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

COLUMNS = {
    model.__tablename__: [each.name for each in model.__table__.columns if each.name != "id"]
    for model in (ApprovalCase, CaseEvent, WorkItem, CaseDecision, Notice, AuditEntry)
}


def _insert(table: str) -> str:
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"


READ = "SELECT status, version FROM approval_case WHERE id = ?"
CLAIM = (
    "UPDATE approval_case SET status=?, stage=?, round=?, version=?, changed_at=?, due_at=?, next_rung_at=? "
    "WHERE id=? AND version=?"
)
EVENT, ITEM, DECISION = _insert("approval_event"), _insert("approval_work_item"), _insert("approval_decision")
NOTICE = _insert("notice")
CLOSE = "UPDATE approval_work_item SET status=?, closed_at=? WHERE case_id=? AND number=?"
LAST = "SELECT seq, digest FROM audit_entry ORDER BY seq DESC LIMIT 1"
ENTRY = _insert("audit_entry")


class RawDecisions:
    """Decides case after case as one was decided through the service.

    Args:
        engine: of the database; only its address is used.
        pattern: the case whose rows are copied; all others must be as it was before.
    """

    def __init__(self, engine: Engine, pattern: int) -> None:
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.connection: Any = self._connect(engine)
        self.case = self._rows("approval_case", f"id = {pattern}")[0]
        self.events = self._rows("approval_event", f"case_id = {pattern} AND version = 2 ORDER BY seq")
        self.decision = self._rows("approval_decision", f"case_id = {pattern}")[0]
        last = {each["at"] for each in self.events}
        told = self._rows("notice", f"case_id = {pattern} ORDER BY id")
        self.notices = [each for each in told if each["at"] in last]
        items = self._rows("approval_work_item", f"case_id = {pattern} ORDER BY number")
        self.closed = [each for each in items if each["status"] != "open"]
        self.opened = [each for each in items if each["status"] == "open"]
        log = f"object_kind = 'approval_case' AND object_id = '{pattern}' ORDER BY seq DESC LIMIT {len(self.events)}"
        self.entries = self._rows("audit_entry", log)[::-1]

    def _connect(self, engine: Engine) -> Any:
        if not self.is_sqlite:
            url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            return psycopg.connect(url, options="-c timezone=UTC")
        connection = sqlite3.connect(str(engine.url.database), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _rows(self, table: str, condition: str) -> list[dict[str, Any]]:
        columns = COLUMNS[table]
        found = self.connection.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {condition}")
        rows = [dict(zip(columns, row, strict=True)) for row in found]
        if not self.is_sqlite:
            self.connection.rollback()
        assert rows, table
        return rows

    def _do(self, cursor: Any, sql: str, rows: list[list[Any]]) -> None:
        sql = sql if self.is_sqlite else sql.replace("?", "%s")
        cursor.executemany(sql, rows) if len(rows) > 1 else cursor.execute(sql, rows[0])

    def decide(self, case: int) -> None:
        """Write the rows of one decision in one transaction."""
        cursor, at = self.connection.cursor(), utc_now()
        if self.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        self._do(cursor, READ, [[case]])
        assert cursor.fetchone() == ("in_review", 1)
        self._write(cursor, case, self._stored(at))
        self._log(cursor, case, at)
        self.connection.commit()

    def _stored(self, at: datetime) -> Any:
        return at.replace(tzinfo=None).isoformat(" ") if self.is_sqlite else at

    def _write(self, cursor: Any, case: int, at: Any) -> None:
        now = self.case
        times = [at, now["due_at"], now["next_rung_at"]]
        self._do(cursor, CLAIM, [[now["status"], now["stage"], now["round"], now["version"], *times, case, 1]])
        assert cursor.rowcount == 1
        self._do(cursor, EVENT, [self._copy("approval_event", each, case, at) for each in self.events])
        self._do(cursor, CLOSE, [[each["status"], at, case, each["number"]] for each in self.closed])
        self._do(cursor, ITEM, [self._copy("approval_work_item", each, case, None) for each in self.opened])
        self._do(cursor, DECISION, [self._copy("approval_decision", self.decision, case, at)])
        self._do(cursor, NOTICE, [self._copy("notice", each, case, at) for each in self.notices])

    def _copy(self, table: str, row: dict[str, Any], case: int, at: Any) -> list[Any]:
        changed = {**row, "case_id": case, **({"at": at} if at else {})}
        return [json.dumps(each) if isinstance(each := changed[name], dict) else each for name in COLUMNS[table]]

    def _log(self, cursor: Any, case: int, at: datetime) -> None:
        if not self.is_sqlite:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (CHAIN_LOCK,))
        cursor.execute(LAST)
        seq, previous = cursor.fetchone()
        rows = []
        for seq, each in enumerate(self.entries, seq + 1):  # noqa: B020 - the chain goes on from its last number
            told = [each["actor"], each["action"], each["object_kind"], str(case), each["details"], previous]
            text = json.dumps([DOMAIN, seq, at.isoformat(), *told], ensure_ascii=False, separators=(",", ":"))
            previous = hashlib.sha256(text.encode()).hexdigest()
            rows.append([seq, self._stored(at), *told, previous])
        self._do(cursor, ENTRY, rows)

    def close(self) -> None:
        """End the connection."""
        self.connection.close()
