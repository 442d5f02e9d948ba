"""Reading a notice with a short list of names, for the tests of its parts."""

import datetime

from therapies.desk.paste import taken_apart
from therapies.fda.naming import Vocabulary
from therapies.fda.records import Notice
from therapies.fda.wording import drafts

TODAY = datetime.date(2026, 11, 24)
WORDS = Vocabulary(
    therapies={
        "pembrolizumab": ["pembrolizumab", "Keytruda", "Keytruda Qlex"],
        "nivolumab": ["nivolumab", "Opdivo"],
        "nivolumab-relatlimab": ["nivolumab and relatlimab", "Opdualag"],
        "ipilimumab": ["ipilimumab", "Yervoy"],
        "tisagenlecleucel": ["tisagenlecleucel", "Kymriah", "tisa-cel"],
        "zanidatamab": ["zanidatamab", "Ziihera"],
        "tislelizumab": ["tislelizumab", "Tevimbra"],
        "daratumumab": ["daratumumab", "Darzalex Faspro"],
        "enfortumab-vedotin": ["enfortumab vedotin", "Padcev", "EV"],
        "durvalumab": ["durvalumab", "Imfinzi"],
        "cemiplimab": ["cemiplimab", "Libtayo"],
        "lisocabtagene-maraleucel": ["lisocabtagene maraleucel", "Breyanzi"],
        "blinatumomab": ["blinatumomab", "Blincyto"],
        "dostarlimab": ["dostarlimab", "Jemperli"],
    },
    cancers={
        "melanoma": ["Melanoma"],
        "liver-cancer": ["Liver cancer", "hepatocellular carcinoma"],
        "lymphoma": ["Lymphoma"],
        "follicular-lymphoma": ["Follicular lymphoma"],
        "stomach-cancer": ["Stomach cancer", "gastric cancer", "gastric adenocarcinoma"],
        "gastroesophageal-junction-cancer": ["Gastroesophageal junction cancer"],
        "esophageal-cancer": ["Esophageal cancer"],
        "bladder-cancer": ["Bladder cancer"],
        "muscle-invasive-bladder-cancer": ["Muscle-invasive bladder cancer", "MIBC"],
        "urothelial-carcinoma": ["Urothelial carcinoma (advanced)"],
        "basal-cell-carcinoma": ["Basal cell carcinoma"],
        "triple-negative-breast-cancer": ["Triple-negative breast cancer"],
        "acute-lymphoblastic-leukemia": ["Acute lymphoblastic leukemia"],
        "colorectal-cancer": ["Colorectal cancer", "rectal cancer"],
        "solid-tumors": ["Solid tumors (any site)"],
        "msi-h-dmmr-solid-tumors": ["MSI-high or mismatch repair-deficient solid tumors", "MSI-H", "dMMR"],
        "multiple-myeloma": ["Multiple myeloma"],
        "small-cell-lung-cancer": ["Small cell lung cancer"],
        "non-small-cell-lung-cancer": ["Non-small cell lung cancer", "NSCLC"],
    },
    biomarkers={
        "her2-positive": ["HER2-positive"],
        "pd-l1": ["PD-L1-positive"],
        "cd19": ["CD19-positive"],
        "msi-h-dmmr": ["MSI-high or mismatch repair-deficient", "MSI-H", "dMMR"],
    },
)


def told(description, date=datetime.date(2026, 1, 2), words=WORDS):
    return drafts(Notice(1, "FDA approves nothing of this title, durvalumab", description, date, ""), words, TODAY)


def values(reads):
    return [read.value for read in reads]


def pasted(*lines):
    return drafts(taken_apart("\n".join(lines), TODAY), WORDS, TODAY)


def kinds(text):
    return [draft.kind.value for draft in pasted(*text.split("\n")) if draft.kind]
