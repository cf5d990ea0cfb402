"""Icons: what an administrator writes (Font Awesome's names) and which drawing of the sprite shows it.

The sprite is made by `tools/icons` from the drawings named here; a name that isn't known gets `FALLBACK`.
"""

from __future__ import annotations

FALLBACK = "file-text"

# The screens' own.
OWN = """
arrow-down arrow-left arrow-right arrow-up ban bell check chevron-down chevron-left chevron-right chevron-up
circle-alert circle-check circle-help copy download ellipsis eye external-link filter history house inbox info
key-round languages lock lock-open log-out menu monitor moon paperclip pencil plus printer refresh-cw rotate-ccw
rows-3 save scroll-text search settings shield-check sliders-horizontal sun trash-2 triangle-alert upload
user user-plus users x file-text
"""

_SAID = """
address-book=contact address-card=id-card award=award balance-scale=scale bank=landmark barcode=barcode
bed=bed bell=bell bolt=zap book=book book-open=book-open bookmark=bookmark box=package boxes=boxes
briefcase=briefcase building=building building-columns=landmark bullhorn=megaphone bus=bus calculator=calculator
calendar=calendar calendar-check=calendar-check calendar-days=calendar-days calendar-day=calendar-days camera=camera
car=car certificate=badge-check chalkboard-user=presentation chart-bar=chart-column chart-line=chart-line
chart-pie=chart-pie check=check circle-check=circle-check circle-exclamation=circle-alert circle-info=info
city=building-2 clipboard=clipboard clipboard-check=clipboard-check clipboard-list=clipboard-list clock=clock
cloud=cloud cog=settings cogs=settings coins=coins comment=message-circle comment-dots=message-circle-more
comments=messages-square credit-card=credit-card database=database desktop=monitor diagram-project=workflow
display=monitor door-open=door-open download=download drafting-compass=drafting-compass droplet=droplet
envelope=mail exchange=arrow-left-right exclamation=circle-alert eye=eye fax=printer fire=flame flag=flag
flask=flask-conical folder=folder folder-open=folder-open gauge=gauge gavel=gavel gear=settings gears=settings
gift=gift globe=globe graduation-cap=graduation-cap hammer=hammer hand=hand
hand-holding-dollar=hand-coins hand-holding-heart=heart-handshake hands-helping=heart-handshake handshake=handshake
headset=headset heart=heart home=house hospital=hospital hourglass=hourglass house=house id-badge=id-card-lanyard
id-card=id-card image=image inbox=inbox industry=factory info=info key=key-round landmark=landmark laptop=laptop
layer-group=layers leaf=leaf life-ring=life-buoy lightbulb=lightbulb link=link list=list list-check=list-checks
location-dot=map-pin lock=lock map=map map-marker=map-pin medal=medal microscope=microscope money-bill=banknote
moon=moon newspaper=newspaper paper-plane=send paperclip=paperclip pen=pencil pen-to-square=square-pen
people-arrows=users-round people-group=users-round percent=percent person=user person-walking-arrow-right=log-in
phone=phone phone-volume=phone-call piggy-bank=piggy-bank plane=plane plug=plug plug-circle-bolt=plug-zap
print=printer question=circle-help receipt=receipt recycle=recycle right-left=arrow-left-right road=route
road-circle-check=route rocket=rocket rotate=refresh-cw route=route rss=rss sack-dollar=hand-coins
scale-balanced=scale school=school screwdriver-wrench=wrench search=search seedling=sprout server=server
share-nodes=share-2 shield=shield shield-halved=shield-check ship=ship shoe-prints=footprints shop=store
shopping-cart=shopping-cart sign-hanging=signpost sitemap=network sliders=sliders-horizontal solar-panel=solar-panel
sort=arrow-up-down stamp=stamp star=star stethoscope=stethoscope store=store suitcase=briefcase sun=sun
syringe=syringe table=table tag=tag tags=tags tasks=list-checks thumbs-up=thumbs-up ticket=ticket
timeline=milestone toolbox=toolbox tools=wrench tower-observation=tower-control train=train-front
trash=trash-2 tree=trees triangle-exclamation=triangle-alert trophy=trophy truck=truck umbrella=umbrella
university=landmark upload=upload user=user user-check=user-check user-gear=user-cog user-graduate=graduation-cap
user-group=users user-plus=user-plus user-tie=user-round users=users utensils=utensils video=video
wallet=wallet warehouse=warehouse water=waves wifi=wifi wrench=wrench file=file-text file-circle-check=file-check
file-contract=file-text file-invoice=receipt file-lines=file-text file-signature=file-pen arrows-left-right=arrow-left-right
"""

DRAWINGS: dict[str, str] = dict(pair.split("=") for pair in _SAID.split())


def drawing(name: str) -> str:
    """The sprite's drawing for a name as an administrator writes it: `bullhorn`, `fa-bullhorn` or a drawing's own."""
    plain = name.strip().casefold().removeprefix("fa-")
    return DRAWINGS.get(plain) or (plain if plain in ALL else FALLBACK)


ALL = frozenset((*OWN.split(), *DRAWINGS.values()))
