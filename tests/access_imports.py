"""The rows of the access table about imports of lists; see access_table.py."""

from core.imports.models import Import

OWN, FAR = "own", "far"
REGISTER = "403 200 403 200 403 403 403 403"
TABLE = {
    ("imports:upload", "GET", OWN):    REGISTER,
    ("imports:upload", "POST", OWN):   "403 422 403 422 403 403 403 403",
    ("imports:template", "GET", OWN):  REGISTER,
    ("imports:import", "GET", OWN):    REGISTER,
    ("imports:import", "POST", OWN):   "403 422 403 422 403 403 403 403",
    ("imports:import", "GET", FAR):    "403 404 403 404 403 403 403 403",
    ("imports:import", "POST", FAR):   "403 404 403 404 403 403 403 403",
    ("imports:remarks", "GET", OWN):   REGISTER,
    ("imports:remarks", "GET", FAR):   "403 404 403 404 403 403 403 403",
    ("imports:list_upload", "GET", OWN):   REGISTER,
    ("imports:list_upload", "POST", OWN):  "403 422 403 422 403 403 403 403",
    ("imports:list_template", "GET", OWN): REGISTER,
    ("imports:list_upload", "GET", FAR):   REGISTER,
    ("imports:list_template", "GET", FAR): REGISTER,
    ("imports:list", "GET", OWN):          REGISTER,
    ("imports:list", "POST", OWN):         "403 422 403 422 403 403 403 403",
    ("imports:list", "GET", FAR):          "403 404 403 404 403 403 403 403",
    ("imports:list", "POST", FAR):         "403 404 403 404 403 403 403 403",
    ("imports:list_row", "POST", OWN):     "403 302 403 302 403 403 403 403",
    ("imports:list_row", "POST", FAR):     "403 404 403 404 403 403 403 403",
    ("imports:list_remarks", "GET", OWN):  REGISTER,
    ("imports:list_remarks", "GET", FAR):  "403 404 403 404 403 403 403 403",
}  # fmt: skip


def args_of_imports(name: str, at) -> list:
    """A list of firms, or the same as a list of mass organisations."""
    of_firms = getattr(at, "import")
    if name in ("list_upload", "list_template"):
        return ["mass"]
    if name in ("list", "list_remarks", "list_row"):
        said = {"kind": "mass", "by": of_firms.by, "area": of_firms.area, "name": "unions.xlsx"}
        made = Import.objects.create(**said, digest="0" * 64, state=Import.State.FAILED)
        return [made.pk, *([2] if name == "list_row" else [])]
    return [of_firms.pk] if name in ("import", "remarks") else []
