"""The loop: filing, dispatch, handling, verification, closure, one decision at a time."""
