"""The referee: exact parameters and matmul FLOP of open models, counted by an independent implementation, Transformers.

Nothing of this project is imported, so the counts cannot agree by construction.
"""
