"""What the widgets share in the page, and how a module gets there as one text; nothing that knows the field."""
