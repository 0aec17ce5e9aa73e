"""Handing a firm over when an assignment ends: who leaves signs, who follows signs, and it is filed."""
