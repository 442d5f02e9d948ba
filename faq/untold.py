"""What people ask about living with a treatment, and no page of ours tells yet, with whom to ask instead.

Each word stands for its other forms, too. A page that is called so is found in its place, so nobody has to come here
after writing one.
"""

from portal.publishing.rooms import Untold

YOUR_TEAM = "Ask your cancer team or your pharmacist."
UNTOLD = {
    said: told
    for told, several in (
        (
            Untold(
                "what a treatment costs, or what insurance pays",
                "Ask your hospital’s social worker, or call the number on your insurance card.",
            ),
            "insurance, insurer, medicare, medicaid, copay, seguro, cost, price, afford, pay, "
            "money, expensive, bill, covered, coverage, deductible, financial",
        ),
        (
            Untold("drinking alcohol during treatment", YOUR_TEAM),
            "alcohol, beer, glass of wine, wine, booze, whiskey, stop drinking, can i drink, ok to drink, "
            "safe to drink, have a drink",
        ),
        (
            Untold(
                "food, vitamins, or supplements during treatment",
                "Ask your cancer team or your pharmacist before you start or stop anything.",
            ),
            "diet, food, can i eat, should i eat, to eat, vitamin, supplement, herbal, "
            "herbs, turmeric, probiotics, cannabis, cbd, marijuana, grapefruit, coffee",
        ),
        (
            Untold("vaccines against infections during treatment", "Ask your cancer team before you get any vaccine."),
            "covid, shingles, flu shot, flu jab, flu vaccine, flu vaccination, vaccinated",
        ),
        (
            Untold(
                "working during treatment",
                "Ask your cancer team what to expect, and your hospital’s social worker about your job.",
            ),
            "go to work, back to work, return to work, can i work, working during, working while, "
            "time off, off work, sick leave, job, employer",
        ),
        (
            Untold("travel during treatment", "Ask your cancer team before you plan a trip."),
            "travel, fly, flight, vacation, holiday, abroad",
        ),
        (
            Untold("exercise during treatment", "Ask your cancer team what is right for you."),
            "exercise, gym, sport, swim, yoga",
        ),
        (
            Untold(
                "pregnancy, birth control, or having children later",
                "The page of your therapy may say more. Ask your cancer team before treatment starts.",
            ),
            "pregnancy, pregnant, birth control, contraception, breastfeed, fertility, infertile",
        ),
        (
            Untold("sex during treatment", "Your cancer team is used to this question, so do ask."),
            "sex, sexual, intimacy",
        ),
        (
            Untold("getting a second opinion", "Your doctor’s office can tell you how to get one."),
            "second opinion, other opinion, another opinion, opinion",
        ),
    )
    for said in several.split(", ")
}
