"""Which files may be uploaded: office papers, pictures, recordings and archives whose content is what the name says."""

from __future__ import annotations

from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument."

# Ending → media type that it is sent back with. What a browser would run (html, svg, xml) isn't here.
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "doc": "application/msword",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "wps": "application/vnd.ms-works",
    "et": "application/octet-stream",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "webp": "image/webp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
}

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_BEGINS: Mapping[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "bmp": (b"BM",),
    "webp": (b"RIFF",),
    "wav": (b"RIFF",),
    "tif": (b"II*\x00", b"MM\x00*"),
    "tiff": (b"II*\x00", b"MM\x00*"),
    "rar": (b"Rar!",),
    "7z": (b"7z\xbc\xaf\x27\x1c",),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "ofd"), _ZIP),
    **dict.fromkeys(("doc", "xls", "ppt", "wps", "et"), (*_OLE, *_ZIP)),
}
MOST_PIXELS = 50_000_000


def kind_fault(name: str, head: bytes) -> str:
    """Why a file with this name and these first bytes can't be kept (Chinese), or nothing."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem:
        return "文件名要带扩展名，如 .pdf"
    kind = ending.lower()
    if kind not in MEDIA_TYPES:
        return f"不收 .{ending[:10]} 文件，请转成 PDF、Office 文档、图片或压缩包"
    begins = _BEGINS.get(kind)
    if begins and not head.startswith(begins):
        return f"内容不是 .{kind} 文件，请核对后重传"
    if kind in ("txt", "csv") and b"\x00" in head:
        return f"内容不是 .{kind} 文件，请核对后重传"
    if kind == "png" and _pixels(head) > MOST_PIXELS:
        return "图片的像素太多，请缩小后重传"
    return ""


def _pixels(head: bytes) -> int:
    return int.from_bytes(head[16:20]) * int.from_bytes(head[20:24]) if len(head) >= 24 else 0
