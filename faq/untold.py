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
            "herbs, turmeric, probiotics, grapefruit, coffee",
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
        (Untold("cannabis during treatment", YOUR_TEAM), "cannabis, cbd, thc, marijuana, weed, smoke weed"),
        (
            Untold("smoking or vaping during treatment", "Your cancer team can help you stop."),
            "smoke, vape, cigarette, tobacco, nicotine",
        ),
        (
            Untold("sun during treatment", "Ask your cancer team how to protect your skin."),
            "sunscreen, sunbathe, in the sun, tanning",
        ),
        (
            Untold("dental work during treatment", "Ask your cancer team before your dentist does anything."),
            "dentist, dental, tooth, teeth",
        ),
        (
            Untold("driving during treatment", "Ask your cancer team before you drive."),
            "driving, can i drive, drive home, drive myself",
        ),
        (
            Untold(
                "telling your family or other people that you have cancer",
                "Your hospital’s social worker can help you find the words.",
            ),
            "tell my kids, tell my children, tell my child, tell my son, tell my daughter, tell my family, "
            "tell my mom, tell my mother, tell my dad, tell my father, tell my parents, tell my husband, "
            "tell my wife, tell my friends, tell the kids, tell the children",
        ),
        (
            Untold(
                "coping with fear, sadness, or stress",
                "Tell your cancer team how you feel. Call or text 988 now if you are thinking about hurting yourself.",
            ),
            "scared, afraid, anxious, anxiety, depressed, depression, cope, coping, lonely, counseling, support group",
        ),
        (
            Untold("finding a doctor or a hospital", "Ask your doctor where people with your cancer are treated."),
            "best doctor, best oncologist, best hospital, best cancer center, find a doctor, find an oncologist, "
            "which hospital, which doctor, hospital near",
        ),
        (
            Untold("sex during treatment", "Your cancer team is used to this question, so do ask."),
            "sex, sexual, intimacy",
        ),
        (
            Untold(
                "how long any one person will live",
                "Your cancer team knows your case, so ask them, and say how much you want to know.",
                ("/glossary/prognosis/",),
            ),
            "am i dying, i am dying, im dying, is dying, will i die, going to die, life expectancy, "
            "chances of survival, survival chances, have to live, left to live, time left, have i got, "
            "years left, months left, terminal",
        ),
        (
            Untold("getting a second opinion", "Your doctor’s office can tell you how to get one."),
            "second opinion, other opinion, another opinion, opinion",
        ),
    )
    for said in several.split(", ")
}
