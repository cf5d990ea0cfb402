"""Chinese words for the platform's own verbs and doings."""

from __future__ import annotations

VERB_WORDS = {
    "read": "查看",
    "create": "新增",
    "edit": "修改",
    "retire": "停用",
    "export": "导出",
    "import": "导入",
}
