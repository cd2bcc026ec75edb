"""Findings: what a reader noticed, pinned to a state and to the numbers that it rests on, and checked again later.

Values and their JSON, their Markdown, their report. Nothing here knows of widgets or of a running notebook.
"""

from .accepted import now
from .badges import badges, bar_badges, picture_with_badges
from .check import HOLDS, Verdict, check, in_words
from .claim import Claim
from .collection import Findings, View
from .finding import Answer, Finding, scenario_of
from .index import FindingIndex
from .inert import plain_name
from .markdown import number_in, section
from .measures import MEASURES, USUAL, measured
from .merging import merged
from .notebook import of_cell, to_metadata
from .pin import Pin
from .reading import READERS, read_findings
from .report import FORMS, write_report

__all__ = [
    "FORMS",
    "HOLDS",
    "MEASURES",
    "READERS",
    "USUAL",
    "Answer",
    "Claim",
    "Finding",
    "FindingIndex",
    "Findings",
    "Pin",
    "Verdict",
    "View",
    "badges",
    "bar_badges",
    "check",
    "in_words",
    "measured",
    "merged",
    "now",
    "number_in",
    "of_cell",
    "picture_with_badges",
    "plain_name",
    "read_findings",
    "scenario_of",
    "section",
    "to_metadata",
    "write_report",
]
