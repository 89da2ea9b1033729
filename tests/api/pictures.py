"""Small drawn pictures of a road, before and after; nothing pretends that they are photos."""

import io
from functools import cache

from PIL import Image, ImageDraw

BOX = (250.0, 250.0, 430.0, 350.0)


@cache
def road(*, pothole: bool, mark: str = "") -> bytes:
    """Draw a road with or without a hole, as JPEG; another mark gives other bytes."""
    picture = Image.new("RGB", (640, 480), "#8d9299")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 640, 140), fill="#b9c9b0")
    draw.rectangle((0, 140, 640, 168), fill="#c9c5bd")
    draw.line((0, 420, 640, 400), fill="#e8e4d8", width=10)
    if pothole:
        draw.ellipse(BOX, fill="#3c3a37", outline="#6d675f", width=5)
    else:
        draw.rounded_rectangle((238, 240, 442, 360), radius=14, fill="#6a6e73")
    draw.text((8, 460), mark, fill="#555555")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
