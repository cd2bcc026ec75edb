"""What is asked and what is answered: scenario, plan, evaluation, table, memory, every number with its words.

No picture is in here.
"""

from .break_even import payoff
from .capacity import longest_prompt
from .deltas import COMPARED, Delta, deltas
from .estimate import Estimate
from .evaluate import evaluate, evaluate_step
from .export import write_csv, write_json
from .memory import Memory
from .phase import Phase
from .quantities import COLUMNS, MEMORY, PHASE, QUANTITIES, SHARE, TEXT, TRUTH, Quantity
from .row import OperatorRow
from .scenario import FIELDS, Scenario
from .shown import offered, shown
from .stored_words import weight_words
from .sweep.dataset import sweep
from .table import OperatorTable
from .words import RESOURCES, binding, shortage, verdict

__all__ = [
    "COLUMNS",
    "COMPARED",
    "FIELDS",
    "MEMORY",
    "PHASE",
    "QUANTITIES",
    "RESOURCES",
    "SHARE",
    "TEXT",
    "TRUTH",
    "Delta",
    "Estimate",
    "Memory",
    "OperatorRow",
    "OperatorTable",
    "Phase",
    "Quantity",
    "Scenario",
    "binding",
    "deltas",
    "evaluate",
    "evaluate_step",
    "longest_prompt",
    "offered",
    "payoff",
    "shortage",
    "shown",
    "sweep",
    "verdict",
    "weight_words",
    "write_csv",
    "write_json",
]
