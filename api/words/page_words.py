"""The city's words as the pages get them: with the page, so that none shows another first."""

import json
from pathlib import Path

from dispatch.city_words import CityWords


def terms_script(city: CityWords) -> str:
    """Give the module that the pages' words read: the city's word by each mark, by language."""
    terms = {"zh": dict(city.zh_by_mark), "en": dict(city.en_by_word)}
    return f"export const TERMS = {json.dumps(terms, ensure_ascii=False)};\n"


def page_of(file: Path, city: CityWords) -> str:
    """Give a page with the terms that it marks in the city's words."""
    return city.zh(file.read_text(encoding="utf-8"))
