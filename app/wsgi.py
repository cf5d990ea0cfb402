"""What a WSGI server and its application say to each other, as types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
