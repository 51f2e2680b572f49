"""`knowledge_base/schema.json`: the front matter as JSON Schema, for editors that check while one types."""

import json
from typing import Any

from callcenter.knowledge.entry.model import Front, TranslationFront


def schema_text() -> str:
    """Generated; `callcenter kb schema` prints it, a test compares it with the file."""
    whole: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of an entry of the knowledge base",
        "anyOf": [{"$ref": "#/$defs/Front"}, {"$ref": "#/$defs/TranslationFront"}],
        "$defs": {},
    }
    for kind in (Front, TranslationFront):
        own = kind.model_json_schema(ref_template="#/$defs/{model}")
        whole["$defs"] |= own.pop("$defs", {})
        whole["$defs"][kind.__name__] = own
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
