"""A device: its figures, the peak that it computes at, the machine that it is part of, and the data files.

No operator and no model is in here.
"""
