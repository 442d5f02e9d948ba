"""The coach of drafts: it advises kindly, is rarely wrong, and never stands in the way."""

import json

import pytest

from portal.publishing import coach
from portal.publishing.parts import Line, Paragraph, Passage, RichText

from .machine import steps_in_the_time_of


def about(text: str, **known) -> list[tuple[str, str]]:
    """Kinds and words of what the coach finds in one rich text."""
    reading = coach.read([Passage(RichText("answer"), text)], **known)
    return [(found["kind"], found["words"]) for found in reading.findings]


def kinds(text: str, **known) -> list[str]:
    return [kind for kind, _ in about(text, **known)]


TWENTY_FIVE = "one two three four five " * 4 + "one two three four five"


# Sentences --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("<p>One. Two! Three?</p>", ["One.", "Two!", "Three?"]),
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<ul><li><p>no full stop</p></li><li><p>none here</p></li></ul>", ["no full stop", "none here"]),
        ("<h3>A heading</h3><p>Words.</p>", ["A heading", "Words."]),
        ("<p>One<br>Two</p>", ["One", "Two"]),
        ("<table><tbody><tr><td>Cell</td><td>Other</td></tr></tbody></table>", ["Cell", "Other"]),
        ("<p>Some foods, e.g. grapefruit, matter.</p>", ["Some foods, e.g grapefruit, matter."]),
        ("<p>Ask Dr. Who about it.</p>", ["Ask Dr Who about it."]),
        ("<p>The U.S. Food and Drug Administration says so.</p>", ["The U.S Food and Drug Administration says so."]),
        ("<p>It is made in the U.S. It is sold there.</p>", ["It is made in the U.S.", "It is sold there."]),
        ("<p>A dose of 2.5 mg is small.</p>", ["A dose of 2.5 mg is small."]),
        ("<p>He said “no.” She did not.</p>", ["He said “no.”", "She did not."]),
        ("<p>A pump (a small one.) runs. It stops.</p>", ["A pump (a small one.)", "runs.", "It stops."]),
        ("<p>First this; then that: so.</p>", ["First this;", "then that:", "so."]),
        (
            "<p>We know [[approved-therapies: 2019-02-28]] therapies.</p>",
            ["We know [[approved-therapies:2019-02-28]] therapies."],
        ),
        ("<p>[[picture: cell.svg, A T cell. It is round.]]</p><p>Words.</p>", ["Words."]),
        ("<p>A &amp; B &lt; C.</p>", ["A & B < C."]),
        ("<p>A <strong>bold</strong>er word.</p>", ["A bolder word."]),
        ("", []),
        ("<p> </p>", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text, sentences):
    assert coach.sentences(Passage(RichText("answer"), text)) == sentences


def test_plain_text_is_taken_as_it_stands():
    assert coach.sentences(Passage(Paragraph("in_short"), "Less than <5> & more.\n\nNext")) == [
        "Less than <5> & more.",
        "Next",
    ]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("One two three.", 3),
        ("T-cell therapy – a kind of its own", 7),
        ("It costs 5 / 10", 4),
        ("…", 0),
        ("(in brackets) “quoted”", 3),
    ],
)
def test_words_are_counted_as_a_person_counts_them(sentence, words):
    assert coach.length(sentence) == words


def test_a_sentence_of_25_words_is_fine_and_one_of_26_is_long():
    assert kinds(f"<p>{TWENTY_FIVE}.</p>") == []
    assert kinds(f"<p>{TWENTY_FIVE} eleven.</p>") == ["long"]
    assert kinds(f"<p>{TWENTY_FIVE} [[uses-of: pembrolizumab]].</p>") == ["long"]
    found = coach.read([Passage(RichText("answer"), f"<p>{TWENTY_FIVE} eleven.</p>")]).findings[0]
    assert found["advice"] == "26 words. Could this be two sentences?"
    assert found["words"].startswith("one two three") and len(found["words"]) <= 92


# Grade ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("cell", 1),
        ("your", 1),
        ("immune", 2),
        ("therapies", 3),
        ("people", 2),
        ("immunity", 4),
        ("antibody", 4),
        ("side-effect", 3),
        ("patient’s", 2),
        ("(tumor),", 2),
        ("CD19", None),
        ("FDA", None),
        ("2026", None),
        ("—", None),
    ],
)
def test_syllables_are_counted_and_numbers_and_abbreviations_set_aside(word, syllables):
    assert coach.syllables(word) == syllables


CAT = "<p>The cat sat on the mat. It was a warm day. The dog came in and lay down too. They both fell fast asleep.</p>"
HARD = (
    "<p>Immunotherapeutic interventions occasionally necessitate discontinuation of concurrently prescribed "
    "medications because unanticipated interactions significantly complicate individual treatment decisions. "
    "Multidisciplinary consultation facilitates comprehensive evaluation. Interdisciplinary communication "
    "considerably improves satisfaction and understanding throughout immunological rehabilitation.</p>"
)


def test_easy_words_have_a_low_grade_and_hard_ones_a_high_grade():
    assert coach.read([Passage(RichText("answer"), CAT * 2)]).grade < 2
    assert coach.read([Passage(RichText("answer"), HARD)]).grade > 20


def test_the_grade_is_that_of_the_formula():
    # 4 sentences of 8 words, each word of one syllable.
    text = "<p>" + "One two three four five six eight ten. " * 4 + "</p>"
    assert coach.read([Passage(RichText("answer"), text)]).grade == round(0.39 * 8 + 11.8 * 1 - 15.59, 1)


def test_few_words_have_no_grade():
    assert coach.read([Passage(RichText("answer"), "<p>Only a few words stand here.</p>")]).grade is None
    assert coach.read([]).grade is None


def test_names_of_drugs_and_cancers_do_not_make_a_text_hard():
    text = "<p>" + "You may have pembrolizumab for your melanoma now. " * 5 + "</p>"
    plain = coach.read([Passage(RichText("answer"), text)])
    named = coach.read([Passage(RichText("answer"), text)], names=["pembrolizumab", "Melanoma (skin)"])
    assert named.grade < 3 < plain.grade - 3


def test_a_part_that_reads_hard_is_named_with_its_grade():
    reading = coach.read([Passage(RichText("in_short"), CAT * 2), Passage(RichText("answer"), HARD)])
    assert [(found["kind"], found["part"]) for found in reading.findings if found["kind"] == "grade"] == [
        ("grade", "answer")
    ]
    assert reading.grades["in_short"] < reading.grade < reading.grades["answer"]


# Words to avoid -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("promise", "This is a cure."),
        ("promise", "It cured her."),
        ("promise", "It always works."),
        ("promise", "The treatment is safe."),
        ("promise", "It works safely."),
        ("promise", "This breakthrough changes all."),
        ("promise", "A miracle happened."),
        ("promise", "We guarantee a result."),
        ("promise", "A game-changer came."),
        ("promise", "Cures are near."),
        ("promise", "It is not new, and we think that it is now quite safe."),
        ("war", "It fights the tumor."),
        ("war", "Fight it."),
        ("war", "She lost her battle."),
        ("war", "T cells are the soldiers."),
        ("war", "It unleashes the immune system."),
        ("war", "It trains T cells."),
        ("war", "The cells are trained in a laboratory."),
        ("war", "It boosts immunity."),
        ("war", "A revolutionary drug."),
        ("war", "There is no magic bullet."),
        ("people", "Sufferers may ask."),
        ("people", "She suffers from pain."),
        ("people", "Cancer victims need help."),
    ],
)
def test_promises_war_and_words_that_hurt_are_noticed(kind, sentence):
    assert kinds(f"<p>{sentence}</p>") == [kind]


@pytest.mark.parametrize(
    "sentence",
    [
        "Safety was studied.",
        "Keep the card in a secure place.",
        "Procure it early.",
        "This is not safe.",
        "It is not always needed.",
        "It isn’t safe.",
        "It is not a cure.",
        "There is no cure.",
        "It is not known whether this is safe.",
        "Ask if it is safe to drive.",
        "Ask your team how safe it is.",
        "Is it safe?",
        "Can it cure cancer?",
        "It never cures the illness.",
        "The illness is incurable.",
        "Give to Fight Colorectal Cancer.",
        "Fight Colorectal Cancer is a charity.",
        "The center in Battle Creek helps.",
        "FDA gave it a breakthrough therapy designation.",
        "Breakthrough pain needs a plan.",
        "Leave out cured meats.",
        "Trained nurses give it.",
        "Ask a specially trained team.",
        "Nurses have training.",
        "A booster dose may follow.",
        "She was awarded a prize.",
        "Move towards the door.",
    ],
)
def test_words_that_only_look_like_them_are_left_alone(sentence):
    assert kinds(f"<p>{sentence}</p>") == []


def test_the_words_are_quoted_and_the_advice_names_the_word():
    found = coach.read([Passage(RichText("answer"), f"<p>{TWENTY_FIVE}. It is safe.</p>")]).findings[0]
    assert found["words"] == "It is safe."
    assert found["advice"] == "“safe” may sound like a promise. Say what it can do, and for whom it does not work."


# Medical words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Its efficacy was studied.", [("jargon", "efficacy")]),
        ("Each indication has a date.", [("jargon", "indication")]),
        ("Adverse events are rare.", [("jargon", "Adverse events")]),
        ("Pneumonitis is rare.", [("medical", "Pneumonitis")]),
        ("It was colitis. Then colitis again.", [("medical", "colitis")]),
        ("How well it works (efficacy) was studied.", []),
        ("Its efficacy (how well it works) was studied.", []),
        ("An inflamed lung is called pneumonitis.", []),
        ('It can cause <a href="/glossary/colitis/">colitis</a>.', []),
        ("The lung may be inflamed (pneumonitis). Pneumonitis needs care.", []),
        ("Arthritis and hepatitis are known to most.", []),
        ("With sympathy and therapy.", []),
    ],
)
def test_a_medical_word_is_named_once_unless_the_text_explains_it(sentence, found):
    assert about(f"<p>{sentence}</p>") == found


def test_a_word_that_readers_find_explained_is_left_alone():
    text = "<p>Pneumonitis and toxicities are rare.</p>"
    assert kinds(text) == ["jargon", "medical"]
    assert kinds(text, terms=["Pneumonitis", "toxicity"]) == ["jargon"]
    assert kinds(text, terms=["Pneumonitis", "toxicities"]) == []


def test_a_word_of_a_name_is_left_alone():
    assert kinds("<p>This neoplasm is rare.</p>", names=["Myeloproliferative neoplasm"]) == []


def test_advice_says_the_plainer_word():
    found = coach.read([Passage(RichText("answer"), "<p>Ask about indications.</p>")]).findings[0]
    assert found["advice"].startswith("Instead of “indications”, try “approved use”, which more readers know.")


# Sources, figures, headings, links, empty parts --------------------------------------------------


def test_a_text_without_sources_is_told_so():
    assert kinds("<p>Words.</p>", sourced=False) == ["source"]


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("There are 94 approved therapies.", "[[approved-therapies]]"),
        ("Today 94 immunotherapies are approved.", "[[approved-therapies]]"),
        ("FDA lists 331 approved uses.", "[[approved-uses]]"),
        ("So far 13 uses were withdrawn.", "[[withdrawn-uses]]"),
        ("They are approved for 32 kinds of cancer.", "[[approved-cancers]]"),
        ("It was first approved in 2014.", "[[first-approval: …]]"),
        ("It was first approved by FDA on September 4, 2014.", "[[first-approval: …]]"),
        ("That is so as of November 2026.", "[[as-of]]"),
    ],
)
def test_a_number_or_date_that_the_record_knows_is_noticed(sentence, figure):
    reading = coach.read([Passage(RichText("answer"), f"<p>{sentence}</p>")])
    assert [figure in found["advice"] for found in reading.findings if found["kind"] == "figure"] == [True]


@pytest.mark.parametrize(
    "sentence",
    [
        "There are [[approved-therapies]] approved therapies.",
        "Two therapies are given together.",
        "It is given in 3 treatments.",
        "There are more than 100 kinds of cancer.",
        "In 2019 there were 43 approved therapies.",
        "It was first seen in 1986.",
        "It was approved after a study of 500 people.",
    ],
)
def test_other_numbers_are_left_alone(sentence):
    assert kinds(f"<p>{sentence}</p>") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<h3>A</h3><p>a</p><h4>B</h4><p>b</p><h3>C</h3>", []),
        ("<h3>A</h3><p>a</p><h5>B</h5><p>b</p>", [("heading", "B")]),
        ("<h4>A</h4><p>a</p>", [("heading", "A")]),
        ("<p>a</p>", []),
    ],
)
def test_headings_go_down_one_level_at_a_time(text, found):
    assert about(text) == found


@pytest.mark.parametrize(
    "words", ["here", "Click here", "Read more …", "<strong>this page</strong>", "www.fda.gov", "", ">"]
)
def test_a_link_says_where_it_leads(words):
    link = '<p>See <a href="https://www.fda.gov/">{}</a> for words.</p>'
    assert kinds(link.format(words)) == ["link"]
    assert kinds(link.format("FDA’s list of approvals")) == []


@pytest.mark.parametrize("words", ["https://www.fda.gov/drugs", "fda.gov", "https://www.fda.gov/a?b=c&amp;d=e"])
def test_a_bare_address_is_no_name_of_a_link(words):
    assert kinds(f'<p><a href="https://www.fda.gov/">{words}</a></p>') == ["link"]


def test_the_words_of_a_link_that_stands_alone_are_read_too_and_its_address_is_not():
    parts = [
        Passage(Line("onward_label"), "Read more"),
        Passage(Line("onward_address"), "https://safe.org/cure"),
    ]
    assert [found["kind"] for found in coach.read(parts).findings] == ["link"]


@pytest.mark.parametrize("text", ["", "<p></p>", "<p> <br></p>", "<ul><li><p></p></li></ul>"])
def test_an_empty_part_is_noticed_unless_it_may_be_empty(text):
    assert kinds(text) == ["empty"]
    assert coach.read([Passage(RichText("say", required=False), text)]).findings == []
    assert kinds("<p>[[picture: 12]]</p>") == []


# The whole ----------------------------------------------------------------------------------


def test_the_summary_says_it_in_a_line():
    text = f"<p>{TWENTY_FIVE} eleven. {TWENTY_FIVE} twelve. It is safe.</p>"
    reading = coach.read([Passage(RichText("answer"), text)])
    assert coach.summary(reading._asdict()) == (
        f"Reading grade {round(reading.grade)}; 2 sentences are long; 1 word may be a promise."
    )
    assert coach.summary(coach.read([Passage(RichText("answer"), "<p>Fine.</p>")])._asdict()) == "No suggestions."
    calm = coach.read([Passage(RichText("answer"), CAT * 2)])
    assert coach.summary(calm._asdict()) == f"Reading grade {round(calm.grade)}; no suggestions."


def test_every_kind_of_finding_has_its_advice_and_its_place_in_the_summary():
    assert set(coach.ADVICE) == set(coach.TOLD)
    for advice in coach.ADVICE.values():
        assert all(words <= 25 for words in map(coach.length, coach.sentences(Passage(Paragraph("advice"), advice))))


def test_many_findings_are_capped_and_still_counted():
    reading = coach.read([Passage(RichText("answer"), "<p>It is safe.</p>" * 80)])
    assert (len(reading.findings), reading.counts) == (50, {"promise": 80})


def test_a_reading_can_be_stored_as_json():
    reading = coach.read([Passage(RichText("answer"), HARD)], sourced=False)._asdict()
    assert json.loads(json.dumps(reading)) == reading


def steps(*parts: Passage) -> float:
    return steps_in_the_time_of(lambda: coach.read(list(parts)))


@pytest.mark.slow
def test_an_answer_ten_times_as_long_takes_about_ten_times_as_long():
    def cheapest(times: int) -> float:
        answer = (CAT + HARD + '<p>See <a href="/faq/">the answers</a>.</p>') * times
        return min(steps(Passage(RichText("answer"), answer)) for _ in range(5))

    assert cheapest(200) < 25 * cheapest(20)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a ",
        "<p",
        "<a ",
        "<h3>",
        "(a ",
        "a-a-",
        "1,1,",
        "a.a.",
        "[[",
        "safe ",
        "not a ",
        " called a",
        "&#",
        "\n\n",
        "— ",
    ],
)
def test_no_text_makes_it_slow(piece):
    text = piece * (50_000 // len(piece))
    assert steps(Passage(RichText("answer"), text), Passage(Paragraph("in_short"), text)) < 200
