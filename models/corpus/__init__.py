"""What a training learns from: its recipe, the pictures gathered for it, random views of them."""
