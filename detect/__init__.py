"""Turn pixels into detections and tracks."""
