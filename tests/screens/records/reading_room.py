"""The reading room's files."""

from __future__ import annotations

from tests.domain.desk import SITE

EVERYTHING = """
entity: paper
label: 表样
title: t_text
number: P-{year}-{seq:3}
attachments: yes
workflow: paper_flow
fields:
  t_text: { label: 文本, type: text, required: yes, search: yes, max_length: 20, help: 一句话 }
  t_note: { label: 长文, type: note }
  t_lines: { label: 多行, type: lines }
  t_integer: { label: 整数, type: integer, unit: 人, min: 0 }
  t_decimal: { label: 小数, type: decimal }
  t_money: { label: 金额, type: money, unit: 万元 }
  t_percent: { label: 比例, type: percent }
  t_yes: { label: 是否, type: yes_no }
  t_date: { label: 日期, type: date }
  t_datetime: { label: 时刻, type: datetime }
  t_time: { label: 时间, type: time }
  t_duration: { label: 时长, type: duration }
  t_choice: { label: 单选, type: choice, choices: { low: 低, high: 高 } }
  t_long_choice: { label: 长单选, type: choice, choices: { c1: 一, c2: 二, c3: 三, c4: 四, c5: 五, c6: 六 } }
  t_choices: { label: 多选, type: choices, choices: { art: 艺术, law: 法律 } }
  t_ref: { label: 图书, type: ref, to: book }
  t_refs: { label: 书单, type: refs, to: book }
  t_files: { label: 材料, type: files }
  t_phone: { label: 电话, type: phone, private: yes }
  t_email: { label: 邮箱, type: email }
  t_url: { label: 网址, type: url }
  t_card: { label: 身份证, type: id_card }
  t_credit: { label: 信用代码, type: credit_code }
  t_code: { label: 代码, type: code }
  t_condition: { label: 条件, type: condition, of: book }
  t_when: { label: 理由, type: text, visible_when: t_choice is high, required_when: t_choice is high }
  t_price: { label: 贵书说明, type: text, visible_when: t_ref.price > 3 }
  t_fixed: { label: 固定, type: text, read_only: yes, default: 不可改 }
list: [number, t_text, t_choice, state, t_money, t_ref, t_date]
filter: [t_choice, state, t_ref, t_date, t_yes, t_integer, t_refs]
form:
  - { section: 基本, fields: [t_text, t_note, t_lines, t_integer, t_decimal, t_money, t_percent, t_yes] }
  - { section: 时间, fields: [t_date, t_datetime, t_time, t_duration] }
  - { section: 选择, fields: [t_choice, t_long_choice, t_choices, t_ref, t_refs, t_files] }
  - { section: 其余, fields: [t_phone, t_email, t_url, t_card, t_credit, t_code, t_condition, t_when, t_price, t_fixed] }
order: -created_at
details: [slip]
"""

FILES = SITE | {
    "config/roles.yaml": SITE["config/roles.yaml"]
    .replace(
        "      book: [read, create, edit, retire]\n",
        "      book: [read, create, edit, retire]\n"
        "      paper: [read, create, edit, retire]\n      slip: [read, create, edit, retire]\n",
        1,
    )
    .replace(
        "    private_fields: [member.phone]", "    private_fields: [member.phone, paper.t_phone]"
    )
    .replace("      book: [read]\n", "      book: [read]\n      paper: [read, edit]\n", 1),
    "workflows.yaml": """
workflows:
  paper_flow:
    label: 流转
    start: open
    states: { open: { label: 待办 }, shut: { label: 办结, final: yes } }
    transitions:
      finish: { label: 办结, from: open, to: shut, by: head }
""",
    "catalogs/paper.yaml": EVERYTHING,
    "catalogs/slip.yaml": """
entity: slip
label: 附单
title: remark
fields:
  paper: { label: 表样, type: ref, to: paper, required: yes }
  remark: { label: 附言, type: text, required: yes }
list: [remark]
order: -created_at
""",
}
