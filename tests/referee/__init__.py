"""The referee: exact parameters and matmul FLOP of open models, counted by an independent implementation, Transformers.

Each model is built on PyTorch's meta device from the fields of its `config.json` (no weight is made, none is fetched)
and run; PyTorch's own formulas read the matrix products off the run. Nothing of this project is imported, so the counts
cannot agree by construction. torch, transformers and diffusers are no dependency of this project: `make referee`
installs them into `.referee/`.
"""
