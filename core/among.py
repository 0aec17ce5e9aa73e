"""A condition over many numbers as one parameter: Django's `__in` writes each of them into the
statement, which for some hundred takes longer than to find the rows."""

import json

from django.db.models import BooleanField, F, Func


class Among(Func):
    """`rows.filter(Among("process_id", numbers))`: rows whose column is one of these integers."""

    output_field = BooleanField()

    def __init__(self, column: str, numbers) -> None:
        super().__init__(F(column))
        self.numbers = list(numbers)

    def as_sql(self, compiler, connection, **given):
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.numbers)]

    def as_postgresql(self, compiler, connection, **given):
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", [*params, self.numbers]
