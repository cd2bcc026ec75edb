"""A model: its blocks, the configuration it was read from, what its checkpoint stores, and what it may be asked.

No device and no time is in here.
"""
