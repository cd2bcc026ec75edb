"""A device: its figures, the peak that it computes at, the machine that it is part of, and the data files.

No operator and no model is in here.
"""

from .hardware import Hardware, hardware
from .machine import Machine
from .peak import Peak, paper_peak, peak, substitution

__all__ = [
    "Hardware",
    "Machine",
    "Peak",
    "hardware",
    "paper_peak",
    "peak",
    "substitution",
]
