"""Which file has which top key, an explicit list. Entities and tests are read apart: they have many files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.manifest.read import (
    assessments,
    calendars,
    dashboards,
    dictionaries,
    escalations,
    messages,
    organization,
    roles,
    site,
    workflows,
)
from app.manifest.shapes import Key

SECTIONS: Mapping[str, Key[Any]] = {
    "config/site.yaml": site.KEY,
    "config/organization.yaml": organization.KEY,
    "config/dictionaries.yaml": dictionaries.KEY,
    "config/calendars.yaml": calendars.KEY,
    "config/roles.yaml": roles.KEY,
    "config/escalations.yaml": escalations.KEY,
    "config/assessments.yaml": assessments.KEY,
    "config/dashboards.yaml": dashboards.KEY,
    "config/messages.yaml": messages.KEY,
    "workflows.yaml": workflows.KEY,
}
