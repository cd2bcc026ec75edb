"""What runs in the page and is shared by the widgets, and its side in the kernel; nothing that knows the field."""
