"""The verbs with which FDA acts, as it writes them, and an act: one of them in its sentence."""

import re
from dataclasses import dataclass

#: What FDA does, as it writes it. "Traditional" and "full" are said of approvals that were accelerated before.
VERB = re.compile(
    r"""\b(?:
    (?P<accelerated>(?:grant(?:ed|s|ing)|g[ai]ves?)\ (?:an?\ |the\ )?accelerated\ approvals?
            (?:\ (?:on\ )?(?:Mon|Tues|Wednes|Thurs|Fri)day)?\ (?:to|for|of)
        |accelerated\ the\ approval\ of)
    |(?P<converted>convert(?:ed|s|ing)\ (?:the\ |its\ )?(?:accelerated\ )?approvals?\ to\ (?:regular|traditional|full)
            \ approval\ (?:of|for|to)
        |convert(?:ed|s|ing)\ (?:the\ |its\ )?approvals?\ from\ accelerated\ (?:approval\ )?to
            \ (?:regular|traditional|full)(?:\ approval)?\ (?:of|for)
        |grant(?:ed|s|ing)\ (?:traditional|full|standard)\ approvals?\ (?:to|for|of)
        |convert(?:ed|s|ing)\ (?:the\ |its\ )?(?:accelerated\ )?approvals?\ (?:of|for|to)
        |convert(?:ed|s|ing)\ to\ (?:regular|traditional|full)\ approval
        |announc(?:ed|es|ing)\ the\ conversion\ of\ (?:the\ )?accelerated\ approvals?\ (?:of|for|to)
        |convert(?:ed|s|ing)\ (?P<named_>[\w-]+(?:\ [\w-]+){0,3}(?:\ \([^()]{1,80}\))?)\ from\ accelerated
            \ (?:approval\ )?to\ (?:regular|traditional|full)\ approval)
    |(?:grant(?:ed|s|ing)|g[ai]ves?)\ (?P<named>[\w-]+(?:\ [\w-]+){0,3}(?:\ \([^()]{1,80}\))?)
        \ (?:(?P<accelerated_>accelerated)|(?P<regular_>regular)|(?P<converted_>traditional|full))\ approval\b
    |(?<=\band\ )(?:(?P<accelerated__>accelerated)|(?P<regular__>regular)|(?P<converted__>traditional|full))
        \ approvals?\ (?:to|for|of)
    |(?P<regular>(?:grant(?:ed|s|ing)|g[ai]ves?)\ (?:an?\ )?(?:(?:regular|supplemental|expanded|new)\ )?
            approvals?\ (?:and\ expanded\ labeling\ )?(?:to|for|of)
        |(?:expand|extend|broaden)(?:ed|s|ing)\ (?:the\ )?(?:approved\ )?
            (?:indications?|approvals?|uses?|labels?)(?:\ to\ include\ (?:the\ )?(?:approval|use))?\ (?:of|for)
        |(?:expand|extend|broaden)(?:ed|s|ing)\ the\ (?!approved\b|current\b|existing\b|labell?ed\b)
            (?P<of_indication>[\w-]++)\ (?:(?!indication)(?:[\w-]++|\([^()]{1,20}\))\ ){0,8}?
            indications?(?=\ to\ include\b)
        |(?:expand|extend|broaden)(?:ed|s|ing)\ (?P<of_indication_>[\w-]++(?:\ \([^()]{1,80}\))?)[’']s\ (?:approved\ )?
            (?:indications?|approvals?|labels?|uses?)(?=\ to\ include\b)
        |(?:made|took|reached)\ (?:an?|the|its)\ (?:\w+\ )?decision\ by\ approving
        |(?:modif(?:ied|ies)|chang(?:ed|es)|revis(?:ed|es))\ the\ (?:recommended\ )?dos(?:ag)?(?:e|ing)
            (?:\ (?:regimens?|schedules?))?\ (?:of|for)
        |(?<![\w-])(?P<also>[\w-]++(?:\ [\w-]++)??(?:\ \([^()]{1,80}\))?)\ was\ also\ approved
            (?=\ (?:for|to|in|as)\b)
        |(?<![\w’'-])(?P<also_>(?:[\w-]++[’']s\ )?[\w-]++(?:\ \([^()]{1,80}\))?)\ has\ also\ been\ approved
            (?=\ (?:for|to\ treat|as)\b)
        |(?:(?<=\bin\ addition,\ )|(?<=\badditionally,\ ))
            (?P<added>[\w-]++(?:\ [\w-]++)??(?:\ \([^()]{1,80}\))?)\ was\ approved(?=\ (?:for|to|in|as)\b)
        |(?<=\bthat\ )(?P<by>[\w-]++(?:\ [\w-]++)??(?:\ \([^()]{1,80}\))?)\ (?:was|has\ been)\ approved\ by\ the
            \ (?:U\.?S\.?\ )?(?:FDA|Food\ and\ Drug\ Administration)(?:\ \(FDA\))?(?=\ (?:on|for|to|in|as)\b)
        |announc(?:ed|es|ing)\ the\ approval\ of
        |approve[ds](?:\ approved)?|(?<!-)licensed)
    |(?P<regular___>in\ addition\ to\ approving\ (?:an?\ )?(?:new|additional|expanded|second)\ (?:indications?|uses?)
        (?=\ (?:for|in|as)\b))
    |(?:(?<=\bin\ addition,\ )(?P<got>[\w-]++(?:\ [\w-]++)??(?:\ \([^()]{1,80}\))?)\ (?:also\ )?received
        \ (?:(?P<_accelerated>accelerated)|(?P<_regular>regular)|(?P<_converted>traditional|full))\ approval
        (?=\ (?:for|to)\b))
    |(?P<withdrawn>announc(?:ed|es|ing)\ the\ (?:voluntary\ )?withdrawal\ of(?:\ its)?
            (?=(?:\ [\w-]+){1,4}\ \([^()\n]{3,60}\)\ (?:for|in)\b)
        |withdrawal\ from\ the\ (?:U\.?S\.?\ |American\ |United\ States\ )?market
            \ of(?:\ the\ (?:drug|product))?
        |(?:(?:with(?:drew|draw(?:s|n|ing)?)|revok(?:ed?|es|ing)|rescind(?:ed|s|ing)?)\b
            |(?P<noun>(?:withdrawal|revocation)\ of\b))(?:\ (?:the|its|their)\b)?
            (?:(?:\ (?!for\b|from\b)[\w.-]+(?:\ \([^()\n]{1,60}\))?){0,4}?
                \ (?:approvals?|indications?|authori[sz]ations?|licen[sc]es?(?!\ application)
                    |(?(noun)new\ drug\ applications?|(?!)))\b
            (?:\ (?:of|for|to)\b)?|(?(noun)(?!)|)))
    )(?!\w|\ \|)""",
    re.IGNORECASE | re.VERBOSE,
)
#: The kinds of events that its groups are not called after.
KINDS = {"accelerated": "accelerated-approval", "regular": "approval"}


@dataclass(frozen=True, slots=True)
class Act:
    """One verb with the sentence that it stands in."""

    verb: re.Match[str]
    start: int
    end: int

    @property
    def group(self) -> str:
        return (self.verb.lastgroup or "regular").strip("_")

    @property
    def named(self) -> str:
        """The drug that stands within the verb: "granted Samplimab full approval"."""
        places = ("named", "named_", "also", "also_", "added", "got", "by", "of_indication", "of_indication_")
        return next((name for place in places if (name := self.verb[place])), "")

    @property
    def goes_on(self) -> bool:
        """Whether it can only be told behind another: "Samplin was also approved for …"."""
        return any(self.verb[place] for place in ("also", "also_", "added", "got"))
