"""The demo county: every printed figure that can be true is true, and the same seed gives the same."""

from collections import Counter
from datetime import date, timedelta

from django.core.management import CommandError, call_command
from django.db.models import Count, Q, Sum
from django.test import SimpleTestCase, TestCase, override_settings

from core.accounts.models import Area, LineDepartment, User
from core.audit.models import ChainHead, Event
from core.audit.record import digest_of
from core.audit.sentences import sentence
from core.demo.accounts import ACCOUNTS, PASSWORD
from core.demo.build import TABLES, build, counties_there, draw_up
from core.demo.county import apportion
from core.ledger.credit_code import validate_credit_code
from core.ledger.models import Branch, Firm, FirmContact, MassOrganisation, StageChange
from core.ledger.names import searchable
from core.ledger.stages import ORGANISED, Operation, Stage
from core.people.models import Assignment, GuidanceRecord, Instructor, Member
from core.people.standing import Standing
from core.people.training import Training, short_of_training

ON = date(2026, 11, 23)
FLOOR = timedelta(days=31)
FULL_HERE = Count("members", filter=Q(members__kind=Member.Kind.FULL, members__until__isnull=True))


class DemoCounty(TestCase):
    """One county for all of these."""

    @classmethod
    def setUpTestData(cls):
        build([0], seed=2014, on=ON)
        cls.firms = Firm.objects.annotate(full=FULL_HERE)

    def test_firms_and_employees_are_as_printed(self):
        assert Firm.objects.count() == Firm.objects.counted().count() == 408
        assert Firm.objects.filter(above_scale=True).count() == 15
        assert Firm.objects.aggregate(all=Sum("employees"))["all"] == 7219

    def test_168_full_members_are_in_79_firms(self):
        with_members = [firm for firm in self.firms if firm.full]
        assert len(with_members) == 79
        assert sum(firm.full for firm in with_members) == 168
        by_stage = Counter(firm.stage for firm in with_members)
        assert by_stage == {Stage.STANDALONE: 19, Stage.AFFILIATED: 60}
        held = Counter()
        for firm in with_members:
            held[firm.stage] += firm.full
        assert 57 <= held[Stage.STANDALONE] <= 108
        assert 60 <= held[Stage.AFFILIATED] <= 111

    def test_a_branch_of_its_own_has_three_members_and_few_others_have_outgrown_theirs(self):
        assert min(f.full for f in self.firms if f.stage == Stage.STANDALONE) >= 3
        grown = [f for f in self.firms if f.stage == Stage.AFFILIATED and f.full >= 3]
        assert len(grown) == 5
        assert all(firm.assignments.current().exists() for firm in grown)

    def test_branches_are_as_printed(self):
        kinds = Counter(Branch.objects.values_list("kind", flat=True))
        assert kinds == {Branch.Kind.STANDALONE: 19, Branch.Kind.AFFILIATED: 36}
        association = Branch.objects.filter(line__association=True, kind=Branch.Kind.AFFILIATED)
        assert association.count() == 21
        apart = Member.objects.here().full().filter(firm__isnull=True)
        assert apart.count() == apart.filter(branch__in=association).count() == 206
        own = Firm.objects.filter(stage=Stage.STANDALONE).values_list("branch__kind", "branch")
        assert {kind for kind, _pk in own} == {Branch.Kind.STANDALONE}
        assert len({pk for _kind, pk in own}) == 19
        joint = Firm.objects.filter(stage=Stage.AFFILIATED).values_list("branch__kind", flat=True)
        assert set(joint) == {Branch.Kind.AFFILIATED}

    def test_329_instructors_guide_the_329_firms_without_members(self):
        without = [firm.pk for firm in self.firms if not firm.full]
        assert len(without) == Instructor.objects.active().count() == 329
        guided = Assignment.objects.current().filter(firm__in=without)
        assert guided.count() == guided.values("firm").distinct().count() == 329
        assert guided.values("instructor").distinct().count() == 329
        most = Assignment.objects.current().values("instructor").annotate(n=Count("pk"))
        assert max(row["n"] for row in most) == 3

    def test_76_mass_organisations_have_numbers_and_stages_rest_on_them(self):
        assert MassOrganisation.objects.standing().count() == 76
        assert not Member.objects.full().here().filter(firm__mass_organisations__isnull=False)
        organised = set(MassOrganisation.objects.values_list("firm", flat=True))
        assert {f.pk for f in self.firms if f.stage == Stage.MASS_ORGANISED} <= organised

    def test_13_were_developed_and_64_are_activists(self):
        kinds = Counter(Member.objects.here().values_list("kind", flat=True))
        assert kinds == {"full": 168 + 206, "probationary": 13, "activist": 64}

    def test_work_coverage_rests_on_visits_and_some_firms_could_move(self):
        lately = set(
            GuidanceRecord.objects.on_site().filter(on__gte=ON - FLOOR, on__lte=ON)
            .values_list("firm", flat=True)
        )  # fmt: skip
        visited = Counter(f.stage for f in self.firms if f.pk in lately)
        stages = Counter(f.stage for f in self.firms)
        assert visited[Stage.WORK_COVERED] == stages[Stage.WORK_COVERED] - 6
        assert visited[Stage.MASS_ORGANISED] == 6
        assert visited[Stage.BLANK] == 5
        assert Firm.objects.filter(operation=Operation.PAUSED, resumes_on__gt=ON).count() == 4

    def test_entries_are_valid_and_findable(self):
        for firm in Firm.objects.select_related("branch", "line"):
            validate_credit_code(firm.credit_code)
            assert firm.credit_code[2:8] == firm.county == firm.area[:6] == "690124"
            assert (firm.pinyin, firm.initials) == searchable(firm.name)
            assert firm.opened_on < firm.stage_since <= ON or firm.stage == Stage.BLANK
        names = Firm.objects.values_list("name", flat=True)
        assert len(set(names)) == 408

    def test_history_leads_to_where_each_firm_stands(self):
        stands, since = {}, {}
        for change in StageChange.objects.filter(track="stage").order_by("on", "pk"):
            assert stands.get(change.firm_id, Stage.BLANK) == change.source
            stands[change.firm_id], since[change.firm_id] = change.target, change.on
        for firm in self.firms:
            assert firm.stage == stands.get(firm.pk, Stage.BLANK)
            assert firm.stage_since == since.get(firm.pk, firm.opened_on)
            assert firm.version == 1 + firm.changes.count()

    def test_a_firm_had_its_members_when_it_joined_or_founded_a_branch(self):
        for firm in self.firms.filter(stage__in=ORGANISED):
            need = 3 if firm.stage == Stage.STANDALONE else 1
            then = firm.members.full().filter(since__lte=firm.stage_since, until__isnull=True)
            assert then.count() >= need, firm
            assert firm.branch.founded_on <= firm.stage_since

    def test_nobody_visits_before_being_sent(self):
        early = GuidanceRecord.objects.filter(firm__assignments__since__gt=ON - timedelta(days=9999))
        for record in early.select_related("firm").prefetch_related("firm__assignments"):
            (assignment,) = record.firm.assignments.all()
            assert assignment.since <= record.on < ON
            assert assignment.instructor_id == record.instructor_id

    def test_the_audit_trail_holds_together(self):
        before = {}
        for event in Event.objects.order_by("chain", "place").select_related("by"):
            last = before.get(event.chain)
            assert event.place == (last.place + 1 if last else 1)
            assert not last or last.at < event.at
            assert event.digest == digest_of(event, last.digest if last else "")
            assert sentence(event)
            before[event.chain] = event
        heads = {head.chain: (head.place, head.digest) for head in ChainHead.objects.all()}
        assert heads == {chain: (last.place, last.digest) for chain, last in before.items()}

    def test_one_account_for_each_role_may_sign_in_and_nobody_else(self):
        may = {user.username for user in User.objects.all() if user.has_usable_password()}
        assert may == {account.username for account in ACCOUNTS}
        for user in User.objects.filter(username__in=may):
            assert user.check_password(PASSWORD)
        assert {account.role for account in ACCOUNTS} == set(
            User.objects.values_list("role", flat=True)
        )

    def test_the_instructor_has_a_firm_that_may_found_its_branch(self):
        user = User.objects.get(username="instructor")
        seen = self.firms.filter(pk__in=Firm.objects.visible_to(user).values("pk"))
        assert sorted((f.stage, f.full) for f in seen) == [
            (Stage.AFFILIATED, 3), (Stage.AFFILIATED, 4), (Stage.MASS_ORGANISED, 0),
        ]  # fmt: skip
        assert not any(firm.line_id for firm in seen)
        township = User.objects.get(username="township")
        assert all(Firm.objects.visible_to(township).filter(pk=firm.pk).exists() for firm in seen)
        assert FirmContact.objects.get().user.username == "contact"

    def test_places_are_a_county_with_townships_a_park_and_lines(self):
        kinds = Counter(Area.objects.values_list("kind", flat=True))
        assert kinds == {"county": 1, "township": 11, "park": 1}
        assert LineDepartment.objects.filter(association=True).count() == 1
        for line in LineDepartment.objects.all():
            assert line.firms.exists()

    def test_the_register_knows_what_instructors_know_and_where_they_were_trained(self):
        people = Instructor.objects.all()
        assert set(people.values_list("kind", flat=True)) == set(Instructor.Kind.values)
        farming = people.filter(unit__name__endswith="农业农村局")
        assert farming and set(farming.values_list("trade", flat=True)) == {"A"}
        assert Standing.objects.filter(kind="granted").count() == people.count()
        assert 0 < people.filter(short_of_training(on=ON)).count() < people.count() / 2
        assert not Training.objects.filter(day__gte=ON)
        assert people.filter(further_areas__isnull=False)

    def test_the_database_counts_on_behind_it(self):
        last = Branch.objects.order_by("-pk").first().pk
        branch = Branch.objects.create(
            county="690124", area="690124", name="later", kind=Branch.Kind.AFFILIATED, founded_on=ON
        )
        assert branch.pk > last

    def test_a_second_demo_county_is_refused_but_further_ones_may_be_added(self):
        with self.assertRaises(CommandError) as refusal:
            call_command("demo_county")
        assert "already holds firms" in str(refusal.exception)
        call_command("demo_county", scale=2, verbosity=0)
        assert Firm.objects.count() == 3 * 408
        assert counties_there() == 3
        assert set(Firm.objects.values_list("county", flat=True)) == {"690124", "690125", "690126"}


class Determinism(TestCase):
    def rows(self, **given):
        county = draw_up(0, **({"seed": 2014, "on": ON, "ids": {}} | given))
        return [
            {f.attname: getattr(row, f.attname) for f in table._meta.concrete_fields}
            for table in TABLES
            for row in county.rows[table]
        ]

    def test_the_same_seed_and_day_give_the_same_rows(self):
        assert self.rows() == self.rows()

    def test_another_seed_gives_another_county(self):
        assert self.rows() != self.rows(seed=2015)

    def test_any_seed_can_be_built(self):
        for seed in (1, 2, 3):
            build([seed], seed=seed, on=date(2024, 2, 29))
        assert Firm.objects.count() == 3 * 408

    @override_settings(DEMO=False)
    def test_outside_the_demo_no_account_may_sign_in(self):
        build([0], seed=2014, on=ON)
        assert not any(user.has_usable_password() for user in User.objects.all())
        assert not User.objects.filter(username="admin")


class Apportion(SimpleTestCase):
    def test_shares_are_whole_and_add_up(self):
        assert apportion(10, [1, 1, 1]) == [4, 3, 3]
        assert sum(apportion(7219, [0.3, 11, 2.5, 7])) == 7219
