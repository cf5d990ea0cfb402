"""Why something isn't applied. Each carries a Chinese message; nothing has changed when one is raised."""

from __future__ import annotations

from app.release.steps import Step


class ApplyProblem(Exception):
    """Base of all; `id` is stable."""

    id = "apply"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Busy(ApplyProblem):
    """Somebody else is applying at this moment."""

    id = "busy"

    def __init__(self) -> None:
        super().__init__(
            "另一个人正在应用配置，或数据库正忙；请稍后重新运行 budayang plan 看看有何变化"
        )


class Stale(ApplyProblem):
    """The plan was made against another release, other files or other records."""

    id = "stale"


class NotPossible(ApplyProblem):
    """Steps that are refused."""

    id = "not_possible"

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__("；".join(step.sentence for step in steps))
        self.steps = steps


class Clash(ApplyProblem):
    """The records contradict what was planned, as the database itself says."""

    id = "clash"

    def __init__(self, database_says: str) -> None:
        super().__init__(f"数据库拒绝了这次修改，什么也没有改变：{database_says}")
