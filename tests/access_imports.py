"""The rows of the access table about imports of lists; see access_table.py."""

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
}  # fmt: skip
