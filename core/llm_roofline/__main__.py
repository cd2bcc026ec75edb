"""``python -m llm_roofline`` is ``llm-viewer``, which says in a sentence what it lacks where the core stands alone."""

import sys
from importlib.util import find_spec


def main() -> int:
    """Run the command; its exit code, or 2 where rich is missing."""
    if find_spec("rich") is None:
        sys.stderr.write("llm-viewer: The tables need rich, which is not installed. Install it: pip install rich\n")
        return 2
    from .cli import main as command  # noqa: PLC0415 - it imports rich

    return command()


if __name__ == "__main__":
    sys.exit(main())
