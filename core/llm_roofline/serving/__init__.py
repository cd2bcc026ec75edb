"""How requests become passes, and what their users see: values alone.

What makes a plan of a scenario is in ``estimates``.
"""
