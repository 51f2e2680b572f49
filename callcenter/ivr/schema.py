"""JSON Schema of a flow file, so that an editor completes and marks while somebody types."""

import json
from typing import Any

from callcenter.ivr.flow import Flow


def schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Flow.model_json_schema(by_alias=True),
        "title": "IVR flow",
    }


def schema_text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
