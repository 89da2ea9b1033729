"""How well a model does: detections scored against labels, figures with their intervals."""
