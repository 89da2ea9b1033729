"""The network as devices run it: an ONNX file, its first layers folded, its 8-bit sibling."""
