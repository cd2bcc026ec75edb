"""Architectures: one family a file, found by itself.

A file names its ``MODEL_TYPES`` and offers ``blocks(config)``, which yields the blocks of the model in forward order.
What else it may have, such as an encoder, stands with these two as protocols in :mod:`llm_roofline.models.family`.
What several families share is in :mod:`llm_roofline.models.layers`.
"""
