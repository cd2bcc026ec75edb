"""The roofline itself: operators as columns, what a device makes of them, a generation summed in closed form.

No request and no plan is in here.
"""
