"""The page on large sweeps: its examples run."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.checkout import REPOSITORY

PAGE = (REPOSITORY / "docs" / "large-sweeps.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=["one core", "cluster"])
def test_the_examples_run(example, tmp_path):
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "core")}
    command = [sys.executable, "-W", "error::UserWarning", str(script)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
