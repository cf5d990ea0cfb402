"""The whole of a site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.manifest.model.assessments import Assessment
from app.manifest.model.calendars import Calendar
from app.manifest.model.dashboards import Dashboard
from app.manifest.model.entities import Entity
from app.manifest.model.escalations import Escalation
from app.manifest.model.messages import Message
from app.manifest.model.organization import Dictionary, Organization
from app.manifest.model.roles import Role
from app.manifest.model.site_tests import SiteTest
from app.manifest.model.workflows import Workflow
from app.place import Place


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """`config/site.yaml`. `calendar` is the default one; `locale` is `zh` or `en`."""

    name: str
    locale: str
    timezone: str
    ribbon: str
    contact: str
    calendar: str
    place: Place


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything an administrator said, read, linked and checked."""

    site: SiteFacts
    organization: Organization
    dictionaries: Mapping[str, Dictionary]
    calendars: Mapping[str, Calendar]
    roles: Mapping[str, Role]
    entities: Mapping[str, Entity]
    workflows: Mapping[str, Workflow]
    escalations: Mapping[str, Escalation]
    assessments: Mapping[str, Assessment]
    dashboards: Mapping[str, Dashboard]
    messages: Mapping[str, Message]
    tests: tuple[SiteTest, ...]
    files: Mapping[str, bytes]  # the site's files as they were read: what a release stores
