"""Signing in by REST: a token that speaks of a session in the database, so it ends when the session ends."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, request
from flask_appbuilder.api import BaseApi
from flask_jwt_extended import create_access_token, create_refresh_token

from app.domain import sign_in
from app.domain.errors import Invalid
from app.domain.sessions import API
from app.screens.page import expose
from app.screens.security.identity import CLAIM, session_of, token_claims
from app.screens.visits import caller, current, public, shell


class SecurityApi(BaseApi):  # type: ignore[misc]
    """`/api/v1/security/`: `login`, `refresh`, `logout`."""

    resource_name = "security"
    openapi_spec_tag = "Security"
    csrf_exempt = False

    @public
    @expose("/login", methods=["POST"])
    def login(self) -> Response:
        """Sign in
        ---
        post:
          summary: A token for a user name and a password
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [username, password]
                  properties:
                    username: {type: string}
                    password: {type: string, format: password}
                    provider: {type: string, enum: [db]}
                    refresh: {type: boolean, description: whether a refresh token is wanted as well}
          responses:
            200:
              description: Signed in
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token: {type: string}
                      refresh_token: {type: string}
            400: {$ref: '#/components/responses/400'}
            401: {$ref: '#/components/responses/401'}
            429: {description: Too many wrong tries}
        """
        body = _object()
        username, password = _text(body, "username"), _text(body, "password")
        opened = sign_in.sign_in(shell().doors, username, password, caller(API), shell().now())
        who = str(opened.user_id)
        claims = {CLAIM: opened.key}
        told = {"access_token": create_access_token(who, fresh=True, additional_claims=claims)}
        if body.get("refresh", True):
            told["refresh_token"] = create_refresh_token(who, additional_claims=claims)
        return jsonify(told)

    @public
    @expose("/refresh", methods=["POST"])
    def refresh(self) -> Response:
        """Another token
        ---
        post:
          summary: A new token for a refresh token, while its session lives
          security: [{jwt_refresh: []}]
          responses:
            200:
              description: A new token
              content:
                application/json:
                  schema: {type: object, properties: {access_token: {type: string}}}
            401: {$ref: '#/components/responses/401'}
        """
        header = request.headers.get("Authorization", "")
        claims = token_claims(header[7:].strip()) if header[:7].casefold() == "bearer " else None
        home = shell()
        live = None
        if claims is not None and claims.get("type") == "refresh":
            live = session_of(claims, home, home.sessions())
        if claims is None or live is None:
            abort(401)
        again = {CLAIM: claims[CLAIM]}
        return jsonify(
            {"access_token": create_access_token(str(live.user_id), additional_claims=again)}
        )

    @expose("/logout", methods=["POST"])
    def logout(self) -> Response:
        """Sign out
        ---
        post:
          summary: End this token's session
          security: [{jwt: []}]
          responses:
            204: {description: Ended}
            401: {$ref: '#/components/responses/401'}
        """
        visit = current()
        if visit.live is None:
            abort(401)
        visit.context.session.rollback()
        address = request.remote_addr or ""
        sign_in.sign_out(shell().engine, visit.actor, visit.live.id, address, shell().now())
        return Response(status=204)

    def add_apispec_components(self, api_spec: Any) -> None:
        super().add_apispec_components(api_spec)
        scheme = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        for name in ("jwt", "jwt_refresh"):
            api_spec.components.security_scheme(name, scheme)


def _object() -> dict[str, Any]:
    if (
        request.mimetype != "application/json"
        or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8"
    ):
        abort(415)
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400)
    return body


def _text(body: dict[str, Any], name: str) -> str:
    said = body.get(name)
    if not isinstance(said, str) or not said:
        raise Invalid({name: "请填写" if said in (None, "") else "应为文字"})
    return said
