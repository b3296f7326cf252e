# ruff: noqa: E501 - a pattern reads best as one group a line
"""Patterns over user agents that the libraries lack: link previews, scanners, kinds of device.

Each list is joined to one pattern, so a look costs one search. Patterns are written for the user
agent in lower case: without IGNORECASE the engine skips alternatives by their first letter, which
makes a look three to four times faster. Sources: the vendors' own pages on their fetchers, and user
agents seen in public logs.
"""

import re

# Fetch a link without a person: previews in chats and mail, scanners of security products and
# carriers, programs. What `crawlerdetect` knows is not repeated here.
_MACHINES = (
    # Previews. iMessage calls itself "facebookexternalhit/1.1 Facebot Twitterbot/1.0" behind Safari.
    r"facebookexternalhit|facebookcatalog|meta-external|facebot|twitterbot|linkedinbot|slackbot",
    r"slack-imgproxy|discordbot|telegrambot|skypeuripreview|viberbot|^viber/|snap url preview",
    r"^whatsapp/|^line/|linespider|kakaotalk-scrap|kakaostory-og|zalo(?:bot|[-_ ]?preview)|mattermost-bot",
    r"google-?(?:imageproxy|pagerenderer|read-aloud|safety|safebrowsing|web-?preview|messages)",
    r"googleother|google-inspectiontool|via ggpht\.com|yahoomailproxy|bingpreview|microsoftpreview",
    r"iframely|embedly|bitlybot|pinterestbot|^pinterest/|vkshare|redditbot|applebot|cortex|rcs[- ]?preview",
    r"synapse|mastodon|pleroma|misskey|akkoma|friendica|^signal[-_](?:android|ios|desktop)|signal[- ]?preview",
    # Scanners of mail and message security, and of carriers.
    r"safelinks|ms-?office|microsoft office|barracuda|proofpoint|urldefen[cs]e|mimecast|cloudmark",
    r"fireeye|trellix|forcepoint|websense|zscaler|sophos|symantec|messagelabs|mcafee(?!;)|trend ?micro",
    r"bitdefender|kaspersky|avast|eset|f-secure|checkpoint|cisco (?:secure|iron)|ironport|talos",
    r"virustotal|urlscan|phishtank|netcraft|paloalto|expanse|censys|shodan|zgrab|nmap|nikto|masscan",
    r"adaptivemobile|enea|cellusys|mobileum|sms ?firewall|url ?scan(?:ner)?\b|link ?check|linkscan",
    # Programs and libraries.
    r"^(?:cfnetwork|com\.apple\.webkit|mobilesms)\b|^(?:curl|wget|libwww|lwp|java|jakarta|apache-httpclient|okhttp|axios|got|node|undici|deno|bun)\b",
    r"node-fetch|python|aiohttp|httpx|urllib|go-http-client|guzzle|postman|insomnia|restsharp",
    r"libcurl|faraday|typhoeus|mechanize|scrapy|http[-_]?(?:client|kit|unit|rb)\b|httpie|winhttp",
    r"windowspowershell|powershell/|\bruby\b|\bperl\b|\bphp/|wordpress/|drupal|dart/|ktor|cpp-httplib",
    r"headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|electron-fetch|prerender",
    r"lighthouse|pagespeed|gtmetrix|pingdom|uptime|statuscake|site24x7|datadog|newrelic|catchpoint",
    r"chrome-lighthouse|google favicon|favicon|monitor(?:ing)?\b|validator|checker\b|archiver|archive\.org",
    # Words that fetchers of every kind use for themselves.
    r"bots?\b(?!tle)|bot[/_;-]|crawl|spider|scrap(?:er|ing)|fetch(?:er|or)\b|\bslurp|preview\b|\bproxy\b",
    r"feed ?(?:burner|fetcher|reader|parser|ly)|\brss\b|sitemap|indexer|\bscan(?:ner)?\b|\bprobe\b|verif(?:ier|y|ication)",
    # Monitors, scrapers and readers behind a browser's own words.
    r"appinsights|cookiehub|checkly|criticalcss|collapsify|hotjar|marketgoo|scope3|silktide|sindup|sqwatcher|testlocally",
    r"watchtowr|xmco\.fr|rigor\)|\breadable/|\bdlc/|newsai/|newsnow/|monitorss|ps_daily/|splash version|modularconnector",
    r"manus-user|devin/|functionize|assetnote|convertify|sparkler|leadradar|prospecting|inspici|cybaa|karno|360jk|\bhlb/",
    r"firefox/\d[\d.]* time/\d|rv:geckoversion|wyzo/[\d.]+ time",
    r"audit|inspect(?:or|ion)\b|diagnostics|measurement|research|thumbnail|securityheaders|scanning|\bagent\b",
    r"(?:http|research|management)agent|penetration|webhook|\bapi\b|exporter|linkexpander|externalhit|imageproxy",
    # Browsers put nothing of their own into "(KHTML, like Gecko)"; fetchers that fake one do. And
    # "Mozilla/5.0 (compatible; X" is how a fetcher presents itself, but for a few old browsers.
    r"like gecko[;,] ?\w|^mozilla/5\.0 \(compatible; (?!msie|konqueror|u;|abrowse|antgalio|maple|ce-html)",
    r"\+https?://|\(https?://|@[a-z0-9-]+\.[a-z]{2,}\)",
)
MACHINE = re.compile("|".join(_MACHINES))

# What looks like a machine's name and is none: models of phones (where a browser on Android names
# its device, up to "Build" or the closing bracket) and browsers of makers of virus scanners.
NOT_A_MACHINE = re.compile(
    r"cubot[ _\w-]*|; (?:m|b|id|power) ?bot\b|htc_bot\w*|python_mate"
    r"|(?<=; )android [\d.]+;(?: [a-z]{2}[-_][a-z]{2};)? [^;()/:]+(?=\)| build/|; wv\))"
    r"|(?<=safari/537\.36 )(?:avast|avg|avira|norton|ccleaner)/[\d.]+"
)

# Browsers that cannot open a page of today: what names them is nearly always a program.
OUTDATED = re.compile(r"msie [1-5]\.|firefox/[0-2]\.|chrome/[0-3]\.|netscape|^mozilla/[1-3]\.")
# A browser names its engine; these name nothing.
BARE = re.compile(
    r"^mozilla/\d\.\d+(?!.*(?:gecko|webkit|khtml|msie|trident|presto|opera|netfront|4\.))"
)
BROWSER = re.compile(
    r"^(?:mozilla/|opera/|uc(?:web|browser)|e?links\b|w3m/|lynx/|dillo/|netsurf/|ibrowse/|vms_mosaic|hbbtv|roku)|mozilla/"
    r"|midp|cldc|opera m|ucbrowser|symbian|kaios|up\.browser|netfront|obigo|teleca|docomo|kddi|j-phone|bada"
    r"|wap[- ]browser|^(?:one|i|mqq)browser/|^dv\(|^(?:nokia|blackberry|samsung|lg|lge|sonyericsson|mot|motorola|alcatel|sie|sec|zte|huawei|sagem|sharp|philips)[-_ /\d]"
)
# An app on a device of a person: it may show a page, or only look at it.
APP = re.compile(r"android|iphone|ipad|\bios\b|\[fban/|watchos|tvos|darwin|windows|mac ?os|linux")

TV = re.compile(
    r"smart-?_? ?tv|hbbtv|apple ?tv|tvos|google ?tv|android ?tv|\baft[a-z]{1,6}\d*\b|bravia|web0s|webos\.tv"
    r"|netcast|roku|crkey|viera|philips ?tv|\bdtv|vidaa|opera tv|mi ?tv|mibox|mi ?box|tv ?box|shield android"
    r"|\btv\b|tizen [\d.]+\) .*tv|[a-z]tv\b|\bstb\b|set-?top|maple|loewe|ce-html|nettv|inettvbrowser|ekioh"
    r"|espial|dlnadoc|tsbcloud|whale ?tv|linux/smarttv|oipf|qtwebengine.*tv|\bmag2\d\d|\bptv|skyworth|aquos"
    r"|large screen|fire ?tv|toshibatp|leanback|-tv\b|brightsign|\bshell \w|_f?hd\b|[-_ ]led\d\d"
    # Model names that begin with the inches of a screen, and set-top boxes.
    r"|android [\d.]+; (?:[a-z]{1,5}[-_])?(?:24|32|39|4[0238]|49|5[058]|6[05]|75)[a-z]{1,4}[-_\d][\w-]+ ?(?:build|\))"
    r"|android [\d.]+; [^;)]*box|\b(?:a95x|(?<!-)t95\w*|x96\w*|h96|hk1|tx[369]\w*|mxq\w*|m8s|tanix|beelink|minix|mecool"
    r"|vontar|neo-x\d|rk3\d{3}\w*|s905\w*|s912|rockchip|km8|orbsmart|pendoo)\b|[-_ ]4k\b|uhd|gw-device"
)
CONSOLE_OR_THING = re.compile(
    r"playstation|xbox|nintendo|ouya\b|retroid|gamepad|\brg\d{3}|(?:quad|octa|octopus)-?core|carpad|\bwii\b|\bpsp\b|watch ?os|watch\d?\b|moto 360|\bgear live|\baeo[a-z]{2}\b|wear ?os|oculus|\bquest (?:[23]\b|pro)|picoxr|steam ?deck"
    r"|tesla/|qtcarbrowser|carplay|android auto|\becho (?:show|spot|dot|hub|plus|studio)|google home|nest hub|smart ?display|kfauwi.*echo|galaxy watch"
    r"|sm-r\d{3}"
)
TABLET = re.compile(
    r"ipad|tablet(?! pc)|playbook|kindle|silk/(?!.*mobile)|\bkf[a-z]{2,5}\b|nexus ?(?:7|9|10)\b|touchpad|xoom"
    r"|\bgt-(?:p[1357]|n[58])\d{3}|\bsm-[txp]\d{3}|\bsgh-[it]\d+.*tab|sch-i800|pixel (?:c|tablet)\b|galaxy ?tab"
    r"|\btab(?:\b|[ _-]?\d|[a-z]?\d)|[ _-]tab\b|\bpad\b|\bpad ?\d|pad[ _]?(?:pro|air|go|se|x|mini|lite)\b"
    r"|mediapad|matepad|honor ?pad|mi ?pad|redmi ?pad|oppo ?pad|vivo ?pad|ideatab|ideapad|yoga (?:tab|smart)"
    r"|lenovo (?:tb|a[135]\d{3}|b[68]0|s6000)|\btb-?[a-z]?\d{3}|\bme\d{3}[a-z]*\b|transformer|\bk0[01][0-9a-z]\b"
    r"|iconia|\ba[15]\d0\b.*acer|dell venue|archos (?:[5-9]\d|1\d\d)|surface (?:go|rt)\b|macintosh; .* mobile/|windows nt [\d.]+; arm|lg-v\d{3}"
    r"|\bp0[0-2][0-9a-z]\b|sgp\d{3}|so-0\d[a-z].*tablet|ags\d?-|bah\d?-|agr-|bg2-|kob\d?-|jdn\d?-|bz[a-z]\d?-|scm-|mrx-|[a-z\d]{3,4}-w[01]9?[09]\b|/apad\b|\bmid\d*\b|surftab|[a-z]tab\d|\bpm[tp]\d{4}|\d{5,}rp[a-z]d"
    r"|dell streak|mt-t\d|ventana"
)
PHONE = re.compile(
    r"iphone|ipod|windows phone|iemobile|windows ce|blackberry|bb10|symbian|series ?[3-9]0|s60|nokia|midp|cldc"
    r"|kaios|palm|webos/|hp-?tablet|maemo|meego|opera m(?:ini|obi)|ucweb|ucbrowser.*mobi|fennec|openwave|up\.browser"
    r"|docomo|kddi|softbank|vodafone|j-phone|j2me|brew|bada|tizen.*mobile|sailfish|mobile; rv|smartphone|netfront"
    r"|wap[- ]browser|^(?:one|i|mqq)browser/|^dv\(ip[ho]|obigo|teleca|sonyericsson|^(?:samsung|lg|mot|sie|alcatel|zte|huawei|sagem|sharp|philips|panasonic|sec)-"
    r"|jiophone|feature ?phone|mobi"
)
DESKTOP = re.compile(
    r"windows|macintosh|mac os x|mac_powerpc|x11|cros|linux|ubuntu|freebsd|openbsd|netbsd|sunos|haiku|beos|amiga"
    r"|os/2|irix|darwin|win(?:9[58]|nt)"
)

# Notebooks and PCs that run Android, and so lack "Mobile" as well.
NOTEBOOK = re.compile(
    r"chromebook|lifebook|(?:elite|pro|think|zen|vivo|note|ideapad )book|inspiron|vostro|latitude|satellite|thinkpad"
    r"|compaq|optiplex|nuc\d|waydroid"
)

# Phones by model: their browsers leave out "Mobile" when asked for the desktop page.
PHONE_MODEL = re.compile(
    r"\bsm-[aefgjmns]\d{3}|\bpixel \d|redmi (?!pad)|\bphone\b|\bmoto [a-z]|\blg-[a-z]{1,2}\d|phab\b|iberry"
    r"|\bvivo [yvxst]\d|\bv\d{4}a\b|\bcph\d{4}|\brmx\d{4}|oneplus(?! pad)|\bscg?-?\d\d|kyocera|nexus [456]p?\b"
)
