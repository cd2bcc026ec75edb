"""How requests become passes, and what their users see: values alone.

What makes a plan of a scenario is in ``estimates``.
"""

from .batching import Chunked, Continuous, Disaggregated, Uneven
from .passes import decode_passes, first_context, prefill_passes, tower_pass
from .plan import Allocation, Plan, Run
from .schedule import PassTimes, Schedule, Times

__all__ = [
    "Allocation",
    "Chunked",
    "Continuous",
    "Disaggregated",
    "PassTimes",
    "Plan",
    "Run",
    "Schedule",
    "Times",
    "Uneven",
    "decode_passes",
    "first_context",
    "prefill_passes",
    "tower_pass",
]
