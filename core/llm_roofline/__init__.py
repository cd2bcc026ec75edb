"""llm-roofline: exact counts of LLM inference, placed on the roofline of a device.

The core of llm-viewer-widgets; it knows nothing of Jupyter and imports NumPy and the standard library.
"""

from ._moved import open_old_places
from ._version import __version__
from .basics import (
    CheckpointError,
    ConfigError,
    HardwareError,
    PrecisionError,
    RooflineError,
    TechniqueError,
    UnknownNameError,
    WorkloadError,
    quantity,
)
from .devices import Hardware, hardware
from .estimates import Estimate, Memory, OperatorRow, OperatorTable, Phase, Scenario, evaluate, evaluate_step, sweep
from .formats import Conventions, Precision, formats
from .models import Decoder, Model, Workload, load_model, models
from .operators import Step
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

open_old_places()
