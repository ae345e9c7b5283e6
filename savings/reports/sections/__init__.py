"""What the report says, part by part: each function takes the `Content` and returns a section of `blocks`."""
