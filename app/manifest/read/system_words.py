"""What the platform's own fields are called on a site whose labels are English."""

from __future__ import annotations

from dataclasses import replace

from app.manifest.model.fields import Field

ENGLISH = {
    "内部编号": "Internal id",
    "编号": "Number",
    "登记时间": "Created",
    "登记人": "Created by",
    "修改时间": "Changed",
    "修改人": "Changed by",
    "版本": "Version",
    "状态": "State",
    "轮次": "Round",
    "截止时间": "Due",
    "截止": "due",
    "停表": "stopped",
    "签收时间": "acceptance",
    "办结时间": "completion",
    "退回次数": "times returned",
    "预约日期": "Date",
    "时段": "Session",
    "开始时间": "Starts",
    "结束时间": "Ends",
    "满意度": "Satisfaction",
    "评价时间": "Rated",
    "是否联系上": "Reached",
    "亮牌": "Colour",
    "蓝色": "Blue",
    "黄色": "Yellow",
    "红色": "Red",
}


def in_language(field: Field, locale: str) -> Field:
    """A system field as it is called in the site's language; what the administrator named stays as it is."""
    if locale != "en":
        return field
    choices = field.choices
    if field.key == "colour":  # other choices are the administrator's
        choices = tuple(replace(one, label=ENGLISH.get(one.label, one.label)) for one in choices)
    said, joint, own = field.label.rpartition("·")
    if not joint:
        return replace(field, label=ENGLISH.get(field.label, field.label), choices=choices)
    word = "due" if own == "截止时间" else ENGLISH.get(own, own)
    return replace(field, label=f"{said}: {word}", choices=choices)
