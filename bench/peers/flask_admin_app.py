"""Flask-Admin over the peer tables."""

from __future__ import annotations

import os

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Boolean, Date, DateTime, ForeignKey, Integer, Numeric, Text
from sqlalchemy.orm import relationship

URL = os.environ["BENCH_DATABASE"].replace("postgresql://", "postgresql+psycopg://")
Decimals = (
    BigInteger if URL.startswith("sqlite") else Numeric
)  # SQLite has none: whole numbers there

application = Flask(__name__)
application.config.update(SQLALCHEMY_DATABASE_URI=URL, SECRET_KEY="bench" * 10)
db = SQLAlchemy(application)
C = db.Column


class Category(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "peer_category"
    id = C(BigInteger, primary_key=True)
    name = C(Text)

    def __str__(self) -> str:
        return str(self.name)


class Company(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "peer_company"
    id = C(BigInteger, primary_key=True)
    name = C(Text)

    def __str__(self) -> str:
        return str(self.name)


class Officer(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "peer_officer"
    id = C(BigInteger, primary_key=True)
    name = C(Text)

    def __str__(self) -> str:
        return str(self.name)


class Matter(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "peer_matter"
    id = C(BigInteger, primary_key=True)
    number = C(Text)
    subject = C(Text, nullable=False)
    detail = C(Text)
    company_id = C(ForeignKey("peer_company.id"))
    category_id = C(ForeignKey("peer_category.id"))
    officer_id = C(ForeignKey("peer_officer.id"))
    company = relationship(Company)
    category = relationship(Category)
    officer = relationship(Officer)
    status = C(Text)
    grade = C(Text)
    channel = C(Text)
    due_on = C(Date)
    opened_on = C(Date)
    handled_at = C(DateTime)
    amount = C(Decimals)
    rate = C(Decimals)
    score = C(Integer)
    visits = C(Integer)
    urgent = C(Boolean)
    secret = C(Boolean)
    phone = C(Text)
    place = C(Text)
    remark = C(Text)
    created_at = C(DateTime)
    changed_at = C(DateTime)
    version = C(Integer)


NEWEST = [("created_at", True), ("id", True)]


class MatterView(ModelView):  # type: ignore[misc]
    column_list = (
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
    column_filters = ("status", "officer.id", "grade", "category.name", "due_on")
    column_searchable_list = ("number", "subject")
    column_sortable_list = ("due_on", "created_at")
    column_default_sort = NEWEST
    column_select_related_list = (Matter.company, Matter.category, Matter.officer)
    page_size = 20


admin = Admin(application, name="bench")
admin.add_view(MatterView(Matter, db.session, endpoint="matter"))
