"""A device: its figures and where they come from, the peak that it computes at, its machine, and the data files.

No operator and no model is in here.
"""

from .hardware import Hardware, hardware
from .machine import Machine
from .peak import Peak, paper_peak, peak, product_peaks, substitution, vector_format
from .provenance import caveats, doubts, origin
from .sheet import data_sheet

__all__ = [
    "Hardware",
    "Machine",
    "Peak",
    "caveats",
    "data_sheet",
    "doubts",
    "hardware",
    "origin",
    "paper_peak",
    "peak",
    "product_peaks",
    "substitution",
    "vector_format",
]
