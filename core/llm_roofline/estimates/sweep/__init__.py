"""A scenario over a grid of axes: many workloads at once, labelled, and in chunks on a cluster.

What a single point has as well is not computed here.
"""
