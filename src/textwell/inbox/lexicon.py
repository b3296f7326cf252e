# ruff: noqa: E501 - a pattern is one thought; broken over lines its alternatives are harder to read
"""Words and phrases by intent and language, as people text them. Data alone; read by `words`.

Words are whole messages. Phrases are regular expressions found anywhere in a normalised message
(lower case, no accents, no punctuation), so they are written in that form.
"""

from typing import Final

Words = dict[str, dict[str, tuple[str, ...]]]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


# Understood in every country, whatever the language of the programme.
UNIVERSAL: Final[Words] = {
    "opt_out": {
        "en": _split(
            "stop, stop all, stopall, unsubscribe, unsub, cancel, end, quit, opt out, optout,"
            " revoke, stop it, stopp, opt me out, remove me, unsubscribe me, no more"
        ),
        "fr": _split("arret, arreter, arretez, desabo, desabonner, desinscrire, desinscription"),
        "es": _split("baja, dar de baja, darme de baja, alto"),
        "vi": _split("tc, huy, tu choi, tuchoi, huy dang ky, huy dk, huy qc, tc qc"),
        "zh": _split("退订, 退訂, 取消, td, 拒收, 取消订阅, 取消訂閱"),
        "de": _split("abmelden, abbestellen, austragen"),
        "pt": _split("sair, descadastrar"),
    },
    "opt_in": {
        "en": _split(
            "start, unstop, join, subscribe, opt in, optin, resubscribe, resume, sign me up"
        ),
        "fr": _split("abonner, je mabonne, inscription, reprendre"),
        "es": _split("alta, suscribir, suscribirme, darme de alta"),
        "vi": _split("dang ky, dk, dong y nhan tin"),
        "zh": _split("订阅, 訂閱, 恢复订阅, 开通"),
        "de": _split("anmelden, abonnieren"),
        "pt": _split("inscrever, cadastrar, assinar, quero receber"),
    },
    "help": {
        "en": _split("help, info, help me, support, more info, need help, i need help, assistance"),
        "fr": _split("aide, aidez moi"),
        "es": _split("ayuda, ayudame"),
        "vi": _split("hd, tro giup, giup, huong dan, giup toi"),
        "zh": _split("帮助, 幫助, 求助"),
        "de": _split("hilfe"),
        "pt": _split("ajuda"),
    },
}

WORDS: Final[Words] = {
    "confirm": {
        "en": _split(
            "confirm, confirmed, c, i confirm, ill be there, see you then, i will be there, attending, will do"
        ),
        "fr": _split("confirme, confirmer, je confirme, confirmee, je serai la"),
        "es": _split("confirmar, confirmo, confirmado, confirmada, ahi estare"),
        "vi": _split("xac nhan, xn, toi xac nhan, toi se den, em se den"),
        "zh": _split("确认, 確認, 我会来, 我會來, 我会到, 确定, 確定"),
        "de": _split("bestatigen, bestatigt, ich bestatige, bestatige, ich komme"),
        "pt": _split("confirmar, confirmo, confirmado, confirmada, estarei la"),
    },
    "cancel": {
        "en": _split("cancelled, canceled, cant make it, i cant come, i cannot come, cant come"),
        "fr": _split("annuler, annule, annulez, je ne peux pas venir, jannule"),
        "es": _split("anular, anulo, cancelo, no puedo ir, no podre ir"),
        "vi": _split("huy lich, huy hen, huy lich hen, khong den duoc, toi khong den duoc"),
        "zh": _split("取消预约, 取消預約, 我来不了, 我來不了, 来不了, 去不了"),
        "de": _split("absagen, stornieren, ich sage ab, ich kann nicht kommen"),
        "pt": _split("desmarcar, cancelo, nao posso ir, nao vou poder ir"),
    },
    "move": {
        "en": _split("move, reschedule, change, r, postpone, later, another time, another day"),
        "fr": _split("deplacer, reporter, changer, decaler, un autre jour, plus tard"),
        "es": _split("cambiar, reprogramar, mover, aplazar, otro dia, mas tarde"),
        "vi": _split("doi lich, doi hen, doi, doi gio, doi ngay, doi lich hen, ngay khac"),
        "zh": _split("改期, 改时间, 改時間, 换时间, 推迟, 改约, 延期"),
        "de": _split("verschieben, verlegen, umbuchen, anderer termin, spater"),
        "pt": _split("remarcar, reagendar, mudar, adiar, outro dia, mais tarde"),
    },
    "yes": {
        "en": _split(
            "yes, y, yep, yeah, yup, ok, okay, sure, yes please, k, of course, sounds good,"
            " absolutely, definitely, perfect, great, great thanks, yas, yess, okey, alright, fine, works for me,"
            " that works, please do, i do, i am, agreed, deal, good"
        ),
        "fr": _split(
            "oui, ouais, daccord, dac, parfait, avec plaisir, volontiers, ca me va, entendu, bien sur, oui merci, o"
        ),
        "es": _split(
            "si, claro, vale, de acuerdo, perfecto, por supuesto, claro que si, sip, okey, esta bien, dale, listo, si por favor, si gracias, bueno"
        ),
        "vi": _split(
            "co, vang, da, dong y, da duoc, duoc nhe, da vang a, da duoc a, ok nhe,  duoc a, ok luon, chac chan, nhat tri, dung roi, dung, vang a, duoc, u, uh, da vang, ok a, ok em, co nhe, da co"
        ),
        "zh": _split(
            "是, 是的, 好, 好的, 好的没问题, 可以啊, 可以呀, 好滴, 行啊, 没问题的, 好的好的, 好啊, 好呀, ok的, 没错, 当然, 行的, 愿意, 可以, 可以的, 行, 要, 同意, 嗯, 对, 對, 没问题, 沒問題"
        ),
        "de": _split(
            "ja, ja bitte, gerne, ja gerne, natürlich, naturlich, passt, perfekt, auf jeden fall, sicher, jawohl, klar, einverstanden, jo, j, in ordnung"
        ),
        "pt": _split(
            "sim, claro, pode ser, ok, beleza, perfeito, fechado, isso, aceito, tudo bem, combinado, com certeza, sim por favor, ta bom, s"
        ),
    },
    "no": {
        "en": _split(
            "no, n, nope, nah, no thanks, no thank you, not now, not interested, no way, not today,"
            " no need, nothanks, not really, im good, negative, never mind"
        ),
        "fr": _split(
            "non, non merci, pas maintenant, pas interesse, nan, pas aujourdhui, sans facon, pas du tout"
        ),
        "es": _split(
            "no gracias, ahora no, no me interesa, hoy no, para nada, nop, por ahora no, no quiero"
        ),
        "vi": _split(
            "khong, ko, k can, khong can, khong a, ko can, khong nhe, thoi, thoi khoi, khong quan tam, khong muon, de sau, khong cam on, hong, khong dong y, khong a"
        ),
        "zh": _split(
            "不, 不是, 不要, 不用, 不需要, 不了, 不必, 没有, 否, 算了, 不行, 不同意, 不用了, 不可以, 不好, 没兴趣"
        ),
        "de": _split(
            "nein, nein danke, nee, ne, jetzt nicht, kein interesse, heute nicht, kein bedarf, leider nein"
        ),
        "pt": _split(
            "nao, nao obrigado, nao obrigada, agora nao, nao quero, hoje nao, nao precisa, nao tenho interesse, sem interesse"
        ),
    },
}

# Lesser known forms and slips of the hand that are one slip away from nothing else.
SLIPS: Final[dict[str, str]] = {
    "opt_out": " spto tspo dtpo sootp wtop xtop sgop sfop stkp stlp"
    " sotp stpo tsop sttop sstop stoop sto stp st0p stip stol stpp atop dtop syop srop"
    " stop1 stopit stops stopo unsuscribe unsubcribe unsubsribe unsubscibe unsuscribirme"
    " unsubscrib unsubscribed unsubscribeme cancle cancell cancal endd quite quti qiut optout"
    " arert arrett arrêt aret arete stopsms stopmsg bajaa vaja remover tuchoii 退定 tuiding ".strip(),
    "opt_in": "strat satrt sart statr startt unstp jion joinn",
    "help": "hlep hepl hlp helpp halp ayduda aiyuda",
}

PHRASES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "opt_in": (
        ("en", r"\b(re ?subscribe|(start|resume|restart|turn on|bring back|begin) (\w+ ){0,2}(texts?|messages?|alerts?|notifications?|updates|texting|messaging)|(start|keep|continue|resume|again) (getting|receiving)|unsubscribed by (mistake|accident)|didnt mean to (stop|unsubscribe|opt out)|sign me (back )?up|opt me (back )?in|opt(ing)? in|(start|resume) (texting|sending|messaging)( me)?|add me( back)?|(put|sign) me back( on| in| up)?|start again$|start texting me|subscribe me|(want|like) to (subscribe|join|sign up|receive (your )?(texts|messages|offers)))\b"),
        ("fr", r"\b(re ?(inscri|abonne)\w+|recevoir (a|de) nouveau|de nouveau recevoir|minscrire|mabonner|inscrive[zr] moi|abonne[zr] moi|je mabonne|reprendre les (sms|messages))\b"),
        ("es", r"\b(suscrib(irme|anme|eme)|quiero (volver a )?(recibir|suscribirme|inscribirme|apuntarme)|reactiv\w+|volver a recibir|(me )?vuelvan a (mandar|enviar)\w*|(dar|dame|denme|deme|darme) de alta|inscribanme|suscribanme|apuntame|apuntenme|inscrib(irme|anme))\b"),
        ("vi", r"\b(dang ky (lai|nhan)|(gui|nhan) tin lai|muon (dang ky|nhan tin|nhan thong tin)|cho (toi|minh|em) (dang ky|nhan tin))\b"),
        ("zh", r"(我要订阅|我要訂閱|恢复(短信|接收|订阅)|恢復(簡訊|接收)|加回(来|去|名单)|重新订阅|重新訂閱|恢复订阅|想订阅)"),
        ("de", r"\b((mochte|will) (\w+ )?abonnieren|wieder anmelden|mochte (mich )?(anmelden|abonnieren)|meldet? (sie )?(mich|uns) (wieder )?an|wieder (\w+ ){0,2}(sms|nachrichten|bekommen|erhalten)|sms wieder)\b"),
        ("pt", r"\b(quero (voltar a |de volta )?(receber|me inscrever|me cadastrar|assinar|participar|entrar)|me (re)?(inscrev|cadastr)\w+|de volta (na|para a) lista)\b"),
    ),
    "move": (
        ("en", r"\b(re ?sched\w*|(move|change|push|shift|switch|postpone|delay)( back)? (it|my|the|our|this|to)|(another|different|later|earlier|new) (time|day|date|slot)|come (later|another)|come tomorrow instead|instead( of \w+)?$|(can|could) (we|i|you) (do|make it|try|say|come) (on |at |in )?(mon|tue|wed|thu|fri|sat|sun|next|later|earlier|tomorrow|another|morning|afternoon|evening|\d)\w*|(another|different) (time|day))\b"),
        ("fr", r"\b(deplacer|reporter|decaler|changer (de |la |l |mon |le )?(date|heure|jour|rendez vous|rdv|mon)|(un )?autre (jour|date|heure|horaire|moment|creneau)|changer lheure|repousser|avancer (le|mon))\b"),
        ("es", r"\b(reprogramar|(cambiar|mover|aplazar|posponer|pasar)(la|lo)? (la|mi|el|de|a|al|para)|otr[oa] (dia|hora|fecha|momento)|reagendar|posponer)\b"),
        ("vi", r"\b(doi (lich|hen|gio|ngay|sang|qua|lai)|doi lich hen|chuyen (lich|sang|qua|hen)|doi cuoc hen|ngay khac|hom khac|gio khac|lui (lich|lai)|doi sang)\b"),
        ("zh", r"(改期|改时间|改時間|改到|换(个|到|一个)?(时间|日子)|换一?天|换个?日期|改成|改个|改一下时间|換(個)?時間|推迟|推遲|延后|延後|改约|改約|另约|另約|改天|提前到)"),
        ("de", r"\b(verschieb\w+|verleg\w+|umbuch\w+|(anderer?n?|spaterer?n?|neuer?n?|fruherer?n?) (termin|tag|zeit|uhrzeit)|an einem anderen|(kann|konnte|konnen|geht|ginge) (\w+ ){0,2}(spater|fruher|auch (am|um))( \w+)?|termin (andern|tauschen))\b"),
        ("pt", r"\b(remarc\w+|reagend\w+|(mudar|trocar|adiar|passar) (a|o|para|minha|meu|de)|outr[oa] (dia|hora|data|horario|momento)|adiar)\b"),
    ),
    "cancel": (
        ("en", r"\b(cancel( \w+){0,3} (appointment|booking|reservation|order|visit|meeting|table|appt|slot|delivery|class|session)|cancel (it|that|my|the|our|for)|(need|have|want|like|got) to cancel|(cant|cannot|can not|wont|unable to|not able to|not going to|wont be able to|will not) (be able to )?(make|attend|come|be there|go|be coming)|im not coming|not coming)\b"),
        ("fr", r"\b(j?annul\w+|(ne )?(peux|pourrai|pourrais) (pas|plus) (venir|etre|y aller|etre la|assister)|ne viendrai pas|je ne viens (pas|plus))\b"),
        ("es", r"\b((cancel|anul)\w* ((la|mi|el|esta|lo|nuestra|su)( \w+)?|cita|reserva\w*|turno|pedido|orden|hora)|no (puedo|podre|podremos|voy a poder|voy a) (ir|asistir|llegar|venir|acudir|presentarme|estar)|(quiero|necesito|debo|tengo que) (cancelar|anular)|no ire|no asistire)\b"),
        ("vi", r"\b(huy (lich|hen|cuoc|don|phong|ve|cho|buoi|dat|ban)|(khong|ko|k) (the )?(den|toi|di|tham gia)( duoc)?|ban (roi )?khong den|xin huy|muon huy)\b"),
        ("zh", r"(取消.{0,6}(预约|预订|订单|行程|挂号|座位|课)|取消(我的|这个|這個|一下|了)?(预约|預約|预订|預訂|订单|訂單|约会|行程|那个|挂号)|(预约|預約|订单|訂單|预订).*取消|我(要|想)取消|(来不了|來不了|去不了|不能来|不能來|不能去|没法来|无法到|不来了|不去了|不來了))"),
        ("de", r"\b(absag\w+|stornier\w+|(sag|sage|sagen) (sie )?(\w+ ){0,4}ab\b|sage (\w+ ){0,3}ab|(kann|schaffe|werde|konnen) (\w+ ){0,4}nicht( \w+)? ?(kommen|schaffen|erscheinen|da sein|teilnehmen|wahrnehmen)|schaffe (es|das) (\w+ )?nicht|kann (leider |heute |morgen )*nicht$|komme nicht|termin (bitte )?(loschen|streichen|canceln))\b"),
        ("pt", r"\b(desmarc\w+|(cancel|anul)\w* (a|o|minha|meu|esta|essa)( \w+)?|nao (posso|vou|poderei|consigo|vou poder|vou conseguir|poderemos) (ir|comparecer|estar|chegar|poder ir|mais|ai)|(quero|preciso|tenho que) cancelar)\b"),
    ),
    "confirm": (
        ("en", r"\b(i )?(confirm(ed|ing)?|ill be there|will be there|be there|see (you|u|ya) (then|there|tomorrow|soon|at|on|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*)|im coming|i will come|ill come|count me in|ill attend|^(im )?on my way)\b"),
        ("fr", r"\b(confirm\w+|je (serai|viens|viendrai|vais venir)( la| bien| present\w*)?|a demain|jy serai|on sera la)\b"),
        ("es", r"\b(confirm\w+|(ahi|alli|alla) (estare|estaremos|nos vemos)|(voy|ire|asistire|estare) (a ir|a estar|ahi|alli|alla|sin falta|puntual)|^(si )?(ire|asistire|alli estare|voy)$|nos vemos|cuenten conmigo)\b"),
        ("vi", r"\b(xac nhan|(toi|minh|em|anh|chi|chau) (se )?(den|toi|tham gia|co mat)( dung gio)?|se den|hen gap)\b"),
        ("zh", r"(确认|確認|我(会|會)(准时|準時|按时)?(来|來|去|到)|准时到|準時到|一定(来|到|去)|到时见|到時見|明天见)"),
        ("de", r"\b(bestatig\w*|ich (werde )?(komme|da sein|kommen|bin da|bin dabei)|werde da sein|bis (morgen|dann|montag|dienstag|mittwoch|donnerstag|freitag|samstag)|komme gerne|bin dabei|passt(?! nicht| leider| mir nicht)( mir| so| gut)?( \w+)?$)\b"),
        ("pt", r"\b(confirm\w+|(estarei|vou estar) (la|ai|presente)|(eu )?vou sim|pode confirmar|ate (amanha|la|logo)|irei|comparecerei)\b"),
    ),
    "complaint": (
        ("en", r"\b(spam(mers?)?|scam(mers?)?|harass\w*|report(ing)? (you|this|u)|sue|lawyer|attorney|fcc|ftc|complain\w*|illegal|terrible|awful|worst|horrible|disgust\w+|rubbish|crap|rip ?off|unacceptable|ridiculous|disappoint\w+|refund|money back|broken|damaged|never (arrived|received|came)|hasnt arrived|not received|angry|rude|useless|fraud|fuck\w*|shit\w*|not (at all )?(happy|satisfied|pleased|good enough)|unhappy|dissatisf\w+|unsatisf\w+|(over)?charged (me )?(twice|double|wrong|too much)|overcharged|double charged|waiting (for )?(over |more than )?(\w+ )?(hours?|weeks?|days?)|still (waiting|not (here|arrived|come|received|working|fixed))|(hasnt|has not|havent|never|not) (yet )?(arrived?|come|shown up|been (delivered|refunded))|late again|charged (me )?for|my (order|delivery|package|food) (was|is|came) (wrong|late|missing|broken|cold)|no one (showed|answers|came)|never (got|get|showed|heard)|(havent|have not|didnt|did not) (received?|gotten?|get|come|arrived?) (my|the|a|any)|wrong (item|order|size)|missing (items?|from)|was (cold|late|awful|dirty|missing)|doesnt work|not working|poor (service|quality)|bad (service|experience)|waste of)\b"),
        ("fr", r"\b(arnaque|plainte|reclamation|harcelement|scandale\w*|honteux|inadmissible|inacceptable|nul|nulle|decu\w*|remboursement|rembourse\w*|jamais (recu|arrive)|pas (recu|arrive)|signal\w+|cnil|avocat|voleurs?|mecontent\w*|casse\w*|merde|pas (content|satisfait)\w*|(nai|ai) (pas|toujours pas|jamais) (recu|eu)|(heures?|jours|semaines) que (j ?attends|jattends)|attends (encore|toujours|depuis)|preleve\w* deux|facture\w* deux fois|mauvais(e)? (service|article|produit|taille|commande)|ne (fonctionne|marche) pas|en retard|toujours pas (arrive|recu|livre|rembourse)\w*|trop (tard|long|lent)|abime\w*|endommage\w*|froide?s?$|insatisfait\w*|defectueu\w+)\b"),
        ("es", r"\b(estafa\w*|queja|reclamo|reclamacion|denunci\w+|pesimo|pesima|horrible|terrible|vergüenza|verguenza|inaceptable|acoso|reembolso|nunca (llego|recibi)|no (ha llegado|llego|he recibido|recibi)|ladrones|decepcion\w*|abogado|danado|roto|rota|mierda|molesto|molesta con|no me (ha|han|llego|llega|enviaron|mandaron|entregaron)|(mal|malisim\w|pesim\w) (servicio|atencion|calidad)|llevo (\w+ ){1,4}esperando|esperando hace|me cobraron (dos|doble|de mas|mal)|no (funciona|sirve)|llego (\w+ )?(fri|rot|danad|tarde|mal)\w*|(producto|articulo|talla|pedido) (\w+ )?(equivocad|incorrect|mal)\w*|defectuos\w|devuelvan|devolucion|(todavia|aun|sigue sin) (no )?(llega\w*|ha llegado|recib\w+|entreg\w+)|(llego|llega) (muy )?tarde|retrasad\w|con retraso|mala (atencion|calidad)|insatisfech\w|enojad\w)\b"),
        ("vi", r"\b(lua dao|khieu nai|to cao|qua te|rat te|te qua|that vong|buc minh|buc xuc|hoan tien|kem chat luong|dich vu kem|phan nan|chua nhan duoc|khong nhan duoc hang|hang (bi )?(loi|hong|gia|vo|be|kem)|bi (loi|hong|vo|be)|doi tien|tra lai tien|tra tien|chan qua|thai do (kem|te)|bao cong an|phien qua|lam phien|(khong|chua|ko|k) nhan duoc|(doi|cho) (\w+ ){0,3}(tieng|gio|ngay|tuan) roi|phuc vu (\w+ )?(kem|te|do|cham)|kem qua|(van |chua )(chua )?(thay |nhan )?(toi|den|giao)( hang)?$|chua (giao|toi|den)|tre qua|qua tre|cham qua|qua cham|giao tre|te qua|buc|lam an (kieu|gi|the)|that vong|giao (cham|nham|thieu|sai))\b"),
        ("zh", r"(投诉|投訴|骗子|騙子|诈骗|詐騙|垃圾|举报|舉報|太差|很差|差评|差評|失望|退款|骚扰|騷擾|没收到|没有收到|还没到|沒收到|等了|太慢|送晚|晚了|迟到|还没(到|送|发|收)|没送到|服务差|态度|不满意|破损|发错货|少发|多收|坏了|壞了|不满|不滿|生气|律师|什么破|糟糕|恶心)"),
        ("de", r"\b(beschwer\w+|betrug|betruger|abzocke|anzeige|anwalt|unverschamt\w*|frechheit|schlecht\w*|enttausch\w*|schrecklich|furchtbar|belastigung|erstattung|geld zuruck|nie (angekommen|erhalten)|nicht (angekommen|erhalten)|kaputt|defekt|reklam\w+|scheiss\w*|katastrophe|beschadig\w*|unzufrieden|unmoglich|warte (seit|immer noch|schon)|(immer )?noch nicht (da|angekommen|erhalten|geliefert|bekommen)|zu spat|verspatung|doppelt (abgebucht|berechnet)|(war|waren) (kalt|zu spat|schmutzig|dreckig)|funktioniert nicht|mangelhaft|zuruckerstatt\w+|falsch\w* (ware|grosse|lieferung|produkt|artikel)|verspatet|nicht zufrieden)\b"),
        ("pt", r"\b(golpe|fraude|reclam\w+|procon|denunci\w+|pessim[oa]|horrivel|terrivel|vergonha|absurdo|inaceitavel|reembolso|nunca (chegou|recebi)|nao (chegou|recebi)|decepcion\w+|advogado|quebrad\w|danificad\w|chegou (\w+ )?fri\w|ladroes|assedio|merda|insatisfeit\w+|enganacao|dinheiro de volta|nao (mandaram|enviaram|entregaram|veio|funciona|resolve\w*)|(estou )?esperando (ha|faz)|me cobraram|cobrad\w (duas|errad|a mais)|mau (atendimento|servico)|ruim|atrasad\w|atraso|ainda nao (chegou|recebi|veio|entregaram)|horas? esperando|demora\w*|frio e|estorno|(produto|pedido|tamanho) (\w+ )?errado|veio (o \w+ )?(errado|quebrado|com defeito|faltando)|defeit\w+|descaso|palhacada)\b"),
    ),
    "help": (
        ("en", r"\b((i )?need (some )?help|help (me|please)|please help|can (you|someone) help|need assistance)\b"),
        ("fr", r"\b(besoin d ?aide|aidez moi|pouvez vous maider|besoin daide)\b"),
        ("es", r"\b(necesito ayuda|ayud(en|e)me|pueden ayudarme|me (puede|pueden) ayudar)\b"),
        ("vi", r"\b(can (giup|ho tro|tro giup)|giup (toi|minh|em)|ho tro (toi|minh|em))\b"),
        ("zh", r"(需要帮助|需要幫助|帮帮我|幫幫我|请帮|請幫|帮我一下|帮助)"),
        ("de", r"\b(brauche hilfe|hilfe bitte|helfen sie mir|konnen sie mir helfen|bitte helfen)\b"),
        ("pt", r"\b(preciso de ajuda|me ajud\w+|pode(m)? me ajudar|ajuda por favor)\b"),
    ),
    "question": (
        ("en", r"^(hi |hello |hey |and |so )?(who|what|whats|when|where|why|how|which|is|are|do|does|did|can|could|will|would|should) \w+|^(may|have|has) (i|we|you|u|my|the|your) "),
        ("fr", r"^(bonjour |salut |et )?(a quelle|jusqua|jusqu a|cest combien|vous (livrez|avez|faites|etes|acceptez|prenez)|y a t ?il|il y a|estce|qui|que|quoi|quand|ou|pourquoi|comment|combien|quel|quelle|quels|quelles|est ce|avez|pouvez|peut|puis|cest quoi|quest)\b ?\w+"),
        ("es", r"^(hola |y )?(quien|que|cuando|donde|por que|como|cuanto|cuanta|cual|cuales|tienen|puedo|pueden|hay|a que|de que|hasta) \w+"),
        ("vi", r"(\b(bao nhieu|the nao|o dau|khi nao|may gio|tai sao|vi sao|la ai|ai day|la gi|duoc khong|phai khong|co khong|khong vay|nhu nao|gi vay|bao gio|dau vay)\b|\b(co|con|duoc)\b.* (khong|ko|chua)( a| em| ban| shop| ad)?$)"),
        ("zh", r"(吗|嗎|呢$|什么|什麼|怎么|怎麼|哪里|哪裡|哪儿|几点|幾點|多少|为什么|為什麼|谁|誰|何时|什么时候|能不能|是不是|有没有|可不可以|如何)"),
        ("de", r"^(hallo |hi |und )?(wer|was|wann|wo|warum|wieso|wie|welche\w*|ist|sind|kann|konnen|haben|hat|gibt|gilt|darf|wieviel|bis wann) \w+"),
        ("pt", r"^(ola |oi |e )?(quem|que|o que|qual|quais|quando|onde|por ?que|como|quanto|quanta|tem|posso|podem|ate|e possivel|voces) \w+"),
    ),
}  # fmt: skip
