"""Files that come in with a form, and files that go out."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Response, request, send_file

from app.domain import access, attachments
from app.domain.errors import NotFound
from app.manifest.model.entities import Entity
from app.screens.visits import current, saving, shell

log = logging.getLogger(__name__)

MOST_AT_ONCE = 20


def store_uploads(entity: Entity, field: str, name: str) -> list[int]:
    """Stores what was chosen in the file input `name`; ids of the files. Raises Invalid, nothing being kept then."""
    home = shell()
    given = [one for one in request.files.getlist(name) if one.filename][:MOST_AT_ONCE]
    if not given:
        return []
    written: list[Path] = []
    try:
        with saving() as context:
            ids = []
            for one in given:
                kept = attachments.store(
                    context,
                    home.settings.storage,
                    entity.key,
                    field,
                    one.filename or "",
                    one.stream,  # type: ignore[arg-type]
                    largest=home.settings.largest_upload,
                )
                written.append(kept.path)
                ids.append(kept.id)
            return ids
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def send(entity: Entity, file: int) -> Response:
    """A stored file: never shown by the browser itself, never believed to be what it says of itself.

    Raises Denied, or NotFound, also where the content is gone from the disk.
    """
    context = current().context
    if not any(access.may(context, entity.key, verb) for verb in ("create", "edit")):
        access.require(context, entity.key, "read")
    found = attachments.find_file(context, shell().settings.storage, entity.key, file)
    if not found.path.is_file():
        log.error("attachment %s has lost its content", found.id)
        raise NotFound
    answer = send_file(
        found.path, mimetype=found.media_type, as_attachment=True, download_name=found.name
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
