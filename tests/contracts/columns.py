"""The columns that forms and verbs of each table may change, and what is typed into some of them."""

from __future__ import annotations

UNIT = {
    "kind",
    "name_vi",
    "name_en",
    "symbol",
    "parent_id",
    "header_parent",
    "header_name",
    "place_name",
    "contact",
    "organ_code",
}
UNIT |= {"valid_from", "valid_to", "search", "sort_key", "seal_unit_id"}
HEADER = {"valid_from", "header_parent", "header_name", "place_name", "symbol", "grounds"}
REVOKED = {"revoked_at", "revoked_by"}
ORDER = {"kind": "TL", "issuer": "1", "source_post": "1", "signer_post": "4", "types": ["BC"], "templates": []}
ORDER |= {"printed_title": "", "grounds": "45/2024/QĐ-UBND", "grounds_on": "01/12/2024", "valid_from": "01/01/2025"}
RENAMED = {"unit": "1", "header_parent": "", "header_name": "MỚI", "place_name": "Quy Nhơn", "symbol": "M"}
TASK = {"title", "objective", "product", "expected_result", "authority", "profile_id", "source_id", "lead_unit_id"}
TASK |= {
    "leader_id",
    "officer_id",
    "standing",
    "starts_on",
    "deadline_kind",
    "deadline_on",
    "due_on",
    "version",
    "search",
}

INDICATOR = {"name_vi", "name_en", "measure_vi", "measure_en", "direction", "aggregation", "definition_vi", "source"}
INDICATOR |= {"in_use", "version"}
