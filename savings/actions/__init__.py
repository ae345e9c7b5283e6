"""Actions change rows. Each is one act: keyword-only, the actor is `by`, the moment `at`, refusals are `Refused`."""
