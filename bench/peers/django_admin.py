"""Django's admin over the peer tables, as its documentation shows it: list_display, list_filter, search_fields."""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings
from django.urls import path

URL = os.environ["BENCH_DATABASE"]  # sqlite:///file or postgresql://user@host/name


def _database() -> dict[str, object]:
    if URL.startswith("sqlite"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": URL.removeprefix("sqlite:///"),
            "OPTIONS": {"timeout": 5},
        }
    rest = URL.split("://", 1)[1]
    user, where = rest.split("@", 1)
    host, name = where.split("/", 1)
    host, _, port = host.partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": None,
    }


settings.configure(
    DEBUG=False,
    SECRET_KEY="bench" * 10,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": _database()},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "bench.peers",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    USE_TZ=True,
    LANGUAGE_CODE="zh-hans",
    STATIC_URL="/static/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
)
django.setup()

from django.contrib import admin  # noqa: E402
from django.db import models  # noqa: E402


class Named(models.Model):
    name = models.TextField("名称")
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
        app_label = "peers"

    def __str__(self) -> str:
        return str(self.name)


class Category(Named):
    class Meta(Named.Meta):
        db_table = "peer_category"
        managed = False


class Company(Named):
    class Meta(Named.Meta):
        db_table = "peer_company"
        managed = False


class Officer(Named):
    class Meta(Named.Meta):
        db_table = "peer_officer"
        managed = False


def _decimal(label: str) -> models.Field:  # type: ignore[type-arg]
    """SQLite has no decimals: there they are whole numbers."""
    if URL.startswith("sqlite"):
        return models.BigIntegerField(label, null=True)
    return models.DecimalField(label, max_digits=14, decimal_places=2, null=True)


def _choices(words: str) -> list[tuple[str, str]]:
    return [(word, word) for word in words.split()]


class Matter(models.Model):
    number = models.TextField("编号", blank=True, null=True)
    subject = models.TextField("标题")
    detail = models.TextField("内容", blank=True, null=True)
    company = models.ForeignKey(Company, models.DO_NOTHING, verbose_name="企业")
    category = models.ForeignKey(Category, models.DO_NOTHING, verbose_name="类别")
    officer = models.ForeignKey(Officer, models.DO_NOTHING, verbose_name="承办单位")
    status = models.CharField(
        "状态", max_length=20, choices=_choices("received handling waiting replied closed")
    )
    grade = models.CharField(
        "等级", max_length=20, choices=_choices("normal complex urgent"), null=True
    )
    channel = models.CharField(
        "渠道", max_length=20, choices=_choices("hotline online visit leader"), null=True
    )
    due_on = models.DateField("到期日", null=True)
    opened_on = models.DateField("登记日", null=True)
    handled_at = models.DateTimeField("办理时间", null=True)
    amount = _decimal("金额")
    rate = _decimal("进度")
    score = models.IntegerField("评分", null=True)
    visits = models.IntegerField("走访次数", null=True)
    urgent = models.BooleanField("加急", null=True)
    secret = models.BooleanField("保密", null=True)
    phone = models.TextField("电话", blank=True, null=True)
    place = models.TextField("地点", blank=True, null=True)
    remark = models.TextField("备注", blank=True, null=True)
    created_at = models.DateTimeField("登记时间")
    changed_at = models.DateTimeField("修改时间")
    version = models.IntegerField(default=1)

    class Meta:
        app_label = "peers"
        db_table = "peer_matter"
        managed = False

    def __str__(self) -> str:
        return str(self.subject)


@admin.register(Matter)
class MatterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "number",
        "subject",
        "company",
        "category",
        "officer",
        "status",
        "grade",
        "due_on",
        "created_at",
    )
    list_filter = ("status", "officer", "grade", "category", "due_on")
    list_select_related = ("company", "category", "officer")
    search_fields = ("number", "subject")
    ordering = ("-created_at", "-id")
    list_per_page = 20


urlpatterns = [path("admin/", admin.site.urls)]


def prepare() -> str:
    """Django's own tables and a superuser; returns the session cookie of a log-in."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    User.objects.filter(username="bench").delete()
    User.objects.create_superuser("bench", "b@example.com", "bench")
    client = Client()
    assert client.login(username="bench", password="bench")
    return f"sessionid={client.cookies['sessionid'].value}"


if __name__ == "__main__" and sys.argv[1:] == ["prepare"]:
    print(prepare())
else:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
