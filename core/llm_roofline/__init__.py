"""llm-roofline: exact counts of LLM inference, placed on the roofline of a device.

The core of llm-viewer-widgets; it knows nothing of Jupyter and imports NumPy and the standard library.
"""

from ._version import __version__
from .basics.errors import (
    CheckpointError,
    ConfigError,
    HardwareError,
    PrecisionError,
    RooflineError,
    TechniqueError,
    UnknownNameError,
    WorkloadError,
)
from .basics.units import quantity
from .devices.hardware import Hardware, hardware
from .estimates.estimate import Estimate
from .estimates.evaluate import evaluate, evaluate_step
from .estimates.memory import Memory
from .estimates.phase import Phase
from .estimates.scenario import Scenario
from .estimates.sweep.dataset import sweep
from .estimates.table import OperatorRow, OperatorTable
from .formats.conventions import Conventions
from .formats.precision import Precision
from .formats.storage import formats
from .models.by_hand import Decoder
from .models.load import load_model, models
from .models.model import Model
from .models.workload import Workload
from .operators.step import Step
from .techniques import Technique, techniques

__all__ = [
    "CheckpointError",
    "ConfigError",
    "Conventions",
    "Decoder",
    "Estimate",
    "Hardware",
    "HardwareError",
    "Memory",
    "Model",
    "OperatorRow",
    "OperatorTable",
    "Phase",
    "Precision",
    "PrecisionError",
    "RooflineError",
    "Scenario",
    "Step",
    "Technique",
    "TechniqueError",
    "UnknownNameError",
    "Workload",
    "WorkloadError",
    "__version__",
    "evaluate",
    "evaluate_step",
    "formats",
    "hardware",
    "load_model",
    "models",
    "quantity",
    "sweep",
    "techniques",
]
