"""For the squashed migrations: the tables of an app as its single migrations leave them, each made once and whole."""

from graphlib import TopologicalSorter
from importlib import import_module

from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState


def tables(app, package, names):
    """One operation for each table, after those that it refers to. What migrations do to rows is not among them."""
    state = ProjectState()
    for name in names:
        for operation in import_module(f"{package}.{name}").Migration.operations:
            operation.state_forwards(app, state)
    made = {
        model.name_lower: CreateModel(model.name, list(model.fields.items()), model.options, model.bases, model.managers)
        for model in state.models.values()
    }
    needs = {
        name: [other for other in made if other != name and operation.references_model(other, app)]
        for name, operation in made.items()
    }
    return [made[name] for name in TopologicalSorter(needs).static_order()]
