"""161 whistles of 2025 in the seeds' distribution: by month, channel, grade and category."""

from __future__ import annotations

import random
from calendar import monthrange

from makings.rows import Row, chance, phone

MONTHS = (8, 9, 12, 13, 14, 15, 16, 14, 15, 16, 15, 14)
CHANNELS = {"leader_visit": 29, "hotline": 43, "online": 52, "onsite_visit": 37}
GRADES = {"normal": 97, "complex": 52, "urgent": 12}
CATEGORIES = {"A01": 34, "A02": 12, "A03": 19, "A04": 22, "A05": 14, "A06": 16, "A07": 9, "A08": 12, "A09": 8, "A10": 6,
              "A11": 6, "A12": 3}  # fmt: skip
COUNT = 161
_COMPLAINTS = ("A1201", "A1202", "A1203")
_COMPLAINED = ("d08", "d10", "d12")

# What is asked, by category: (subject, detail).
MATTERS: dict[str, tuple[str, str]] = {
    "A0101": ("申请用电增容", "新增两条生产线，现有变压器容量不足，申请增容并尽快答复供电方案。"),
    "A0102": ("供水压力不足", "用水高峰时段水压偏低，影响清洗工序，请协调检查管网。"),
    "A0103": ("天然气价格和供应量协商", "用气量同比增加，希望协商阶梯气价并保障冬季供应。"),
    "A0104": ("蒸汽供应不稳定", "近期集中供热蒸汽压力波动，影响连续生产，请协调热源单位。"),
    "A0105": ("厂区手机信号弱", "二期厂房内手机信号弱，请协调通信运营企业补点。"),
    "A0201": ("扩产用地指标落实", "扩建项目需用地约 30 亩，请明确供地时间。"),
    "A0202": ("规划条件调整", "建筑限高与工艺设备高度冲突，申请调整规划条件。"),
    "A0203": ("不动产登记办理", "厂房已竣工验收，不动产登记卡在测绘环节，请协调。"),
    "A0204": ("租赁标准厂房", "现有场地不足，求租 2000 平方米左右标准厂房。"),
    "A0205": ("地块场地平整", "已摘牌地块尚有杆线未迁，影响开工，请协调。"),
    "A0301": ("报建审批进度查询", "施工图已审查完毕，请协调加快后续审批。"),
    "A0302": ("施工许可办理指导", "首次自建厂房，不熟悉施工许可材料，请派人指导。"),
    "A0303": ("消防设计审查意见理解", "对防火分区审查意见有疑问，请组织一次技术指导。"),
    "A0304": ("竣工联合验收", "项目已具备验收条件，请组织联合验收。"),
    "A0305": ("施工受阻协调", "施工便道被堵，工程停工，请尽快协调。"),
    "A0401": ("技改补助政策咨询", "拟更新设备，请解读技改补助的条件和材料。"),
    "A0402": ("项目资金申报指导", "拟申报省级专项，请指导申报材料。"),
    "A0403": ("奖补资金拨付进度", "上年度认定奖励已公示，尚未到账，请查询进度。"),
    "A0404": ("招商协议条款兑现", "协议约定的道路配套尚未建成，请明确时间。"),
    "A0405": ("研发费用加计扣除辅导", "对加计扣除归集口径不清楚，请税务部门辅导。"),
    "A0501": ("流动资金贷款需求", "订单增加，需流动资金贷款，请推荐合适产品。"),
    "A0502": ("贷款到期续贷", "贷款本月到期，续贷批复未下，需要转贷过桥。"),
    "A0503": ("融资担保对接", "缺少抵押物，希望对接政策性担保。"),
    "A0504": ("股权融资对接", "计划引入股权投资，请对接产业基金。"),
    "A0505": ("出口信用保险咨询", "新开拓海外客户，咨询出口信用保险。"),
    "A0601": ("一线操作工招聘", "旺季缺装配工 30 人，请协助招聘。"),
    "A0602": ("劳动用工合规指导", "拟调整工时制度，请指导用工合规。"),
    "A0603": ("社保单位账户业务", "员工转入社保关系办理较慢，请协调。"),
    "A0604": ("高层次人才认定", "引进的研发负责人符合条件，请指导人才认定。"),
    "A0605": ("订单班合作", "希望与职业院校合办机器人运维订单班。"),
    "A0701": ("增设通勤公交站点", "夜班职工下班无公交，请增设站点或延长末班车。"),
    "A0702": ("职工子女入学", "外地职工子女入学名额，请协调。"),
    "A0703": ("申请人才公寓", "新引进技术人员需要住房，申请人才公寓。"),
    "A0704": ("园区医疗点", "园区内看病不便，建议设置医疗点。"),
    "A0705": ("周边餐饮配套", "午餐配套不足，希望引进职工食堂或团餐。"),
    "A0801": ("厂区门口道路破损", "门前道路破损，货车进出困难，请修复。"),
    "A0802": ("雨后道路积水", "强降雨后门前积水倒灌，请尽快疏通排水。"),
    "A0803": ("路灯不亮", "厂区外侧路灯多盏不亮，夜班职工通行不便。"),
    "A0804": ("货车通行和停车", "货车限行时段影响发货，请协调通行。"),
    "A0805": ("厂区周边治安巡逻", "夜间周边偏僻，请加强巡逻。"),
    "A0901": ("环评办理指导", "扩建项目环评类别不清楚，请指导。"),
    "A0902": ("危险废物转移处置", "危废暂存将满，请协调处置单位。"),
    "A0903": ("安全生产标准化指导", "拟创建标准化三级企业，请专家指导。"),
    "A0904": ("消防检查整改咨询", "对检查提出的整改要求有疑问，请指导。"),
    "A0905": ("突发停产应急协调", "上游管线突发故障致停产，请协调抢修。"),
    "A1001": ("许可证办理咨询", "新增产品类别，咨询许可变更材料。"),
    "A1002": ("检查频次偏多", "一个月内接待多次检查，希望合并检查。"),
    "A1003": ("处罚决定异议", "对处罚裁量有异议，请协调复核。"),
    "A1004": ("商标被仿冒", "发现市场有仿冒产品，请维权指导。"),
    "A1005": ("产品检测资源对接", "新产品需要第三方检测，请对接资源。"),
    "A1101": ("寻找本地配套", "需要本地表面处理配套企业，请撮合。"),
    "A1102": ("招标条件反映", "某采购项目设置的条件与履约无关，请核查。"),
    "A1103": ("账款被拖欠", "某单位拖欠货款超过一年，请协调。"),
    "A1104": ("出口通关咨询", "首次自营出口，咨询通关流程。"),
    "A1105": ("组团参展", "希望参加行业展会，请组织组团参展。"),
    "A1201": ("窗口答复不一致", "同一事项两次答复不一致，请核实。"),
    "A1202": ("收费依据疑问", "被要求缴纳一项费用，未说明依据，请核实。"),
    "A1203": ("被要求使用指定机构", "办理事项时被要求使用指定机构，请核实。"),
    "A1204": ("优化办事指南的建议", "建议办事指南增加样表。"),
    "A1205": ("会议室借用", "企业培训需要场地，请协调会议室。"),
}


def whistles(firms: list[Row]) -> list[Row]:
    """In the order of their coming. States, replies and ratings come with the workflow."""
    dice = chance("whistle")
    channels, categories = _spread(dice, CHANNELS), _spread(dice, CATEGORIES)
    grades = _grades(dice, channels)
    return [
        _whistle(dice, n, at, channels[n], grades[n], categories[n], firms)
        for n, at in enumerate(sorted(_moments(dice)))
    ]


def _grades(dice: random.Random, channels: list[str]) -> list[str]:
    """What leaders bring home from a visit is complex at the least."""
    grave = _spread_of(dice, {key: count for key, count in GRADES.items() if key != "normal"})
    visits = channels.count("leader_visit")
    rest = grave[visits:] + ["normal"] * GRADES["normal"]
    dice.shuffle(rest)
    visited, others = iter(grave[:visits]), iter(rest)
    return [next(visited if channel == "leader_visit" else others) for channel in channels]


def _spread(dice: random.Random, counts: dict[str, int]) -> list[str]:
    """Each key exactly as often as it says, in a mixed order."""
    assert sum(counts.values()) == COUNT
    return _spread_of(dice, counts)


def _spread_of(dice: random.Random, counts: dict[str, int]) -> list[str]:
    mixed = [key for key, count in counts.items() for _ in range(count)]
    dice.shuffle(mixed)
    return mixed


def _moments(dice: random.Random) -> list[str]:
    return [
        f"2025-{month:02}-{dice.randint(1, monthrange(2025, month)[1]):02} {dice.randint(8, 17):02}:{dice.randint(0, 59):02}"
        for month, count in enumerate(MONTHS, 1)
        for _ in range(count)
    ]


def _whistle(
    dice: random.Random, n: int, at: str, channel: str, grade: str, category: str, firms: list[Row]
) -> Row:
    code = f"{category}{dice.randint(1, 5):02}"
    owner = dice.choice([n for n, firm in enumerate(firms, 1) if firm["established"] < "2025"])
    firm = firms[owner - 1]
    subject, detail = MATTERS[code]
    return {
        "subject": f"{firm['name'][2:4]}公司：{subject}",
        "detail": detail,
        "enterprise": f"@{owner}",
        "category": code,
        "grade": grade,
        "contact_name": firm["contact_name"],
        "phone": firm["contact_phone"] if dice.random() < 0.8 else phone(70_000 + n),
        "complained_department": dice.choice(_COMPLAINED) if code in _COMPLAINTS else None,
        "confidential": True if code in _COMPLAINTS else None,
        **_source(dice, n, channel, at),
        "_at": at,
    }


def _source(dice: random.Random, n: int, channel: str, at: str) -> Row:
    """What each channel writes down besides."""
    match channel:
        case "leader_visit":
            leader = dice.choice(("director", "vice_director"))
            return {"channel": channel, "visited_at": at, "visit_leader": leader, "major": True,
                    "source_no": f"DY-{at[:4]}-{n + 1:03}"}  # fmt: skip
        case "onsite_visit":
            return {"channel": channel, "visited_at": at, "source_no": f"ZF-{at[:4]}-{n + 1:03}"}
        case "hotline":
            return {"channel": channel, "called_at": at, "recording_no": f"LY{n + 1:06}"}
    return {"channel": channel}
