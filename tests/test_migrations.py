"""The single migrations and the squashed ones, which a new database takes instead, come to the same tables."""

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

OURS = ("publishing", "pages", "therapies", "faq", "immune")


def tables(*, squashed: bool) -> dict[str, object]:
    """What is known of each table at the end of a road: its fields, constraints, indexes and options."""
    loader = MigrationLoader(None, replace_migrations=squashed)
    state, gone = ProjectState(), set()
    for migration in loader.disk_migrations.values():
        if migration.app_label in OURS and migration.replaces:
            end = (migration.app_label, migration.name) if squashed else migration.replaces[-1]
            for step in loader.graph.forwards_plan(end):
                if step[0] in OURS and step not in gone:
                    gone.add(step)
                    state = loader.graph.nodes[step].mutate_state(state, preserve=False)
    assert len(gone) == (5 if squashed else 20)
    return {".".join(key): told(model) for key, model in state.models.items()}


def told(model) -> dict[str, object]:
    several = {key: model.options.get(key, []) for key in ("constraints", "indexes")}
    return {
        **{key: value for key, value in model.options.items() if value and key not in several},
        **{key: {one.name: repr(one.deconstruct()) for one in rows} for key, rows in several.items()},
        "fields": {name: repr(field.deconstruct()[1:]) for name, field in model.fields.items()},
    }


def test_both_roads_lead_to_the_same_tables(settings):
    settings.MIGRATION_MODULES = {}  # the other tests make their tables without migrations
    single, squashed = tables(squashed=False), tables(squashed=True)
    assert single.keys() == squashed.keys() and len(single) == 41
    assert single == squashed
