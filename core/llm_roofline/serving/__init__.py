"""How requests become passes, and what their users see: values alone.

What makes a plan of a scenario is in ``estimates``.
"""

from .batching import Disaggregated, Uneven
from .passes import MOST_CHUNKS, decode_passes, first_context, prefill_passes, refuse_many_chunks, tower_pass
from .plan import Allocation, Plan, Run
from .schedule import PassTimes, Schedule, Times
from .slots import Chunked, Continuous, beside

__all__ = [
    "MOST_CHUNKS",
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
    "beside",
    "decode_passes",
    "first_context",
    "prefill_passes",
    "refuse_many_chunks",
    "tower_pass",
]
