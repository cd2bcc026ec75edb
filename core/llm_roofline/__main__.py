"""``python -m llm_roofline`` is ``llm-viewer``."""

import sys

from .cli import main

sys.exit(main())
