"""What people fill in. A form says what may be chosen; the action it feeds says what may be done."""
