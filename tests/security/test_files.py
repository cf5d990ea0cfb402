"""Uploads: what may not be kept, what a kept file can do to its reader (nothing), and who gets at it."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.domain import attachments
from app.schema.engine import reading, writing
from app.schema.platform import platform
from app.screens.security import requests
from app.screens.visits import EXTENSION
from tests.screens.records.conftest import words
from tests.security.ward import LEAKS, Walker, Ward

PDF = b"%PDF-1.7 /JS (app.alert(1))"
JPG = b"\xff\xd8\xff\xe0<script>alert(1)</script>"


def bomb() -> bytes:
    """A PNG of a hundred million pixels in a few bytes."""
    head = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )


def upload(
    walker: Walker, record: int, *files: tuple[str, bytes], kind: str = "text/html;image/png"
) -> TestResponse:
    sent = [(io.BytesIO(content), name, kind) for name, content in files]
    return walker.post(
        f"/member/attach/{record}",
        data={"csrf_token": walker.forgery, "files": sent},
        content_type="multipart/form-data",
    )


def kept(ward: Ward) -> list[Any]:
    with reading(ward.house.engine) as db:
        return list(db.execute(select(platform.attachment).order_by(platform.attachment.c.id)))


def on_disk(ward: Ward) -> list[Path]:
    return [one for one in ward.house.shell.settings.storage.rglob("*") if one.is_file()]


REFUSED = {
    "x.html": b"<script>alert(1)</script>",
    "x.svg": b"<svg onload='alert(1)'/>",
    "x.xml": b"<?xml version='1.0'?>",
    "a.jpg.php": JPG,
    "a.php": b"<?php",
    "a.exe": b"MZ",
    "CON": PDF,
    "noending": PDF,
    ".pdf": PDF,
    "a.pdf": b"<html>",
    "a.png": b"GIF89a",
    "a.gif": b"/*GIF89a*/",
    "big.png": bomb(),
    "empty.pdf": b"",
    "a.txt": b"\x00\x01",
    "a.docx": b"PK no",
    "a.pdf\u202efdp.exe": PDF,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_harm_or_is_not_what_it_says_is_not_kept(ward: Ward, name: str) -> None:
    head = ward.walker("head")
    answer = upload(head, 1, (name, REFUSED[name]))
    assert answer.status_code == 302
    assert kept(ward) == [] and on_disk(ward) == []
    page = head.get("/member/show/1")
    assert "flash-danger" in page.text or "danger" in page.text
    assert not LEAKS.search(words(page.text).replace(name, ""))


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\x.pdf": "x.pdf",
    "..%2f..%2fx.pdf": "%2f..%2fx.pdf",
    "/etc/a.pdf": "a.pdf",
    "a;b=c.html.pdf": "a;b=c.html.pdf",
    "字" * 200 + ".pdf": "字" * (attachments.MAX_NAME - 4) + ".pdf",
    "a\u202efdp.pdf": "afdp.pdf",
    "x.pdf ": "x.pdf",
    "<script>.pdf": "script.pdf",
    "A.PDF": "A.PDF",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(small: Ward, name: str) -> None:
    """Where it is kept has nothing of it; what it is sent back as is what its ending says."""
    head = small.walker("head")
    assert upload(head, 1, (name, PDF)).status_code == 302
    (row,) = kept(small)
    (path,) = on_disk(small)
    assert row.name == NAMES[name]
    assert path.name == Path(row.stored_as).name and len(path.name) == 32 and "." not in path.name
    sent = head.get(f"/member/file/{row.id}")
    assert sent.data == PDF and sent.mimetype == "application/pdf"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"].startswith("sandbox")
    assert sent.headers["Cache-Control"] == "no-store"
    assert "\n" not in sent.headers["Content-Disposition"]


def test_a_script_within_a_picture_is_a_picture_to_be_saved(small: Ward) -> None:
    head = small.walker("head")
    upload(head, 1, ("a.jpg", JPG))
    sent = head.get(f"/member/file/{kept(small)[0].id}")
    assert (sent.mimetype, sent.data) == ("image/jpeg", JPG)
    assert "sandbox" in sent.headers["Content-Security-Policy"]


def test_a_file_too_large_is_refused_and_takes_no_room(
    small: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = small.house.shell
    smaller = replace(shell, settings=replace(shell.settings, largest_upload=1000))
    monkeypatch.setitem(small.house.app.extensions, EXTENSION, smaller)
    head = small.walker("head")
    assert upload(head, 1, ("a.pdf", PDF + b"x" * 2000)).status_code == 302
    assert kept(small) == [] and on_disk(small) == []
    assert "文件太大" in head.get("/member/show/1").text
    monkeypatch.setattr(requests, "FORM_AROUND", 5_000)
    assert upload(head, 1, ("a.pdf", b"x" * 10_000)).status_code == 413


def test_a_record_has_room_for_fifty(small: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_FILES", 3)
    head = small.walker("head")
    for number in range(5):
        upload(head, 1, (f"{number}.pdf", PDF))
    assert [row.record_id for row in kept(small)][:3] == [1, 1, 1]
    assert len([row for row in kept(small) if row.record_id == 1]) == 3
    assert "一条记录最多 3 个附件" in head.get("/member/show/1").text


def test_what_one_uploads_without_saving_keeps_one_out_for_a_day_only(
    small: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MAX_WAITING", 2)
    head = small.walker("head")

    def waiting() -> TestResponse:
        data = {
            "csrf_token": head.forgery,
            "t_text": "",
            "t_files~upload": (io.BytesIO(PDF), "a.pdf"),
        }
        return head.post("/paper/add", data=data, content_type="multipart/form-data")

    assert [waiting().status_code for _ in range(4)] == [422] * 4
    assert len(kept(small)) == 2
    assert "太多已上传而未保存的文件" in waiting().text
    with writing(small.house.engine) as db:
        table = platform.attachment
        db.execute(update(table).values(at=small.house.shell.now() - attachments.DAY * 2))
    waiting()
    assert len(kept(small)) == 3


def test_nothing_is_stored_for_a_record_on_which_one_may_hang_nothing(small: Ward) -> None:
    """Neither of another branch, nor a colleague's, nor one that isn't there, nor where nothing may be hung at all."""
    for who, record, status in (
        ("south", 1, 404),
        ("north", 1, 403),
        ("head", 999, 404),
        ("nobody", 1, 403),
    ):
        assert upload(small.walker(who), record, ("a.pdf", PDF)).status_code == status, who
    head = small.walker("head")
    data = {"csrf_token": head.forgery, "files": (io.BytesIO(PDF), "a.pdf")}
    assert (
        head.post("/book/attach/1", data=data, content_type="multipart/form-data").status_code
        == 404
    )
    assert kept(small) == [] and on_disk(small) == []


def test_a_file_is_its_record_s_readers_alone(small: Ward) -> None:
    """And follows the record: out of reach as soon as that is, back with it, gone when taken off."""
    head, north, south = (small.walker(name) for name in ("head", "north", "south"))
    upload(head, 1, ("a.pdf", PDF))
    file = kept(small)[0].id
    address = f"/member/file/{file}"
    got = {
        who: small.walker(who).get(address).status_code
        for who in ("head", "north", "south", "nobody", None)
    }
    assert got == {"head": 200, "north": 200, "south": 404, "nobody": 403, None: 302}
    assert head.get(f"/book/file/{file}").status_code == 404, "not by the name of another entity"
    moved = {"version": 1, "branch": small.house.places["south"]}
    assert head.rest("PUT", "member/1", json=moved).status_code == 200
    assert (north.get(address).status_code, south.get(address).status_code) == (404, 200)
    assert south.post(f"/member/detach/1/{file}").status_code == 403
    assert head.post(f"/member/detach/2/{file}").status_code == 404, (
        "not as a file of another record"
    )
    assert head.post(f"/member/detach/1/{file}").status_code == 302
    assert head.get(address).status_code == 404


def test_somebody_else_s_upload_can_t_be_taken_for_one_s_own(small: Ward) -> None:
    head, north = small.walker("head"), small.walker("north")
    data = {"csrf_token": head.forgery, "t_text": "", "t_files~upload": (io.BytesIO(PDF), "a.pdf")}
    head.post("/paper/add", data=data, content_type="multipart/form-data")
    file = kept(small)[0].id
    assert head.get(f"/paper/file/{file}").status_code == 200
    assert north.get(f"/paper/file/{file}").status_code == 404
    made: Any = head.rest("POST", "paper/", json={"t_text": "表"})
    taken = north.rest("PUT", f"paper/{made.json['id']}", json={"version": 1, "t_files": [file]})
    assert taken.status_code == 422
    assert kept(small)[0].record_id is None


def test_content_that_is_gone_from_the_disk_is_not_found(small: Ward) -> None:
    head = small.walker("head")
    upload(head, 1, ("a.pdf", PDF))
    on_disk(small)[0].unlink()
    assert head.get(f"/member/file/{kept(small)[0].id}").status_code == 404


def test_a_form_that_fails_leaves_no_file_behind(
    small: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row isn't there: then the content mustn't be either."""

    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("the disk is full")

    head = small.walker("head")
    stored: list[Any] = []
    real = attachments.store

    def second_fails(*given: Any, **named: Any) -> Any:
        if stored:
            fail()
        stored.append(real(*given, **named))
        return stored[-1]

    monkeypatch.setattr(attachments, "store", second_fails)
    assert upload(head, 1, ("a.pdf", PDF), ("b.pdf", PDF)).status_code == 500
    assert kept(small) == [] and on_disk(small) == []
