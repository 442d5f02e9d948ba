"""What this room gives away: therapies with their names and facts, what they are sorted under, uses, FDA's decisions.

Whatever holds on a day is asked of the code that the pages ask, so that a file never says otherwise than they do.
"""

from .decisions import EVENTS, FURTHER
from .facts import FACTS, NAMES
from .labels import LABELS
from .sorting import BIOMARKERS, CANCERS, CLASSES, FAMILIES
from .therapies import THERAPIES
from .uses import EARLIER, USES

TABLES = (FAMILIES, CLASSES, CANCERS, BIOMARKERS, THERAPIES, NAMES, FACTS, USES, EVENTS, EARLIER, FURTHER, LABELS)
