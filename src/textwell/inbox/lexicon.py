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
        "zh": _split("退订, 退訂, td, 拒收, 取消订阅, 取消訂閱"),
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
        "en": _split("help, info, help me, support"),
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
            "confirm, confirmed, c, i confirm, ill be there, see you then, i will be there"
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
            "yes, y, yep, yeah, yup, ok, okay, sure, yes please, k, of course, sounds good"
        ),
        "fr": _split("oui, ouais, daccord, dac, bien sur, oui merci, o"),
        "es": _split("si, claro, vale, de acuerdo, si por favor, si gracias, bueno"),
        "vi": _split("co, vang, da, dong y, duoc, u, uh, da vang, ok a, ok em, co nhe, da co"),
        "zh": _split("是, 是的, 好, 好的, 可以, 可以的, 行, 要, 同意, 嗯, 对, 對, 没问题, 沒問題"),
        "de": _split("ja, ja bitte, gerne, jawohl, klar, einverstanden, jo, j, in ordnung"),
        "pt": _split("sim, claro, pode ser, com certeza, sim por favor, ta bom, s"),
    },
    "no": {
        "en": _split("no, n, nope, nah, no thanks, no thank you, not now, not interested"),
        "fr": _split("non, non merci, pas maintenant, pas interesse"),
        "es": _split("no gracias, ahora no, no me interesa"),
        "vi": _split("khong, ko, k can, khong can, khong cam on, hong, khong dong y, khong a"),
        "zh": _split("不, 不是, 不要, 不用, 不行, 不同意, 不用了, 不可以, 不好, 没兴趣"),
        "de": _split("nein, nein danke, nee, ne, jetzt nicht, kein interesse"),
        "pt": _split("nao, nao obrigado, nao obrigada, agora nao, nao quero"),
    },
}

# Lesser known forms and slips of the hand that are one slip away from nothing else.
SLIPS: Final[dict[str, str]] = {
    "opt_out": " sotp stpo tsop sttop sstop stoop sto stp st0p stip stol stpp atop dtop syop srop"
    " stop1 stopit stops stopo unsuscribe unsubcribe unsubsribe unsubscibe unsuscribirme"
    " unsubscrib unsubscribed unsubscribeme cancle cancell cancal endd quite quti qiut optout"
    " arert arrett arrêt aret arete stopsms stopmsg bajaa vaja remover tuchoii 退定 tuiding ".strip(),
    "opt_in": "strat satrt sart statr startt unstp jion joinn",
    "help": "hlep hepl hlp helpp halp ayduda aiyuda",
}

# What makes "stop" and its kin mean something else than an opt-out.
NO_OPT_OUT: Final = (
    r"\b(do ?nt|do not|cant|can not|cannot|couldnt|could not|wont|will not|never|didnt|dont ever)"
    r" (\w+ )?(want (you |u )?to )?(stop|end|quit|unsubscribe|cancel|remove|opt out)\b"
    r"|\b(dont|do not) want (\w+ ){0,3}to (stop|end)"
    r"|\bstop(ping|ped|s)? (by|in|over|off|at|for|sign|watch|light|motion|on)\b(?! sms| text)"
    r"|\b(non ?stop|bus stop|next stop|last stop|first stop|pit stop|one stop|full stop|tram stop)\b"
    r"|\b(wont|doesnt|didnt|hasnt|never|without) (ever )?(stop|stopping)\b"
    r"|\b(why|when) (did|do|does|will|would) (you|u|the|it|they|your) (\w+ )?(stop|end|close)\b"
    r"|\bunstoppable\b|\bstop worrying\b|\bjust stopped\b"
    r"|\b(dung|khong) (huy|ngung|dung)\b|不要停|别停|不要取消|別停|不要退订"
    r"|\bno (pares?|paren|canceles?)\b|\bne (t |vous )?arrete[zs]? (pas|jamais)\b|\bnicht aufhoren\b"
    r"|\bnao (pare|parem|cancele)\b|\bweekend\b"
)

_TEXTS = r"(texts?|texting|sms|smses|messages?|messaging|msgs?|ads?|adverts?|offers?|promos?|promotions?|spam|notifications?|alerts?)"
PHRASES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "opt_out": (
        ("en", r"\bstop$|^(stop ?)+$|\bwant to (stop|unsubscribe)\b|\bstahp\b"),
        ("vi", r"^(hay |xin )?dung lai\b"),
        ("zh", r"(不要再|别再|別再|不要)(傳|传|寄)|(别|別|不要|少)(再)?(烦|煩)我"),
        ("de", r"^(bitte )?aufhoren$|^stoppt? (das|die|bitte|es|diese)\b"),
        ("pt", r"^chega$|\bquero sair\b"),
        ("en", r"\bstop (\w+ ){0,2}(texting|texts?|sms|messag\w+|messages?|msgs?|sending|contact\w*|spamm?\w*|bothering|harass\w+|calling|writing|bugging|pestering|annoying|emailing|notif\w+|promo\w*|ads|everything)\b"),
        ("en", r"\b(unsub(scribe)?|unsuscribe|opt me out|opt(ing)? out|optout|stopall|stop all)\b"),
        ("en", r"\b(take|remove|delete|get|scratch|drop) (me|my (cell |phone |mobile )?(number|details|info|data|name)|this number|us) (off|out|from|of)\b"),
        ("en", r"\b(remove|delete) (me|my (cell |phone |mobile )?number|this number)\b"),
        ("en", rf"\b(no|any) more (of )?(these |your |the |stupid |fucking )?{_TEXTS}\b"),
        ("en", rf"\b(dont|do not|never|quit|cease|please dont|stop) (ever )?(want|wish|like|need)?( to)? ?(text|texting|message|messaging|msg|sms|contact|contacting|receive|receiving|get|getting|send|sending|spam|spamming|bother|write)\b(?! (to )?(it|them|the|my order)\b)( me| us| my| this| any| your| these| here| again|$| more| {_TEXTS})"),
        ("en", rf"\b(dont|do not|no longer) (want|wish|need|like)( to)? ?(get|receive|receiving|hear|be|have|see)?( from)?( any| your| these| this| more| the| such| on| texted| contacted| messaged| you| u)* ?({_TEXTS}|contacted|from you|from u|texted|messaged|your list)\b"),
        ("en", r"\b(leave me alone|lose my number|wrong number|forget my number|dont text|do not text|do not contact|dont contact|off (of )?(your|this|the) (mailing |sms |text |marketing )?list|cancel (my |the |this )?(subscription|sms|texts?|messages?|alerts?|membership to texts)|end (my )?(subscription|messages|texts)|revoke (my )?consent|withdraw (my )?consent|block me|fully block)\b"),
        ("en", r"\b(please|pls|plz|just|kindly|ok|can you|could you|will you|would you|i said|now|you need to) (please |just )?stop( it| this| these| that| now| please| pls| already)*$"),
        ("en", r"^stop( (it|this|these|that|now|please|pls|plz|already|immediately|thanks|thank you|thx|today|all|me|the|and|forever|to|ok|asap|sms|text|au|au \d+|\d+))+$"),
        ("vi", r"\b(dung|ngung|thoi|khong|ko|k|hong|cam|xin dung|cham dut|ngung ngay) (co )?(bao gio )?(muon )?(duoc )?(nhan|gui|nhan tin|lam phien|nt|spam|quang cao|lien he|gui them)( cho| tin| them| toi| minh| em| qc| quang cao| sms| gi| nua| tn| lai)*\b( nua|$| cho| tin| toi| minh| sms| quang cao| qc)?"),
        ("vi", r"\b(huy (dang ky|dk|nhan tin|tin nhan|qc|quang cao|dich vu|theo doi)|tu choi (nhan )?(tin|quang cao|qc|nhan|sms)|xoa (so|sdt|so dien thoai)( cua)?( toi| minh| em)?|dung lam phien|bo (so )?(toi|minh) ra khoi|ngung (nhan )?(tin|dich vu|quang cao))\b"),
        ("zh", r"(退订|退訂|拒收|取消订阅|取消訂閱|(不要|别|別|请勿|請勿|勿|停止|不想|不愿|不再|不用)(再|要|想|给|給|我|向|继续|繼續|接收|收到|收|这种|这些|任何|你们的|你們的)*(发|發|收|接收|发送|發送|骚扰|騷擾|打扰|打擾|短信|简讯|簡訊|信息|消息|广告|廣告|推送|联系|聯絡|聯繫)|把我(的号码|的號碼)?(从|從)?.*(删除|刪除|移除|删掉)|(删除|刪除|移除)我的(号码|號碼|手机号|信息))"),
        ("es", r"\b(no (quiero|deseo|me interesa) (recibir |que me (envien|manden|escriban) )?(ya )?(mas|ningun|sus|estos|tus) ?(mas )?(mensajes?|sms|textos?|publicidad|promociones|ofertas|notificaciones|de esto)?|no (me )?(envi\w+|mand\w+|escrib\w+|molest\w+|contact\w+)( me)?( mas| mensajes| nada| sms| publicidad)?|no (quiero|deseo) (seguir )?recib\w+|dej(en|a|e|ar|ad) de (enviar|mandar|molestar|escribir|contactar)\w*|(dar|darme|denme|deme|quiero la|solicito la|dame|dadme|darse) (de )?baja|(quit|borr|elimin|saqu|sac|remuev)\w*(me)? (de )?(mi numero|la lista|su lista|esta lista|mi telefono)|basta de mensajes|no mas (mensajes|sms|publicidad)|par(en|a|e|ar) de (enviar|mandar|molestar)\w*|desuscrib\w+|cancelar (mi |la )?suscripcion|dejar de recibir)\b"),
        ("fr", r"\b((ne|n) (m|me|nous)? ?(envoye[zr]|envoie|envoyer|contacte[zr]|ecrive[zr]|ecrire|derange[zr]|souhaite|veux|desire)\w*( \w+){0,3} (plus|rien|pas)|nme? ?envoye[zr] plus|ne menvoye[zr] (plus|pas|rien)|ne (veux|souhaite|desire) (plus|pas) (recevoir|de|etre|vos|ces)|ne me (contacte[zr]?|envoye[zr]?|texte[zr]?) plus|arrete[zr]? (de |d )?(menvoyer|me|m envoyer|les|ces|vos|cela|ca|denvoyer|les sms|tout)|(cesse[zr]|stoppe[zr]) (de|vos|les|ces)|me (desabonner|desinscrire)|desabonne[zr]?( moi)?|desinscri\w+|plus (de|aucun) (sms|messages?|pub|publicites?|textos?)|(supprime[zr]?|retire[zr]?|enleve[zr]?)( moi)? (mon numero|de (la|votre|cette) liste|mes (donnees|coordonnees))|(stop|arret) (aux? |les )?(sms|pub|publicite|messages?|textos?)|laissez moi tranquille)\b"),
        ("de", r"\b(keine? (weiteren? |mehr )*(sms|nachrichten|werbung|texte|mitteilungen|werbe ?sms)( mehr| bitte| senden| schicken| erhalten)*|(nicht|nie) mehr (\w+ )?(schreiben|kontaktieren|schicken|senden|anschreiben|belastigen|erhalten|simsen)|(hor(en|t)?|aufhoren)( sie)? (\w+ ){0,3}auf\b|bitte aufhoren|(abmelden|abbestellen|austragen|abbestelle)|(melde|meldet|melden)( sie)? (mich|mir) ab|(losch\w+|entfern\w+|streich\w+)( sie)? (mich|meine (nummer|daten|handynummer|telefonnummer))|aus (dem|der|ihrem|ihrer|eurem) (verteiler|liste)|lassen sie mich in ruhe|lasst mich in ruhe|mochte (ich )?(keine|nicht mehr)|will (ich )?(keine|nicht mehr) (sms|nachrichten|werbung))\b"),
        ("pt", r"\b(nao (quero|desejo|gostaria de|tenho interesse em) (mais|receber|continuar|que me)( \w+){0,3}|nao (me )?(envi\w+|mand\w+|escrev\w+|perturb\w+|incomod\w+|contat\w+|contact\w+)( me)?( mais| mensagens| nada| sms)?|(par(e|em|a|ar)|deix(e|em)) de (me )?(enviar|mandar|incomodar|perturbar|escrever|contactar)|(remov\w+|retir\w+|tir\w+|apag\w+|exclu\w+)( me)? (o )?(meu numero|meu telefone|da lista|dessa lista|desta lista|me da lista)|descadastr\w+|cancelar (a |minha |a minha )?(inscricao|assinatura|subscricao)|chega de (mensagens|sms)|sem mais (mensagens|sms)|me tir(a|e|em) da lista)\b"),
    ),
    "opt_in": (
        ("en", r"\b(re ?subscribe|sign me (back )?up|opt me (back )?in|opt(ing)? in|(start|resume) (texting|sending|messaging)( me)?|add me( back)?|subscribe me|(want|like) to (subscribe|join|sign up|receive (your )?(texts|messages|offers)))\b"),
        ("fr", r"\b(minscrire|mabonner|inscrive[zr] moi|abonne[zr] moi|je mabonne|reprendre les (sms|messages))\b"),
        ("es", r"\b(suscrib(irme|anme|eme)|quiero (recibir|suscribirme|inscribirme)|dar(me)? de alta|inscrib(irme|anme))\b"),
        ("vi", r"\b(dang ky (lai|nhan)|muon (dang ky|nhan tin|nhan thong tin)|cho (toi|minh|em) (dang ky|nhan tin))\b"),
        ("zh", r"(我要订阅|我要訂閱|重新订阅|重新訂閱|恢复订阅|想订阅)"),
        ("de", r"\b(wieder anmelden|mochte (mich )?(anmelden|abonnieren)|melde(n sie)? mich (wieder )?an|sms wieder)\b"),
        ("pt", r"\b(quero (receber|me inscrever|me cadastrar|assinar)|me (inscrev|cadastr)\w+)\b"),
    ),
    "move": (
        ("en", r"\b(re ?sched\w*|(move|change|push|shift|switch|postpone|delay)( back)? (it|my|the|our|this|to)|(another|different|later|earlier|new) (time|day|date|slot)|come (later|another|tomorrow) ?(instead)?|instead of (mon|tues|wednes|thurs|fri|satur|sun)day|can we do \w+)\b"),
        ("fr", r"\b(deplacer|reporter|decaler|changer (de |la |l |mon |le )?(date|heure|jour|rendez vous|rdv|mon)|(un )?autre (jour|date|heure|horaire|moment|creneau)|repousser|avancer (le|mon))\b"),
        ("es", r"\b(reprogramar|(cambiar|mover|aplazar|posponer|pasar)(la|lo)? (la|mi|el|de|a|para)|otr[oa] (dia|hora|fecha|momento)|reagendar|posponer)\b"),
        ("vi", r"\b(doi (lich|hen|gio|ngay|sang|qua|lai)|doi lich hen|chuyen (lich|sang|qua|hen)|doi cuoc hen|ngay khac|hom khac|gio khac|lui (lich|lai)|doi sang)\b"),
        ("zh", r"(改期|改时间|改時間|改到|换(个|到|一个)?(时间|日子)|換(個)?時間|推迟|推遲|延后|延後|改约|改約|另约|另約|改天|提前到)"),
        ("de", r"\b(verschieb\w+|verleg\w+|umbuch\w+|(anderer?n?|spaterer?n?|neuer?n?|fruherer?n?) (termin|tag|zeit|uhrzeit)|an einem anderen|termin (andern|tauschen))\b"),
        ("pt", r"\b(remarc\w+|reagend\w+|(mudar|trocar|adiar|passar) (a|o|para|minha|meu|de)|outr[oa] (dia|hora|data|horario|momento)|adiar)\b"),
    ),
    "cancel": (
        ("en", r"\b(cancel( \w+){0,3} (appointment|booking|reservation|order|visit|meeting|table|appt|slot|delivery|class|session)|cancel (it|that|my|the|our|for)|(need|have|want|like|got) to cancel|(cant|cannot|can not|wont|unable to|not able to|not going to|wont be able to|will not) (be able to )?(make|attend|come|be there|go|be coming)|im not coming|not coming)\b"),
        ("fr", r"\b(j?annul\w+|(ne )?(peux|pourrai|pourrais) (pas|plus) (venir|etre|y aller|etre la|assister)|ne viendrai pas|je ne viens (pas|plus))\b"),
        ("es", r"\b((cancel|anul)\w* (la|mi|el|esta|lo)( \w+)?|no (puedo|podre|voy a poder|voy a) (ir|asistir|llegar|venir)?|(quiero|necesito|debo|tengo que) (cancelar|anular)|no ire|no asistire)\b"),
        ("vi", r"\b(huy (lich|hen|cuoc|don|phong|ve|cho|buoi|dat|ban)|(khong|ko|k) (the )?(den|toi|di|tham gia)( duoc)?|ban (roi )?khong den|xin huy|muon huy)\b"),
        ("zh", r"(取消(我的|这个|這個|一下|了)?(预约|預約|预订|預訂|订单|訂單|约会|行程|那个|挂号)|(预约|預約|订单|訂單|预订).*取消|我(要|想)取消|(来不了|來不了|去不了|不能来|不能來|不能去|没法来|无法到|不来了|不去了|不來了))"),
        ("de", r"\b(absag\w+|stornier\w+|sage (\w+ ){0,3}ab|(kann|schaffe|werde) (\w+ ){0,3}nicht( \w+)? ?(kommen|schaffen|erscheinen|da sein)?|komme nicht|termin (bitte )?(loschen|streichen|canceln))\b"),
        ("pt", r"\b(desmarc\w+|(cancel|anul)\w* (a|o|minha|meu|esta|essa)( \w+)?|nao (posso|vou|poderei|consigo|vou poder|vou conseguir) (ir|comparecer|estar|chegar|poder ir|mais)?|(quero|preciso|tenho que) cancelar)\b"),
    ),
    "confirm": (
        ("en", r"\b(i )?(confirm(ed|ing)?|ill be there|will be there|be there|see (you|u|ya) (then|there|tomorrow|soon|at|on|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*)|im coming|i will come|ill come|count me in|ill attend|on my way)\b"),
        ("fr", r"\b(confirm\w+|je (serai|viens|viendrai|vais venir)( la| bien| present\w*)?|a demain|jy serai|on sera la)\b"),
        ("es", r"\b(confirm\w+|(ahi|alli|alla) (estare|estaremos|nos vemos)|(voy|ire|asistire|estare) (a ir|ahi|alli|sin falta|puntual)?|nos vemos|cuenten conmigo)\b"),
        ("vi", r"\b(xac nhan|(toi|minh|em|anh|chi|chau) (se )?(den|toi|tham gia|co mat)( dung gio)?|se den|hen gap)\b"),
        ("zh", r"(确认|確認|我(会|會)(准时|準時|按时)?(来|來|去|到)|准时到|準時到|一定(来|到|去)|到时见|到時見|明天见)"),
        ("de", r"\b(bestatig\w*|ich (werde )?(komme|da sein|kommen|bin da|bin dabei)|werde da sein|bis (morgen|dann|montag|dienstag|mittwoch|donnerstag|freitag|samstag)|komme gerne|bin dabei|passt (mir|so|gut))\b"),
        ("pt", r"\b(confirm\w+|(estarei|vou estar) (la|ai|presente)|(eu )?vou sim|pode confirmar|ate (amanha|la|logo)|irei|comparecerei)\b"),
    ),
    "complaint": (
        ("en", r"\b(spam(mers?)?|scam(mers?)?|harass\w*|report(ing)? (you|this|u)|sue|lawyer|attorney|fcc|ftc|complain\w*|illegal|terrible|awful|worst|horrible|disgust\w+|rubbish|crap|rip ?off|unacceptable|ridiculous|disappoint\w+|refund|money back|broken|damaged|never (arrived|received|came)|hasnt arrived|not received|angry|rude|useless|fraud|fuck\w*|shit\w*)\b"),
        ("fr", r"\b(arnaque|plainte|reclamation|harcelement|scandale\w*|honteux|inadmissible|inacceptable|nul|nulle|decu\w*|remboursement|rembourse\w*|jamais (recu|arrive)|pas (recu|arrive)|signal\w+|cnil|avocat|voleurs?|mecontent\w*|casse|merde)\b"),
        ("es", r"\b(estafa\w*|queja|reclamo|reclamacion|denunci\w+|pesimo|pesima|horrible|terrible|vergüenza|verguenza|inaceptable|acoso|reembolso|nunca (llego|recibi)|no (ha llegado|llego|he recibido|recibi)|ladrones|decepcion\w*|abogado|danado|roto|mierda|molesto)\b"),
        ("vi", r"\b(lua dao|khieu nai|to cao|qua te|rat te|te qua|that vong|buc minh|buc xuc|hoan tien|kem chat luong|dich vu kem|phan nan|chua nhan duoc|khong nhan duoc hang|hang (loi|hong|gia)|bao cong an|phien qua|lam phien)\b"),
        ("zh", r"(投诉|投訴|骗子|騙子|诈骗|詐騙|垃圾|举报|舉報|太差|很差|差评|差評|失望|退款|骚扰|騷擾|没收到|沒收到|坏了|壞了|不满|不滿|生气|律师|什么破|糟糕|恶心)"),
        ("de", r"\b(beschwer\w+|betrug|betruger|abzocke|anzeige|anwalt|unverschamt\w*|frechheit|schlecht\w*|enttausch\w*|schrecklich|furchtbar|belastigung|erstattung|geld zuruck|nie (angekommen|erhalten)|nicht (angekommen|erhalten)|kaputt|defekt|reklam\w+|scheiss\w*|katastrophe|unzufrieden)\b"),
        ("pt", r"\b(golpe|fraude|reclam\w+|procon|denunci\w+|pessim[oa]|horrivel|terrivel|vergonha|absurdo|inaceitavel|reembolso|nunca (chegou|recebi)|nao (chegou|recebi)|decepcion\w+|advogado|quebrado|danificado|ladroes|assedio|merda|insatisfeit\w+|enganacao)\b"),
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
        ("fr", r"^(bonjour |salut |et )?(qui|que|quoi|quand|ou|pourquoi|comment|combien|quel|quelle|quels|quelles|est ce|avez|pouvez|peut|puis|cest quoi|quest)\b ?\w+"),
        ("es", r"^(hola |y )?(quien|que|cuando|donde|por que|como|cuanto|cuanta|cual|cuales|tienen|puedo|pueden|hay|a que|de que|hasta) \w+"),
        ("vi", r"(\b(bao nhieu|the nao|o dau|khi nao|may gio|tai sao|vi sao|la ai|ai day|la gi|duoc khong|phai khong|co khong|khong vay|nhu nao|gi vay|bao gio|dau vay)\b|\b(co|con|duoc)\b.* (khong|ko|chua)( a| em| ban| shop| ad)?$)"),
        ("zh", r"(吗|嗎|呢$|什么|什麼|怎么|怎麼|哪里|哪裡|哪儿|几点|幾點|多少|为什么|為什麼|谁|誰|何时|什么时候|能不能|是不是|有没有|可不可以|如何)"),
        ("de", r"^(hallo |hi |und )?(wer|was|wann|wo|warum|wieso|wie|welche\w*|ist|sind|kann|konnen|haben|hat|gibt|gilt|darf|wieviel|bis wann) \w+"),
        ("pt", r"^(ola |oi |e )?(quem|que|o que|qual|quais|quando|onde|por ?que|como|quanto|quanta|tem|posso|podem|ate|e possivel|voces) \w+"),
    ),
}  # fmt: skip

# Small words that give a language away, for texts that nothing else told the language of.
TELLTALES: Final[dict[str, frozenset[str]]] = {
    "en": frozenset(["the", "is", "are", "you", "your", "my", "to", "and", "for", "of", "it", "this", "that", "what", "how", "when", "with", "i", "im", "do", "please", "thanks", "hello", "yes"]),
    "fr": frozenset(["le", "la", "les", "des", "est", "vous", "votre", "mon", "je", "et", "pour", "de", "ce", "cette", "que", "quoi", "avec", "bonjour", "merci", "suis", "pas", "ne", "une", "un"]),
    "es": frozenset(["el", "la", "los", "las", "es", "usted", "su", "mi", "yo", "y", "para", "de", "este", "esta", "que", "con", "hola", "gracias", "por", "no", "una", "un", "donde", "cuando"]),
    "pt": frozenset(["o", "a", "os", "as", "e", "voce", "seu", "meu", "eu", "para", "de", "este", "esta", "que", "com", "ola", "obrigado", "obrigada", "por", "nao", "uma", "um", "onde", "voces"]),
    "de": frozenset(["der", "die", "das", "ist", "sind", "sie", "ihr", "mein", "ich", "und", "fur", "von", "es", "dies", "was", "wie", "wann", "mit", "hallo", "danke", "bitte", "nicht", "ein", "eine"]),
    "vi": frozenset(["toi", "ban", "la", "co", "cua", "cho", "va", "khong", "duoc", "nay", "gi", "minh", "em", "anh", "chi", "nhe", "a", "cam", "on", "shop", "oi", "den", "mua"]),
}  # fmt: skip
