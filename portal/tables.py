"""Every table, loaded: importing this module fills the shared metadata for migrations and tests."""

from __future__ import annotations

from flask_appbuilder.security.sqla import models as accounts

from portal import audit, files, idempotency, jobs, onetime, previews, secondfactor, sessions, throttle
from portal.approvals import models as approvals
from portal.definitions import models as definitions
from portal.documents import links, retention, slots, trial_models
from portal.documents import models as documents
from portal.incoming import models as incoming
from portal.indicators import models as indicators
from portal.sequels import models as sequels
from portal.signatures import models as signatures
from portal.submissions import models as submissions
from portal.tasks import models as tasks
from portal.units import models as units

GROUND = (accounts, audit, files, idempotency, jobs, onetime, previews, secondfactor, sessions, throttle)
LOADED = (
    *GROUND,
    approvals,
    definitions,
    documents,
    incoming,
    indicators,
    links,
    retention,
    sequels,
    signatures,
    slots,
    submissions,
    tasks,
    trial_models,
    units,
)
