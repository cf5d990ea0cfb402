"""From a cookie or a token to the person behind it; the same living session in the database decides for both.

A request that carries a token is judged by the token alone, its cookies aren't looked at: so a page elsewhere that
makes a browser send them gains nothing, and tokens need no protection against forged requests.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from flask import g, request, session
from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import PyJWTError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain import sessions
from app.domain.audit import caller_address
from app.domain.people import actor_of
from app.domain.sessions import API, FORM, LiveSession
from app.schema.engine import writing
from app.screens.visits import Shell, Visit, anonymous, shell

log = logging.getLogger(__name__)

KEY = "key"  # of the cookie's session: the key of the living session
CLAIM = "session"  # of the token: the same


def recognize() -> None:
    """Before every request: who calls. Leaves the answer in `g.visit`."""
    home = shell()
    caller_address.set(request.remote_addr or "")
    db = home.sessions()
    nobody = anonymous(home, db)
    bearer = request.headers.get("Authorization", "")[:7].casefold() == "bearer "
    live = None
    if request.endpoint != "static":
        live = _by_token(home, db) if bearer else _by_cookie(home, db)
    context = (
        nobody
        if live is None
        else replace(nobody, actor=actor_of(db, home.schema, home.departments, live))
    )
    g.visit = Visit(context, live, bearer)
    if live is not None and sessions.unseen(live, context.now):
        _see(home, live, context.now)


def _see(home: Shell, live: LiveSession, now: datetime) -> None:
    try:
        with writing(home.engine) as db:
            sessions.see(db, live, now)
    except (
        OperationalError
    ):  # somebody else is writing; the next request will note it, and this one only reads
        log.info("the use of a session wasn't noted: the database was busy")


def _by_cookie(home: Shell, db: Session) -> LiveSession | None:
    key = session.get(KEY)
    if not isinstance(key, str):
        return None
    live = sessions.find_session(db, key, home.now())
    if live is None or live.door != FORM:
        session.pop(KEY, None)
        return None
    return live


def _by_token(home: Shell, db: Session) -> LiveSession | None:
    claims = token_claims(request.headers["Authorization"][7:].strip())
    if claims is None or claims.get("type") != "access":
        return None
    return session_of(claims, home, db)


def token_claims(token: str) -> dict[str, object] | None:
    """What a token says, if it is one of ours and still good."""
    try:
        claims: dict[str, object] = decode_token(token)
    except (JWTExtendedException, PyJWTError, ValueError, KeyError):
        return None
    return claims


def session_of(claims: dict[str, object], home: Shell, db: Session) -> LiveSession | None:
    """The living session that a token speaks of, if it is that person's."""
    key = claims.get(CLAIM)
    live = sessions.find_session(db, key, home.now()) if isinstance(key, str) else None
    if live is None or live.door != API or claims.get("sub") != str(live.user_id):
        return None
    return live
