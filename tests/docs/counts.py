"""The counts of the catalogues that prose states; ``make counts`` writes them, a test compares them."""

from __future__ import annotations

import json
import re

from llm_roofline import hardware, models, techniques
from tests.checkout import REPOSITORY

PAGES = [
    "README.md",
    "CHANGELOG.md",
    *sorted(f"changelog.d/{path.name}" for path in REPOSITORY.glob("changelog.d/+*.md")),
]
RELEASED = re.compile(r"^## \[[^]]+\] - \d", re.MULTILINE)  # what a version that is out said of itself stays

_REFEREED = json.loads((REPOSITORY / "tests/golden/referee.json").read_text(encoding="utf-8"))["models"]
_COPIES = sum(model.config.get("_provenance", {}).get("kind") == "copy" for model in models.values())
COUNTS = {
    r"\d+(?=\sopen\smodels)": len(models),
    r"\d+(?=\sfamilies)": len({model.family for model in models.values()}),
    r"(?<!at\sleast\s)\b\d+(?=\sdevices)": len(hardware),  # no count of those that a model needs
    r"\d+(?=\stechniques)": len(techniques),
    r"\d+(?=\sof\sthe\smodels,\sthe\sparameters\sequal)": len(_REFEREED),
    r"\d+(?=\sare\scopies\sof\spublished\sfiles)": _COPIES,
    r"\d+(?=\sare\sreconstructed)": len(models) - _COPIES,
    # A compressed key counts a bit early.
    r"\d+(?=\sso\sdo\sthe\sFLOP)": sum(models[name].family != "deepseek_v4" for name in _REFEREED),
}


def counted(text: str) -> str:
    """Text with today's counts in what is not released yet."""
    release = RELEASED.search(text)
    end = release.start() if release else len(text)
    fresh = text[:end]
    for pattern, count in COUNTS.items():
        fresh = re.sub(pattern, str(count), fresh)
    return fresh + text[end:]


if __name__ == "__main__":
    for page in PAGES:
        path = REPOSITORY / page
        path.write_text(counted(path.read_text(encoding="utf-8")), encoding="utf-8")
