"""What gives frames: recorded video, folders of photos, and the rendered street."""
