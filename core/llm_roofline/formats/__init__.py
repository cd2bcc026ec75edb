"""How numbers are stored and computed in, and by which conventions things are counted.

Nothing here knows a device or a model.
"""
