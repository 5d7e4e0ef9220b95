"""The fixed people of every test: who they are in the demo province, and the outsider who is refused everywhere."""

from __future__ import annotations

PASSWORD = "mot-mat-khau-de-thu"

CLERK, CLERK2 = "clerk", "clerk2"
HEAD, DEPUTY = "head", "deputy"
POLICE_OFFICER, POLICE_HEAD, POLICE_DEPUTY = "police", "police.head", "police.deputy"
CHAIRMAN, VICE_CHAIR = "chairman", "vicechair"
REGISTRAR, UNIT_ADMIN = "registrar", "units"
DESIGNER, AUDITOR, ADMIN = "designer", "auditor", "admin"
OUTSIDER, OUTSIDER_HEAD = "outsider", "outsider.head"

EVERYONE = (
    CLERK,
    CLERK2,
    HEAD,
    DEPUTY,
    POLICE_OFFICER,
    POLICE_HEAD,
    POLICE_DEPUTY,
    CHAIRMAN,
    VICE_CHAIR,
    REGISTRAR,
    UNIT_ADMIN,
    DESIGNER,
    AUDITOR,
    ADMIN,
    OUTSIDER,
    OUTSIDER_HEAD,
)
