"""The roofline itself: operators as columns, what a device makes of them, a generation summed in closed form.

No request and no plan is in here.
"""

from .binding import BINDING, binding
from .compile import Compiled, compiled
from .generation import Stretches, stretches, take_over
from .peaks import vector_peak
from .rates import BOUNDS, MOVED, SENT, WORK, Rates, rates
from .sizes import element_sizes, parameter_bytes

__all__ = [
    "BINDING",
    "BOUNDS",
    "MOVED",
    "SENT",
    "WORK",
    "Compiled",
    "Rates",
    "Stretches",
    "binding",
    "compiled",
    "element_sizes",
    "parameter_bytes",
    "rates",
    "stretches",
    "take_over",
    "vector_peak",
]
