"""The databases of the tests: whoever goes on working while they run takes none away from them."""

from . import databases


class Shelf:
    def __init__(self, *names):
        self.names, self.drop = [*names], lambda name: self.names.remove(name)

    def templates(self):
        return [*self.names]


def test_the_template_of_a_run_stays_until_it_ends_and_one_that_nobody_uses_goes(template):
    shelf = Shelf(template, "template-of-before")
    databases.drop_unused(shelf)
    assert shelf.names == [template]
