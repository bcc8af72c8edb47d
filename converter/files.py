"""JSON files that are read by people too: indented, a list of numbers on one line."""

import json
import os
import re
from pathlib import Path
from typing import Any

NUMBERS = re.compile(r"\[[\s\d.,eE+-]+\]")


def write_json(path: Path, value: Any) -> None:
    """Write under a temporary name, then rename."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    beside = path.with_name(path.name + ".new")
    beside.write_text(NUMBERS.sub(lambda found: "[" + " ".join(found[0][1:-1].split()) + "]", text) + "\n")
    os.replace(beside, path)
