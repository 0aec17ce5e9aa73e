"""The same by hand: psycopg, the fewest rows and statements that still lock and check."""

import psycopg

REQUEST = """
    INSERT INTO peers_request (case_id, target, evidence, township_decision, township_note,
        county_decision, county_note, returned_times, outcome, created_by_id)
    VALUES (%s, 'standalone', '', '', '', '', '', 0, 'open', %s) RETURNING id"""
FIRST_TASK = """
    INSERT INTO peers_plaintask (request_id, node, status, owner_id, permission, created)
    VALUES (%s, 'prepare', 'ASSIGNED', %s, '', now()) RETURNING id"""
NEXT_TASK = """
    INSERT INTO peers_plaintask (request_id, node, status, permission, created, due)
    VALUES (%s, %s, 'NEW', %s, now(), now() + interval '5 days') RETURNING id"""
TASK = "SELECT request_id, owner_id FROM peers_plaintask WHERE id = %s AND finished IS NULL"
LOCK = """
    SELECT r.*, c.area, c.stage, c.version FROM peers_request r
    JOIN peers_case c ON c.id = r.case_id WHERE r.id = %s FOR UPDATE OF r"""
TAKE = """
    UPDATE peers_plaintask SET owner_id = %s, status = 'ASSIGNED' WHERE id = %s AND status = 'NEW'"""
DONE = """
    UPDATE peers_plaintask SET status = 'DONE', finished = now()
    WHERE id = %s AND status = 'ASSIGNED'"""
CASE = "SELECT stage, version FROM peers_case WHERE id = %s FOR UPDATE"
MOVE = """
    UPDATE peers_case SET stage = 'standalone', version = version + 1
    WHERE id = %s AND stage = %s AND version = %s"""
LOG = """
    INSERT INTO peers_stagelog (case_id, source, target, by_id, request_id, at)
    VALUES (%s, %s, 'standalone', %s, %s, now())"""
NEXT = {
    "evidence": ("township_review", "desk.review_township"),
    "township_decision": ("county_decision", "desk.decide_county"),
}


class Raw:
    def __init__(self, url: str):
        self.connection = psycopg.connect(url, autocommit=True)
        self.cursor = self.connection.cursor()

    def _one(self, sql, *values):
        return self.cursor.execute(sql, values).fetchone()

    def _change(self, sql, *values) -> None:
        if self.cursor.execute(sql, values).rowcount != 1:
            raise RuntimeError("Somebody was faster.")

    def start(self, case: int, user: int) -> int:
        """The pk of the first task."""
        with self.connection.transaction():
            (request,) = self._one(REQUEST, case, user)
            return self._one(FIRST_TASK, request, user)[0]

    def take(self, task: int, user: int) -> None:
        request, _owner = self._one(TASK, task)
        with self.connection.transaction():
            self._one(LOCK, request)
            self._change(TAKE, user, task)

    def answer(self, task: int, user: int, field: str, value: str, case: int) -> int | None:
        """The pk of the next task."""
        request, owner = self._one(TASK, task)
        if owner != user:
            raise RuntimeError("This is not yours.")
        with self.connection.transaction():
            self._one(LOCK, request)
            self._change(f"UPDATE peers_request SET {field} = %s WHERE id = %s", value, request)
            self._change(DONE, task)
            if field in NEXT:
                return self._one(NEXT_TASK, request, *NEXT[field])[0]
            stage, version = self._one(CASE, case)
            self._change(MOVE, case, stage, version)
            self._change(LOG, case, stage, user, request)
            self._change("UPDATE peers_request SET outcome = 'approved' WHERE id = %s", request)
        return None
