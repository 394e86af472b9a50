"""Texts that would run in a page which forgot to escape them: 200 and more, most of them for one place in the markup."""

from __future__ import annotations

from itertools import product

BREAKS = ("", '">', "'>", "</script>", "</title>", "</textarea>", "</style>", "-->", "]]>", "</option></select>", "</svg>",
          "</text></svg>", "</template>", "</td></tr></table>", "`>", "\\\">", "</noscript>", "</a>")  # fmt: skip
"""What ends the place a text may stand in."""
TAGS = ("img src=x", "svg", "body", "input autofocus", "details open", "video src=x", "audio src=x", "iframe", "object data=x",
        "select autofocus", "a href=x", "marquee", "form", "style")  # fmt: skip
EVENTS = (
    "onerror",
    "onload",
    "onfocus",
    "ontoggle",
    "onclick",
    "onmouseover",
    "onanimationstart",
    "onpointerenter",
)
OTHERS = (
    # attributes
    '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", " onclick=alert(1) ", '" autofocus onfocus=alert(1) x="',
    '" style="animation-name:x" onanimationstart="alert(1)', '"onload=alert(1)//', "`onload=alert(1)`", '" hx-on:click="alert(1)',
    "' hx-get='/logout/' hx-trigger='load' x='", '" formaction="javascript:alert(1)', '" srcdoc="<script>alert(1)</script>',
    # addresses
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "javascript://%0aalert(1)",
    "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "vbscript:msgbox(1)",
    '<a href="javascript:alert(1)">点</a>', "<a href=java&#x73;cript:alert(1)>点</a>", "[点](javascript:alert(1))",
    # scripts
    "';alert(1);//", '";alert(1);//', '\\";alert(1)//', "${alert(1)}", "`+alert(1)+`", "*/alert(1)/*", "\u2028alert(1)//",
    '{"x":"</script><script>alert(1)</script>"}', "<!--<script>", "<script><!--", "<script/src=//127.0.0.1:9/x>",
    "<script type=module>alert(1)</script>", "<SCRIPT>alert(1)</SCRIPT>", "<ScRiPt >alert(1)</sCrIpT>", "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</script>", "<script\n>alert(1)</script\n>", "<script x>alert(1)</script x>", "<scr\u200bipt>alert(1)</script>",
    # templates, ours, the browser's and the chart library's
    "{{7*7}}", "{% debug %}", "{{constructor.constructor('alert(1)')()}}", "#{7*7}", "<%= 7*7 %>", "${{7*7}}", "{{''.__class__}}",
    "{a|alert}", "{b} {c} {d}", "{@x}", "%(x)s %s {0} {x!r}", "$&$1$`",
    # encodings
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;", "&amp;lt;script&amp;gt;", "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\x3cscript\\x3ealert(1)", "\\u003cscript\\u003ealert(1)", "＜script＞alert(1)＜/script＞", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "&quot; onclick=&quot;alert(1)", "\u202e)1(trela", "\ufeff<script>alert(1)</script>",
    # other ways to load or to run
    "<div hx-get='/logout/' hx-trigger='load'>", "<img hx-on:load=alert(1) src=x>", "<div data-hx-post='/logout/' data-hx-trigger='load'>",
    "<base href=//127.0.0.1:9/>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<link rel=stylesheet href=//127.0.0.1:9/x.css>",
    "<link rel=attachment href=file:///etc/passwd>", "<style>@import '//127.0.0.1:9/x.css'</style>", "<style>*{background:url(//127.0.0.1:9/x)}</style>",
    "<div style=background:url(//127.0.0.1:9/x)>", "<embed src=data:text/html,x>", "<math><mi xlink:href=javascript:alert(1)>", "<isindex action=javascript:alert(1)>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><script>alert(1)</script></svg>", "<svg><foreignObject><iframe onload=alert(1)></foreignObject>", "<svg/onload=alert(1)>",
    "<form><button formaction=javascript:alert(1)>", "<table background=javascript:alert(1)>", "<frameset onload=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>alert(1)</script></template>",
    "<xss contenteditable autofocus onfocus=alert(1)>", "<img src=x onerror\n=alert(1)>", "<img/src='x'onerror=alert(1)>", "<IMG SRC=x ONERROR=alert(1)>",
    "<?xml version='1.0'?><x onload='alert(1)'/>", "<![CDATA[<script>alert(1)</script>]]>", "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    # short ones, for short fields
    "<b>", "<i x", "'>", '">', "<!--", "</b>", "&lt;", "<a>", "{{1}}", "<s", "'\"", "<svg>", "%00", "\\", "<hr>", "&#60;b", "]]>", "*/",
)  # fmt: skip

SCRIPTS = (
    *(f"{end}<script>alert(1)</script>" for end in BREAKS),
    *(f"<{tag} {event}=alert(1)>" for tag, event in product(TAGS, EVENTS)),
    *OTHERS,
)
