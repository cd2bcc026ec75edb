"""llm-viewer-widgets: why an LLM is fast or slow, in a notebook cell."""

from llm_roofline import __version__

from .kernel.session import Session
from .viewer import LLMViewer

__all__ = ["LLMViewer", "Session", "__version__"]
