"""`config/site.yaml`: the name, place and habits of the site.

The smallest reader, and the pattern of all: constants for keys, a shape, a `build` that turns what was said into
the model and reports what can only be known now.
"""

from __future__ import annotations

from zoneinfo import available_timezones

from app.manifest.link import Linking, Noun
from app.manifest.model.manifest import SiteFacts
from app.manifest.problems import fault, likely
from app.manifest.scalars import Word, label, name, phrase, text, word
from app.manifest.shapes import Key, Said, Shape, mapping

FORMAT = Key("format", word("1"), "配置格式的版本，现在是 1", required=True)
NAME = Key("name", label(), "站点名称，显示在页面左上角", required=True)
LOCALE = Key("locale", word("zh", "en"), "界面语言：zh 或 en，默认 zh")
TIMEZONE = Key("timezone", phrase("时区"), "时区，默认 Asia/Shanghai")
RIBBON = Key("ribbon", label(20), "环境标记，例如“演示环境”，显示在页面顶部")
CONTACT = Key("contact", text(80), "联系方式，显示在登录页和错误页")
CALENDAR = Key("calendar", name(), "默认日历，是 config/calendars.yaml 里的一个")
SITE = Shape("site ", (FORMAT, NAME, LOCALE, TIMEZONE, RIBBON, CONTACT, CALENDAR))
KEY = Key("site", mapping(SITE), "站点", required=True)

UNKNOWN_ZONE = fault("SIT101", "没有 {zone} 这个时区")


def build(said: Said, link: Linking) -> SiteFacts:
    """The facts of the site; defaults stand in for what was refused."""
    calendar = said.get(CALENDAR)
    if calendar is not None:
        link.known(Noun.CALENDAR, calendar)
    zone = said.get(TIMEZONE)
    return SiteFacts(
        name=said.get(NAME, ""),
        locale=said.get(LOCALE, "zh"),
        timezone=_zone(zone, link) if zone is not None else "Asia/Shanghai",
        ribbon=said.get(RIBBON, ""),
        contact=said.get(CONTACT, ""),
        calendar=calendar.text if calendar is not None else "",
        place=said.place,
    )


def _zone(zone: Word, link: Linking) -> str:
    zones = available_timezones()
    if zone.text not in zones:
        link.found.add(
            UNKNOWN_ZONE(zone.place, zone=zone.text, hint=likely(zone.text, sorted(zones)))
        )
        return "Asia/Shanghai"
    return zone.text
