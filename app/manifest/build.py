"""The link phase: from what the files said to the manifest, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from app.manifest.builtin import built_in_entities
from app.manifest.calendar_notices import notice_unpublished
from app.manifest.checks import check_site
from app.manifest.link import Linking
from app.manifest.model.manifest import Manifest, SiteFacts
from app.manifest.model.organization import Organization
from app.manifest.model.values import frozen
from app.manifest.read import (
    assessments,
    calendars,
    dashboards,
    dictionaries,
    entities,
    escalations,
    messages,
    organization,
    roles,
    site,
    site_tests,
    workflows,
)
from app.manifest.read.system import with_system
from app.place import Place


def build_manifest(link: Linking, files: Mapping[str, bytes]) -> Manifest | None:
    """The manifest; None where there is no site to speak of. Problems are in `link.found`."""
    facts = _site(link)
    _nouns(link)
    drafts = link.drafts
    for key, said in drafts.entities.items():
        link.entities[key] = entities.skeleton(key, said, link)
    for key, said in drafts.entities.items():
        link.entities[key] = with_system(link.entities[key], said, link)
    built = {
        key: entities.finish(link.entities[key], said, link)
        for key, said in drafts.entities.items()
    }
    manifest = Manifest(
        site=facts,
        organization=_people(link),
        dictionaries=frozen(link.dictionaries),
        calendars=frozen(link.calendars),
        roles=frozen(roles.build(drafts.roles, link) if drafts.roles else {}),
        entities=frozen(built),
        workflows=frozen(workflows.build(drafts.workflows, link) if drafts.workflows else {}),
        escalations=frozen(
            escalations.build(drafts.escalations, link) if drafts.escalations else {}
        ),
        assessments=frozen(
            assessments.build(drafts.assessments, link) if drafts.assessments else {}
        ),
        dashboards=frozen(dashboards.build(drafts.dashboards, link) if drafts.dashboards else {}),
        messages=frozen(messages.build(drafts.messages, link) if drafts.messages else {}),
        tests=site_tests.build(drafts.tests.values(), link),
        files=frozen(files),
    )
    check_site(manifest, link)
    notice_unpublished(link)
    return manifest


def _site(link: Linking) -> SiteFacts:
    said = link.drafts.site
    if said is None:
        return SiteFacts("", "zh", "Asia/Shanghai", "", "", "", Place("config/site.yaml", 1))
    facts = site.build(said, link)
    link.zone = ZoneInfo(facts.timezone)
    return facts


def _nouns(link: Linking) -> None:
    """What others refer to and what refers to nothing of theirs."""
    drafts = link.drafts
    link.calendars = calendars.build(drafts.calendars, link) if drafts.calendars else {}
    link.dictionaries = dictionaries.build(drafts.dictionaries, link) if drafts.dictionaries else {}
    link.organization = organization.build(drafts.organization, link)
    fields = organization.person_fields(drafts.organization, link)
    link.organization = replace(link.organization, person_fields=frozen(fields))
    link.entities.update(built_in_entities(fields))


def _people(link: Linking) -> Organization:
    """The organization with the conditions of its people's fields."""
    assert link.organization is not None
    written = organization.written_person_fields(link.drafts.organization)
    fields = entities.field_conditions("user", link.organization.person_fields, written, link)
    return replace(link.organization, person_fields=frozen(fields))
