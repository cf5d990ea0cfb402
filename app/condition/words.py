"""How kinds and comparisons are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from app.condition.vocabulary import Kind

KIND_WORDS: Mapping[Kind, str] = {
    Kind.TEXT: "文字",
    Kind.NOTE: "长文本",
    Kind.LINES: "多行列表",
    Kind.INTEGER: "整数",
    Kind.DECIMAL: "小数",
    Kind.MONEY: "金额",
    Kind.PERCENT: "百分数",
    Kind.YES_NO: "是否",
    Kind.DATE: "日期",
    Kind.DATETIME: "日期时间",
    Kind.TIME: "时刻",
    Kind.DURATION: "时长",
    Kind.CHOICE: "单选",
    Kind.CHOICES: "多选",
    Kind.REF: "引用",
    Kind.REFS: "多个引用",
    Kind.FILES: "附件",
    Kind.PHONE: "电话",
    Kind.EMAIL: "邮箱",
    Kind.URL: "网址",
    Kind.ID_CARD: "身份证号",
    Kind.CREDIT_CODE: "信用代码",
    Kind.CODE: "编码",
    Kind.CONDITION: "条件",
}
