"""Lists of authorities, brought in and compared."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from core.jobs import run as worker
from tests import county as small
from workflows.reconciling.acts import bring
from workflows.reconciling.columns import entries
from workflows.reconciling.models import AuthorityList
from workflows.reconciling.reading import rows_of

HEAD = ["企业名称", "统一社会信用代码", "登记状态"]


def pasted(*rows, head=HEAD) -> str:
    return "\n".join("\t".join(str(cell) for cell in row) for row in (head, *rows))


def uploaded(content: bytes, name="list.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def brought(county, *rows, by=None, source="market", complete=False, head=HEAD) -> AuthorityList:
    """A list that is compared, or the reason why not."""
    made = bring(
        entries(rows_of(pasted(*rows, head=head))), source=source, name="list", on=county.today,
        complete=complete, by=by or county.wang_fang, key=uuid4(), today=county.today,
    )  # fmt: skip
    worker.run(made.job.pk)
    made.refresh_from_db()
    assert made.compared_at, (made.job.error, made.job.trouble)
    return made


def kinds(made) -> dict[str, str]:
    return dict(made.findings.values_list("name", "kind"))


def found(made, name):
    return made.findings.get(name=name)


def code(n: int) -> str:
    return small.credit_code(n)
