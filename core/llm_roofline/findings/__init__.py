"""Findings: what a reader noticed, pinned to a state and to the numbers that it rests on, and checked again later.

Values and their JSON, their Markdown, their report. Nothing here knows of widgets or of a running notebook.
"""

from .check import Verdict, check
from .claim import Claim
from .collection import Findings
from .finding import Answer, Finding
from .pin import Pin

__all__ = ["Answer", "Claim", "Finding", "Findings", "Pin", "Verdict", "check"]
