"""The same transition elsewhere: stock Viewflow, plain Django, raw psycopg. Only measured."""
