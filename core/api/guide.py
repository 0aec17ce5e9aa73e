"""The description of the interface as a page of our own: OpenAPI needs no other program to be read,
and nothing is fetched from elsewhere."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.api.api import api

TYPES = {"integer": "integer", "boolean": "true/false", "array": "list", "object": "object"}


def described() -> dict:
    """The interface for the template, in the reader's language."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    parts = schema["components"]["schemas"]
    return {
        "says": _(schema["info"]["description"]),
        "base": settings.SITE_URL, "file": reverse("api:v1:openapi-json"),
        "operations": [
            _operation(address, given["get"], parts) for address, given in schema["paths"].items()
        ],
        "refusals": [_field(name, given, parts) for name, given in
                     parts["Refusal"]["properties"].items()],
    }  # fmt: skip


def _operation(address: str, given: dict, parts: dict) -> dict:
    answer = given["responses"][200]["content"]["application/json"]["schema"]
    asked = [
        {"name": one["name"], "needed": one["required"], "type": _type(one["schema"]),
         "says": _(one["description"]) if one.get("description") else ""}
        for one in given.get("parameters", [])
    ]  # fmt: skip
    return {
        "address": address, "title": _(given["summary"]), "asked": asked,
        "answers": list(_schema(_reference(answer), parts)),
    }  # fmt: skip


def _schema(name: str, parts: dict):
    """A schema, and after it those that its fields hold."""
    fields = [_field(key, given, parts) for key, given in parts[name]["properties"].items()]
    yield {"name": name, "fields": fields}
    for field in fields:
        if field["holds"]:
            yield from _schema(field["holds"], parts)


def _field(name: str, given: dict, parts: dict) -> dict:
    says = _(given["description"]) if given.get("description") else ""
    return {"name": name, "type": _type(given), "says": says, "holds": _reference(given)}


def _reference(given: dict) -> str:
    """The name of the schema that a value, or each value of a list, follows."""
    found = given.get("$ref") or given.get("items", {}).get("$ref", "")
    return found.rpartition("/")[2]


def _type(given: dict) -> str:
    if "anyOf" in given:
        kinds = [_type(one) for one in given["anyOf"] if one.get("type") != "null"]
        return " / ".join(kinds)
    if "enum" in given:
        return " | ".join(given["enum"])
    if given.get("type") == "array":
        return f"[{_reference(given) or _type(given['items'])}]"
    if given.get("format") == "date":
        return "2026-03-31"
    return TYPES.get(given.get("type", ""), given.get("type", "")) or _reference(given)
