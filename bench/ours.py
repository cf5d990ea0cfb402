"""Budayang as a WSGI module, so that it is served by the same workers as its peers."""

from __future__ import annotations

import os
from pathlib import Path

from app.cli.serve import open_switchboard
from app.settings import read_settings

application = open_switchboard(read_settings(Path(os.environ["BENCH_SITE"])))
