"""Flask-AppBuilder as it comes, over the peer tables: the same versions that the product builds on."""

from __future__ import annotations

import os

from flask import Flask
from flask_appbuilder import AppBuilder, Model
from flask_appbuilder.api import ModelRestApi
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.utils.legacy import get_sqla_class
from flask_appbuilder.views import ModelView
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Numeric,
    Text,
)
from sqlalchemy.orm import relationship

URL = os.environ["BENCH_DATABASE"].replace("postgresql://", "postgresql+psycopg://")
Decimals = (
    BigInteger if URL.startswith("sqlite") else Numeric
)  # SQLite has none: whole numbers there


class Category(Model):
    __tablename__ = "peer_category"
    id = Column(BigInteger, primary_key=True)
    name = Column(Text)

    def __repr__(self) -> str:
        return str(self.name)


class Company(Model):
    __tablename__ = "peer_company"
    id = Column(BigInteger, primary_key=True)
    name = Column(Text)

    def __repr__(self) -> str:
        return str(self.name)


class Officer(Model):
    __tablename__ = "peer_officer"
    id = Column(BigInteger, primary_key=True)
    name = Column(Text)

    def __repr__(self) -> str:
        return str(self.name)


class Matter(Model):
    __tablename__ = "peer_matter"
    id = Column(BigInteger, primary_key=True)
    number = Column(Text)
    subject = Column(Text, nullable=False)
    detail = Column(Text)
    company_id = Column(ForeignKey("peer_company.id"))
    category_id = Column(ForeignKey("peer_category.id"))
    officer_id = Column(ForeignKey("peer_officer.id"))
    company = relationship(Company)
    category = relationship(Category)
    officer = relationship(Officer)
    status = Column(Text)
    grade = Column(Text)
    channel = Column(Text)
    due_on = Column(Date)
    opened_on = Column(Date)
    handled_at = Column(DateTime)
    amount = Column(Decimals)
    rate = Column(Decimals)
    score = Column(Integer)
    visits = Column(Integer)
    urgent = Column(Boolean)
    secret = Column(Boolean)
    phone = Column(Text)
    place = Column(Text)
    remark = Column(Text)
    created_at = Column(DateTime)
    changed_at = Column(DateTime)
    version = Column(Integer)


SHOWN = [
    "number",
    "subject",
    "company",
    "category",
    "officer",
    "status",
    "grade",
    "due_on",
    "created_at",
]
# Its form can't take back the moments that it shows on PostgreSQL.
EDITED = [
    key for key in Matter.__mapper__.attrs if key != "id" and not key.endswith(("_at", "_id"))
]
ANSWERED = ["id", *SHOWN[:2], "company.name", "category.name", "officer.name", *SHOWN[5:]]


class MatterView(ModelView):  # type: ignore[misc]
    datamodel = SQLAInterface(Matter)
    list_columns = SHOWN
    edit_columns = EDITED
    base_order = ("created_at", "desc")
    page_size = 20


class MatterApi(ModelRestApi):  # type: ignore[misc]
    resource_name = "matter"
    datamodel = SQLAInterface(Matter)
    list_columns = ANSWERED
    base_order = ("created_at", "desc")
    page_size = 20


application = Flask(__name__)
application.config.update(
    SQLALCHEMY_DATABASE_URI=URL,
    SECRET_KEY="bench" * 10,
    WTF_CSRF_ENABLED=False,
    FAB_API_MAX_PAGE_SIZE=100,
)
db = get_sqla_class()(application)
with application.app_context():
    appbuilder = AppBuilder(application, db.session)
    appbuilder.add_view(MatterView, "Matters")
    appbuilder.add_api(MatterApi)
    if appbuilder.sm.find_user("stock") is None:
        appbuilder.sm.add_user(
            "stock", "s", "s", "s@example.com", appbuilder.sm.find_role("Admin"), "stock"
        )
