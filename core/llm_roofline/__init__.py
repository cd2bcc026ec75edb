"""llm-roofline: exact counts of LLM inference, placed on the roofline of a device.

The core of llm-viewer-widgets; it knows nothing of Jupyter and imports NumPy and the standard library.
"""

from ._version import __version__
from .conventions import Conventions
from .decoder import Decoder
from .errors import (
    CheckpointError,
    ConfigError,
    HardwareError,
    PrecisionError,
    RooflineError,
    TechniqueError,
    UnknownNameError,
    WorkloadError,
)
from .estimate import Estimate, Phase
from .evaluate import evaluate, evaluate_step
from .formats import formats
from .hardware import Hardware, hardware
from .memory import Memory
from .model import Model
from .models import load_model, models
from .precision import Precision
from .scenario import Scenario
from .step import Step
from .sweep import sweep
from .table import OperatorRow, OperatorTable
from .techniques import Technique, techniques
from .units import quantity
from .workload import Workload

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
