"""What any program needs: errors, units, a catalogue, whole files.

It knows nothing of the field.
"""

from .arrays import Numbers, largest, plain, whole
from .catalogue import Catalogue
from .errors import (
    CheckpointError,
    ConfigError,
    HardwareError,
    PrecisionError,
    RooflineError,
    TechniqueError,
    UnknownNameError,
    WorkloadError,
    did_you_mean,
    shown,
)
from .locks import locked
from .pickled import restore
from .units import WRITTEN, number, percent, quantity, ratio, significant
from .whole_files import read_whole, refuse_loss, write_whole

__all__ = [
    "WRITTEN",
    "Catalogue",
    "CheckpointError",
    "ConfigError",
    "HardwareError",
    "Numbers",
    "PrecisionError",
    "RooflineError",
    "TechniqueError",
    "UnknownNameError",
    "WorkloadError",
    "did_you_mean",
    "largest",
    "locked",
    "number",
    "percent",
    "plain",
    "quantity",
    "ratio",
    "read_whole",
    "refuse_loss",
    "restore",
    "shown",
    "significant",
    "whole",
    "write_whole",
]
