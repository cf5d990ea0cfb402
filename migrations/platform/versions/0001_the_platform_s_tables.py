"""The platform's tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

text = sa.String().with_variant(sa.String(collation="C"), "postgresql")
moment = sa.DateTime(timezone=True)
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "ab_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=150), nullable=True),
        sa.Column("description", sa.String(length=512), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_group__name")),
    )
    op.create_table(
        "ab_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_permission__name")),
    )
    op.create_table(
        "ab_register_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("registration_date", sa.DateTime(), nullable=True),
        sa.Column("registration_hash", sa.String(length=256), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_register_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_register_user__email")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_register_user__username")),
    )
    op.create_table(
        "ab_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_role")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_role__name")),
    )
    op.create_table(
        "ab_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("last_login", sa.DateTime(), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("fail_login_count", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("changed_on", sa.DateTime(), nullable=True),
        sa.Column("created_by_fk", sa.Integer(), nullable=True),
        sa.Column("changed_by_fk", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user__changed_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user__created_by_fk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_user__email")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_user__username")),
    )
    op.create_table(
        "ab_view_menu",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_view_menu")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_view_menu__name")),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", text, nullable=False),
        sa.Column("label", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("under_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("initials", text, nullable=True),
        sa.Column("retired_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["under_id"], ["department.id"], name=op.f("fk_department__under_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("key", name=op.f("uq_department__key")),
    )
    op.create_index(op.f("ix_department__under_id"), "department", ["under_id"], unique=False)
    op.create_table(
        "platform_audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", text, nullable=True),
        sa.Column("address", text, nullable=True),
        sa.Column("action", text, nullable=False),
        sa.Column("entity", text, nullable=True),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("allowed", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("details", json, nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_audit")),
        sa.UniqueConstraint("position", name=op.f("uq_platform_audit__position")),
    )
    op.create_index("ix_platform_audit__at", "platform_audit", ["at"], unique=False)
    op.create_index(
        "ix_platform_audit__unsealed",
        "platform_audit",
        ["id"],
        unique=False,
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "platform_file",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_platform_file")),
    )
    op.create_table(
        "platform_login_try",
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_platform_login_try")),
    )
    op.create_index(
        op.f("ix_platform_login_try__last_at"), "platform_login_try", ["last_at"], unique=False
    )
    op.create_table(
        "platform_sequence",
        sa.Column("name", text, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_platform_sequence")),
    )
    op.create_table(
        "platform_stored_field",
        sa.Column("entity", text, nullable=False),
        sa.Column("field", text, nullable=False),
        sa.Column("shape", text, nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("retired_in", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("entity", "field", name=op.f("pk_platform_stored_field")),
    )
    op.create_table(
        "ab_api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("key_hash", sa.String(length=256), nullable=False),
        sa.Column("lookup_hash", sa.String(length=256), nullable=True),
        sa.Column("key_prefix", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("expires_on", sa.DateTime(), nullable=True),
        sa.Column("revoked_on", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_api_key__user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_api_key")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_ab_api_key__lookup_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_ab_api_key__uuid")),
    )
    op.create_index("idx_api_key_lookup_hash", "ab_api_key", ["lookup_hash"], unique=True)
    op.create_index("idx_api_key_prefix", "ab_api_key", ["key_prefix"], unique=False)
    op.create_index("idx_api_key_user_id", "ab_api_key", ["user_id"], unique=False)
    op.create_table(
        "ab_group_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["ab_group.id"],
            name=op.f("fk_ab_group_role__group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_ab_group_role__role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group_role")),
        sa.UniqueConstraint("group_id", "role_id", name=op.f("uq_ab_group_role__group_id_role_id")),
    )
    op.create_index("idx_group_id", "ab_group_role", ["group_id"], unique=False)
    op.create_index("idx_group_role_id", "ab_group_role", ["role_id"], unique=False)
    op.create_table(
        "ab_permission_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_id", sa.Integer(), nullable=False),
        sa.Column("view_menu_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permission_id"],
            ["ab_permission.id"],
            name=op.f("fk_ab_permission_view__permission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["view_menu_id"], ["ab_view_menu.id"], name=op.f("fk_ab_permission_view__view_menu_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view")),
        sa.UniqueConstraint(
            "permission_id",
            "view_menu_id",
            name=op.f("uq_ab_permission_view__permission_id_view_menu_id"),
        ),
    )
    op.create_index("idx_permission_id", "ab_permission_view", ["permission_id"], unique=False)
    op.create_index("idx_view_menu_id", "ab_permission_view", ["view_menu_id"], unique=False)
    op.create_table(
        "ab_user_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["ab_group.id"],
            name=op.f("fk_ab_user_group__group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_group__user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_group")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_ab_user_group__user_id_group_id")),
    )
    op.create_index("idx_user_group_id", "ab_user_group", ["group_id"], unique=False)
    op.create_index("idx_user_id", "ab_user_group", ["user_id"], unique=False)
    op.create_table(
        "ab_user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_ab_user_role__role_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_role__user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_role")),
        sa.UniqueConstraint("user_id", "role_id", name=op.f("uq_ab_user_role__user_id_role_id")),
    )
    op.create_table(
        "platform_account",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "must_change_password", sa.Boolean(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("password_changed_at", moment, nullable=True),
        sa.Column("last_login_at", moment, nullable=True),
        sa.Column("last_login_from", sa.String(length=64), nullable=True),
        sa.Column(
            "failures_since_login", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("locale", sa.String(length=8), nullable=True),
        sa.Column("theme", sa.String(length=8), nullable=True),
        sa.Column("density", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["ab_user.id"],
            name=op.f("fk_platform_account__user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_platform_account")),
    )
    op.create_table(
        "platform_attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity", text, nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.String(), server_default="", nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("media_type", text, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("stored_as", text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", moment, nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["ab_user.id"], name=op.f("fk_platform_attachment__by_id")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["ab_user.id"], name=op.f("fk_platform_attachment__removed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_attachment")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_platform_attachment__stored_as")),
    )
    op.create_index(
        op.f("ix_platform_attachment__by_id"), "platform_attachment", ["by_id"], unique=False
    )
    op.create_index(
        "ix_platform_attachment__record",
        "platform_attachment",
        ["entity", "record_id", "field"],
        unique=False,
    )
    op.create_table(
        "platform_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity", text, nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", text, nullable=False),
        sa.Column("action", text, nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("place", text, nullable=True),
        sa.Column("reason", text, nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("changes", json, nullable=True),
        sa.Column("details", json, nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["ab_user.id"], name=op.f("fk_platform_history__by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_history")),
    )
    op.create_index("ix_platform_history__at", "platform_history", ["at"], unique=False)
    op.create_index(
        "ix_platform_history__record",
        "platform_history",
        ["entity", "record_id", "id"],
        unique=False,
    )
    op.create_table(
        "platform_outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("key", text, nullable=False),
        sa.Column("channel", text, nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("address", text, nullable=True),
        sa.Column("subject", text, nullable=True),
        sa.Column("text", text, nullable=True),
        sa.Column("entity", text, nullable=True),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("trouble", text, nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["ab_user.id"], name=op.f("fk_platform_outbox__recipient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_platform_outbox__key")),
    )
    op.create_index(
        "ix_platform_outbox__waiting",
        "platform_outbox",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "platform_release",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", text, nullable=False),
        sa.Column("why", text, nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("back_to", sa.Integer(), nullable=True),
        sa.Column("plan", json, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["ab_user.id"], name=op.f("fk_platform_release__by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_release")),
    )
    op.create_table(
        "platform_saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("entity", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("query", text, nullable=True),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_platform_saved_view__user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_saved_view")),
        sa.UniqueConstraint(
            "user_id", "entity", "name", name=op.f("uq_platform_saved_view__user_id_entity_name")
        ),
    )
    op.create_index(
        "ix_platform_saved_view__entity", "platform_saved_view", ["entity"], unique=False
    )
    op.create_table(
        "platform_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("address", text, nullable=True),
        sa.Column("agent", text, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["ab_user.id"],
            name=op.f("fk_platform_session__user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_platform_session__key_hash")),
    )
    op.create_index(
        "ix_platform_session__person", "platform_session", ["user_id", "ended_at"], unique=False
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", text, nullable=False),
        sa.Column("label", text, nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("initials", text, nullable=True),
        sa.Column("retired_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_post__department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("key", name=op.f("uq_post__key")),
    )
    op.create_index(op.f("ix_post__department_id"), "post", ["department_id"], unique=False)
    op.create_table(
        "ab_permission_view_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_view_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["permission_view_id"],
            ["ab_permission_view.id"],
            name=op.f("fk_ab_permission_view_role__permission_view_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["ab_role.id"],
            name=op.f("fk_ab_permission_view_role__role_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view_role")),
        sa.UniqueConstraint(
            "permission_view_id",
            "role_id",
            name=op.f("uq_ab_permission_view_role__permission_view_id_role_id"),
        ),
    )
    op.create_index(
        "idx_permission_view_id", "ab_permission_view_role", ["permission_view_id"], unique=False
    )
    op.create_index("idx_role_id", "ab_permission_view_role", ["role_id"], unique=False)
    op.create_table(
        "platform_release_file",
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("path", text, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["platform_file.digest"], name=op.f("fk_platform_release_file__digest")
        ),
        sa.ForeignKeyConstraint(
            ["release"], ["platform_release.id"], name=op.f("fk_platform_release_file__release")
        ),
        sa.PrimaryKeyConstraint("release", "path", name=op.f("pk_platform_release_file")),
    )
    op.create_table(
        "post_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_holder__post_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_post_holder__user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_holder")),
    )
    op.create_index(op.f("ix_post_holder__user_id"), "post_holder", ["user_id"], unique=False)
    op.create_index(
        "uq_post_holder__present",
        "post_holder",
        ["post_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
