"""`config/organization.yaml`: departments, posts, and what is known of a person."""

from __future__ import annotations

from app.manifest.link import Linking, Noun
from app.manifest.model.fields import Field
from app.manifest.model.organization import DEPARTMENT_KINDS, Department, Organization, Post
from app.manifest.model.values import frozen
from app.manifest.problems import fault
from app.manifest.read.fields import FIELD, build_fields
from app.manifest.read.renames import WAS, check_was
from app.manifest.scalars import key_name, label, name, word, yes_no
from app.manifest.shapes import Key, Said, Shape, Table, mapping, table

LABEL = Key("label", label(), "名称", required=True)
KIND = Key(
    "kind",
    word(*DEPARTMENT_KINDS),
    "类别：committee 管委会，department 部门，utility 水电气单位，bank 银行",
)
UNDER = Key("under", name(), "上级部门")
RETIRED = Key("retired", yes_no(), "是否停用：旧记录照常显示，新记录不能再选")
DEPARTMENT = Shape("部门", (LABEL, KIND, UNDER, RETIRED, WAS))
OF = Key("department", name(), "所属部门")
POST = Shape("岗位", (LABEL, OF, RETIRED, WAS))
PERSON_FIELDS = Key(
    "fields",
    table(mapping(FIELD), key=key_name()),
    "人员的附加字段，写法同实体的字段",
    required=True,
)
PEOPLE = Shape("人员", (PERSON_FIELDS,))
DEPARTMENTS = Key("departments", table(mapping(DEPARTMENT), key=key_name()), "各部门和单位")
POSTS = Key("posts", table(mapping(POST), key=key_name()), "各岗位；一个岗位可以多人，也可以空缺")
PEOPLE_KEY = Key("people", mapping(PEOPLE), "人员有哪些附加字段")
ORGANIZATION = Shape("organization ", (DEPARTMENTS, POSTS, PEOPLE_KEY))
KEY = Key("organization", mapping(ORGANIZATION), "部门、岗位和人员", required=True)

CIRCLE = fault("ORG101", "部门的上下级成了一个圈：{circle}", "请去掉其中一个 under")
RETIRED_ABOVE = fault("ORG102", "上级部门 {under} 已停用", "请改挂到在用的部门，或把本部门也停用")
TAKEN = fault("ORG103", "人员已经有 {key} 这个内置字段", "请换一个键")

_OF_A_USER = frozenset(
    (
        "id",
        "user",
        "user_id",
        "department_id",
        "initials",
        "username",
        "name",
        "first_name",
        "last_name",
        "email",
        "password",
        "active",
        "roles",
        "role",
        "department",
        "departments",
        "post",
        "posts",
        "created_on",
        "changed_on",
        "created_by",
        "changed_by",
        "last_login",
        "login_count",
        "fail_login_count",
        "registrations",
        "groups",
        "metadata",
        "query",
        "registry",
        "is_active",
        "is_anonymous",
        "is_authenticated",
    )
)


def departments(written: Table[Said] | None, link: Linking) -> dict[str, Department]:
    """The departments; an unknown `under` is reported and dropped."""
    entries = written.entries if written is not None else ()
    check_was([e.key for e in entries], ((e.key, e.value.get(WAS)) for e in entries), link.found)
    built = {}
    for entry in entries:
        under, was = entry.value.get(UNDER), entry.value.get(WAS)
        if under is not None and not link.known(Noun.DEPARTMENT, under):
            under = None
        built[entry.key] = Department(
            key=entry.key,
            label=entry.value.get(LABEL, entry.key),
            kind=entry.value.get(KIND, "department"),
            under=under.text if under is not None else None,
            place=entry.place,
            retired=entry.value.get(RETIRED, otherwise=False),
            was=was.text if was is not None else None,
        )
    if written is not None:
        _check_tree(built, written, link)
    return built


def _check_tree(built: dict[str, Department], written: Table[Said], link: Linking) -> None:
    places = {entry.key: entry.value.place_of(UNDER) for entry in written}
    told: set[str] = set()
    for department in built.values():
        above = built.get(department.under or "")
        if above is not None and above.retired and not department.retired:
            link.found.add(RETIRED_ABOVE(places[department.key], under=above.key))
        chain = [department.key]
        while (
            (under := built[chain[-1]].under) is not None and under in built and under not in chain
        ):
            chain.append(under)
        if under in chain and under is not None:
            circle = chain[chain.index(under) :]
            if not told & set(circle):
                link.found.add(CIRCLE(places[circle[0]], circle=" → ".join([*circle, circle[0]])))
            told |= set(circle)


def posts(written: Table[Said] | None, link: Linking) -> dict[str, Post]:
    """The posts; an unknown department is reported and dropped."""
    entries = written.entries if written is not None else ()
    check_was([e.key for e in entries], ((e.key, e.value.get(WAS)) for e in entries), link.found)
    built = {}
    for entry in entries:
        department, was = entry.value.get(OF), entry.value.get(WAS)
        if department is not None and not link.known(Noun.DEPARTMENT, department):
            department = None
        built[entry.key] = Post(
            key=entry.key,
            label=entry.value.get(LABEL, entry.key),
            department=department.text if department is not None else None,
            place=entry.place,
            retired=entry.value.get(RETIRED, otherwise=False),
            was=was.text if was is not None else None,
        )
    return built


def person_fields(said: Said | None, link: Linking) -> dict[str, Field]:
    """What a person has besides the built-in fields; read like an entity's."""
    written = _written(said)
    if written is None:
        return {}
    for entry in written:
        if entry.key in _OF_A_USER:
            link.found.add(TAKEN(entry.place, key=entry.key))
    return build_fields(written, link)


def _written(said: Said | None) -> Table[Said] | None:
    people = said.get(PEOPLE_KEY) if said is not None else None
    return people.get(PERSON_FIELDS) if people is not None else None


def written_person_fields(said: Said | None) -> dict[str, Said]:
    """What was said of each of a person's fields."""
    return {entry.key: entry.value for entry in _written(said) or ()}


def build(said: Said | None, link: Linking) -> Organization:
    """Departments and posts. Person fields are added when entities are known."""
    return Organization(
        departments=frozen(departments(said.get(DEPARTMENTS) if said else None, link)),
        posts=frozen(posts(said.get(POSTS) if said else None, link)),
        person_fields=frozen({}),
    )
