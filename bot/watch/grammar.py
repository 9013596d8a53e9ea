"""Words that name no subject: English grammar, and the grammar of requests. Pure."""

from __future__ import annotations

from typing import Final

_SHORTEST: Final = 3  # letters of a word that tells something alone


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


PLAIN: Final = _words(
    "a about above across act adopt after against agencies agency all allow allows also among an and any are as",
    "ask asks at be because been before being between both but by call calls can come congress could department",
    "do does during each either enact end enough ensure ensures every federal for from further give given gives",
    "government had has have he her here his how however i if immediately in including increase inside instead",
    "into is issue issues it its just keep less let like make makes making may might more most must national",
    "need needs new next no nor not of office on once only or other our out over own part pass people per place",
    "policies policy program programs propose provide provides publicly request requests require required",
    "requires rule rules same set sets several shall she should since so some state stop strengthen such",
    "support take takes than that the their them then there these they this those through to toward under until",
    "up upon urge us use used uses using vocally was we were what when whenever where wherever which while who whom",
    "whose will with within without would write writing year years you your",
)


def tells(word: str) -> bool:
    """Whether a folded word says something alone: it is neither grammar, nor very short, nor a number."""
    return len(word) >= _SHORTEST and word not in PLAIN and not word[0].isdigit()


# Words that many requests share and that name no subject alone, singular. What the Register uses often needs no place
# here: `drafts` asks the table how common a word is.
GENERIC: Final = _words(
    "abroad accept access account achieve advance advocate affect affordable again alone already also appear",
    "applicant apply appropriate april area arrival assistance august automatic available award back ban barrier",
    "basic begin behind believe below beneath benefit best better billion block body bring build campaign cancel",
    "cannot care carry case cause century challenge chance choice clear close coalition collect collection collector",
    "community complete comprehensive concern consider consult cost count country cover creation crisis critical",
    "cross curb current cut daily damage danger day deadline decade december decide decided dedicated delay deny",
    "depend deserve designate direct disclose document dollar door drive duty early earned easy effect effective",
    "emergency encourage enforce enforcement engage equal equity error establish ever everybody everyone evidence",
    "exist expand expert expertise extend extra face fact failure fair fairness family fast faster fear february few",
    "figure finalize finally find finish first fix focus force free full fund funded funding future gather goal good",
    "grant group grow guarantee guidance guideline half halt hand harm hearing held help high hire honest hope hour",
    "hundred idea identify immediate impact implement important improve independent individual inform inspect instead",
    "interview invest investment involve january job join july june keep key kind know large last late law lead leader",
    "leadership learn leave level life limit line list listen live local long loss low lower main maintain major man",
    "mandate many march matter meaningful measure member method middle million mind modernize moment money monitor",
    "month move name named nation near need neighbor neither newcomer newly night nobody notify november number",
    "october offer official online open oppose ought owner paid paper partner pay paying peer percent permanent",
    "permit person phase place point poor post power practice prepare preserve pressure prevent price prioritize",
    "private problem prohibit promise promote prompt proof proper protect protected protecting protocol provider",
    "purpose pursue put qualify question raise rate reach ready real reason rebuild receive recognize record reform",
    "refuse regular reimbursement reject release relevant reliable remain remove renew repeal replace resource",
    "respect respond response restore restrict result return revise right rise risk robust role room run safe save",
    "scale science scientist second sector secure seek seeker send sense september serious serve several share shift",
    "shop show shut side sign silent simple single sit site size skip slide slow somebody soon source speak special",
    "specific speed spend staff staffed stakeholder stand start statute stay step still stock strategy strength",
    "strict strong stronger study success sufficient sure survey suspend talk target task team technical tell term",
    "test therefore thing think third thousand threat timely today together tomorrow took tool top town track train",
    "training transfer transparent treat true trust truth turn unable understand union urgent value view visible",
    "voice vulnerable wait want waste way week well whole withdraw woman word work worker working world wrong",
)
