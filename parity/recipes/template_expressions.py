"""What jinja2, set up as transformers does it, makes of several hundred small templates: Python's rules for values."""

import copy

import transformers.utils.chat_template_utils as originals

from recipes.templates import FixedTime, store

VARIABLES = {
    "text": "Hello, World",
    "padded": "  \t padded \n ",
    "empty": "",
    "umlaut": "Äpfel ßtraße ŒUVRE éa",
    "emoji": "a👍🏽b🗼",
    "quote": "it's \"quoted\" \\ back",
    "control": "tab\t nl\n nul\x00 del\x7f nbsp\xa0 zwj\u200d ls\u2028",
    "lines": "one\ntwo\r\nthree\n\nfive\n",
    "csv": "a,b,,c",
    "html": "<b class=\"x\">&'</b>",
    "number": 7,
    "negative": -3,
    "zero": 0,
    "big": 123456789012345678901234567890,
    "real": 2.5,
    "tiny": 1e-07,
    "huge": 1e22,
    "third": 0.1,
    "yes": True,
    "no": False,
    "nothing": None,
    "items": [3, 1, 2],
    "words": ["pear", "Apple", "fig", "apple"],
    "mixed": [1, "a", None, True, 2.0, [1], {"k": "v"}],
    "nested": {"a": {"b": {"c": [10, 20, {"d": "deep"}]}}, "items": "own", "n": 1},
    "people": [
        {"name": "Ann", "age": 30, "tags": ["x"], "home": {"city": "Bern"}},
        {"name": "bob", "age": 25, "tags": [], "home": {"city": "Ulm"}},
        {"name": "Cy", "age": 30, "home": {}},
    ],
    "message": {"role": "user", "content": "hi", "1": "one"},
    "blank": {},
    "none_list": [],
}

VALUES = list(VARIABLES) + ["missing"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
OPERANDS = ["text", "number", "negative", "real", "yes", "nothing", "items", "nested", "missing", "zero", "'l'", "[1]", "(1, 2)"]
TESTS = (
    "defined undefined none string number integer float boolean true false mapping iterable sequence callable "
    "lower upper odd even"
).split()
METHODS = [
    "strip()", "lstrip()", "rstrip()", "strip('Hd ')", "lstrip('He')", "rstrip('ld')", "split()", "split(',')",
    "split(',', 1)", "split(' ')", "split(None, 1)", "split(sep=',', maxsplit=1)", "rsplit(',', 1)", "rsplit()",
    "rsplit(None, 1)", "splitlines()", "splitlines(True)", "startswith('He')", "startswith(('x', 'He'))",
    "endswith('ld')", "startswith('l', 2)", "endswith('l', 0, 4)", "replace('l', 'L')", "replace('l', 'L', 1)",
    "replace('', '-')", "replace('', '-', 2)", "upper()", "lower()", "title()", "capitalize()", "swapcase()",
    "find('l')", "find('l', 4)", "rfind('l')", "find('zz')", "index('l')", "index('zz')", "count('l')", "count('')",
    "count('l', 3)", "isdigit()", "isalpha()", "isalnum()", "isspace()", "isupper()", "islower()", "istitle()",
    "isnumeric()", "isdecimal()", "zfill(20)", "center(21)", "center(20, '*')", "ljust(20, '.')", "rjust(20, '.')",
    "removeprefix('He')", "removesuffix('ld')", "partition(',')", "rpartition('l')", "partition('zz')",
    "join(['a', 'b'])", "join('xyz')", "join([1])", "nosuch()", "upper(1)", "split('')",
]  # fmt: skip
FILTERS = [
    "upper", "lower", "title", "capitalize", "trim", "trim('Hd')", "length", "count", "string", "int", "int(5)",
    "float", "float(1.5)", "list", "first", "last", "reverse", "reverse | list", "join", "join('-')", "tojson",
    "tojson(indent=2)", "tojson(indent=0)", "tojson(separators=(',', ':'))", "tojson(sort_keys=true)",
    "tojson(ensure_ascii=true)", "default('D')", "default('D', true)", "d('x')", "abs", "round", "round(1)",
    "round(-1)", "round(method='ceil')", "round(1, 'floor')", "replace('l', 'L')", "replace('l', 'L', 2)",
    "indent", "indent(2, true)", "indent(2, blank=true)", "indent('> ')", "sort", "sort(reverse=true)",
    "sort(case_sensitive=true)", "unique | list", "min", "max", "sum", "items | list", "dictsort",
    "dictsort(reverse=true)", "dictsort(by='value')", "batch(2) | list", "batch(2, 'x') | list", "slice(2) | list",
    "escape", "e", "safe", "truncate(5)", "truncate(9, true)", "truncate(7, false, '…', 0)", "wordcount",
    "map('upper') | list", "map('string') | join(',')", "select | list", "reject | list", "select('string') | list",
    "reject('none') | list", "format(1)", "center(20)", "nosuch",
]  # fmt: skip
STATEMENTS = [
    "{{ 1.0 }} {{ 1e16 }} {{ 1e15 }} {{ 123456789.123 }} {{ 1e-4 }} {{ 1e-5 }} {{ -0.0 }} {{ 5e-324 }} {{ 1.7976931348623157e308 }}",
    "{{ 0.1 + 0.2 }} {{ 1 / 3 }} {{ 2 / 3 }} {{ 100 / 10 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }}",
    "{{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 64 }} {{ -2 ** 2 }} {{ 2 ** 3 ** 2 }} {{ 9223372036854775807 + 1 }} {{ 4611686018427387904 * 4 }}",
    "{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1_0.5 }}",
    "{{ 1 / 0 }}", "{{ 1 % 0 }}", "{{ 1 // 0 }}", "{{ 0 ** -1 }}", "{{ true + true }} {{ true == 1 }} {{ 1.0 == 1 }} {{ 1 == '1' }}",
    "{{ 'a' 'b' }} {{ 'tab\\t|nl\\n|\\x41\\u00e9\\U0001F600|\\101|\\q' }}", "{{ \"it's\" }} {{ ['it\\'s', 'a\"b', 'a\\'b\"c', '\\\\'] }}",
    "{{ [1, 2.0, 'x', none, true, (1,), (), {}, {'a': 1}, []] }}", "{{ {'a': 1, 2: 'b', none: true, 1.5: []} }}", "{{ {1: 'a', true: 'b', 1.0: 'c'} }}",
    "{{ (1) }} {{ (1,) }} {{ (1, 2)[0] }} {{ () }}", "{{ text[0] }}{{ text[-1] }}{{ text[99] }}|{{ text[1:4] }}|{{ text[::-1] }}|{{ text[:-3] }}|{{ text[-3:] }}|{{ text[::2] }}|{{ text[5:1] }}|{{ text[5:1:-1] }}",
    "{{ items[0] }}{{ items[-1] }}{{ items[5] }}|{{ items[1:] }}|{{ items[::-1] }}|{{ items[-2:] }}|{{ items[:100] }}|{{ items[::-2] }}", "{{ emoji[1] }}|{{ emoji[3:] }}|{{ emoji | length }}|{{ emoji[::-1] }}|{{ emoji.find('b') }}|{{ emoji.split('b') }}",
    "{{ nested.a.b.c[2].d }} {{ nested['a']['b'].c[0] }} {{ nested.a.b.c.1 }} {{ nested.items }}", "{{ nested['items'] }} {{ nested.get('items') }} {{ nested.get('x') }} {{ nested.get('x', 'd') }}", "{{ message.1 }} {{ message['1'] }} {{ message[1] }}",
    "{{ missing.x }}", "{{ missing['x'] }}", "{{ missing() }}", "{{ nested.x.y }}", "{{ missing[1:] }}", "{{ nothing.x }}", "{{ nothing.x.y }}", "{{ nothing[0] }}", "{{ nothing[1:] }}", "{{ number.x }}|{{ number['x'] }}|{{ number[0] }}",
    "{{ message.keys() }} {{ message.values() }} {{ message.items() }}", "{{ message.keys() | list }} {{ message.items() | list }} {{ message | list }}", "{{ message.keys() | length }} {{ 'role' in message.keys() }} {{ message.keys()[0] }}",
    "{{ message.update({'a': 1}) }}", "{{ items.append(1) }}", "{{ items.pop() }}", "{{ message.update is defined }} {{ items.append is defined }} {{ message.pop is defined }}", "{{ message.setdefault('a', 1) }}", "{{ text.__class__ }}|{{ text.__class__ is defined }}", "{{ text.__class__.x }}", "{{ message._x is defined }}",
    "{{ items.index(1) }} {{ items.count(3) }} {{ items.index(9) }}", "{{ items.copy() }} {{ message.copy() }}", "{{ range(3) }} {{ range(3) | list }} {{ range(1, 10, 3) | list }} {{ range(3, 0, -1) | list }} {{ range(5)[2] }} {{ range(0) | list }}", "{{ range(100001) }}", "{{ range(1, 2, 0) }}",
    "{{ dict(a=1, b='x') }} {{ dict([('k', 2)]) }} {{ dict({'z': 1}, y=2) }}", "{{ namespace(a=1).a }} {{ namespace({'b': 2}).b }}", "{{ namespace(_a=1) }}", "{% set ns = namespace(a=1) %}{% set ns.a = ns.a + 1 %}{% set ns.b = 'new' %}{{ ns.a }}{{ ns.b }}{{ ns.c }}{{ ns['a'] }}", "{% set x = {} %}{% set x.y = 1 %}", "{% set nsx.y = 1 %}",
    "{{ 'yes' if number else 'no' }} {{ 'yes' if zero }}| {{ ('a' if no else 'b') ~ 'c' }} {{ 'a' if no else 'b' if no else 'c' }}", "{{ not number }} {{ not not number }} {{ not missing }} {{ not 'a' in 'b' }}", "{{ number and text }} {{ zero or text }} {{ empty and text }}|{{ missing or 'x' }}", "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 == true }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ (1, 'a') < (1, 'b') }}",
    "{{ 1 < 'a' }}", "{{ none < 1 }}", "{{ missing < 1 }}", "{{ missing + 1 }}", "{{ missing ~ 'x' }}", "{{ missing == missing2 }} {{ missing == none }} {{ missing != none }} {{ missing is sameas missing }}", "{{ 'a' in missing }} {{ missing in items }} {{ none in mixed }} {{ 1.0 in items }} {{ true in items }}", "{{ missing in text }}", "{{ 1 in text }}", "{{ 1 in number }}", "{{ 'Hel' in text }} {{ '' in text }} {{ 'role' in message }} {{ 'user' in message }} {{ [1] in mixed }}", "{{ [1] in message }}", "{{ {}[[1]] }}",
    "{{ -number }} {{ +negative }} {{ --number }} {{ -'a' }}", "{{ -text }}", "{{ - real | abs }} {{ negative | abs }} {{ -number.real }}", "{{ 3 - -2 }} {{ 2 - 1 - 1 }} {{ 2 + 3 * 4 ~ 5 }} {{ 2 * 3 ~ 4 + 1 }}", "{{ 1 ~ 2 + 3 }}", "{{ 'x' * 3 }} {{ 3 * 'x' }} {{ [0] * 2 }} {{ 'x' * -1 }}| {{ (1,) * 2 }} {{ 'a' * true }}",
    "{{ '%s is %d and %.2f %%' % ('x', 3, 2.345) }} {{ '%5s|%-5s|%05d|%+d' % ('a', 'b', 42, 7) }} {{ '%s' % items }} {{ '%r' % 'x' }} {{ '%(a)s' % {'a': 1} }} {{ '%x %X %o %e %g' % (255, 255, 8, 12345.678, 0.0001) }}", "{{ '%s %s' % 'x' }}", "{{ '%s' % (1, 2) }}", "{{ '%d' % 'x' }}", "{{ 'none' % () }}", "{{ 'a' % 1 }}",
    "{{ '{} {}'.format(1, 'a') }} {{ '{0}{1}{0}'.format('x', 'y') }} {{ '{a}'.format(a=3) }} {{ '{:>5}|{:<5}|{:^5}|{:05d}|{:.2f}|{:,}|{:x}|{:%}'.format('a', 'b', 'c', 42, 2.345, 1234567, 255, 0.25) }} {{ '{{}}'.format() }} {{ '{0.role} {0[content]}'.format(message) }} {{ '{!r}'.format('x') }}", "{{ '{}'.format() }}", "{{ '{'.format() }}", "{{ '{:d}'.format('a') }}", "{{ '%s, %s!' | format('a', 'b') }} {{ '%(x)s' | format(x=1) }}",
    "{% for x in items %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle('a', 'b') }}{{ loop.changed(x) }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}", "{% for x in items if x > 1 %}{{ x }}{{ loop.index }}/{{ loop.length }}{{ loop.last }} {% else %}none{% endfor %}", "{% for x in items if x > 9 %}{{ x }}{% else %}none{% endfor %}", "{% for x in none_list %}{{ x }}{% else %}E{% endfor %}", "{% for x in missing %}{{ x }}{% else %}E{% endfor %}", "{% for x in nothing %}{% endfor %}", "{% for x in number %}{% endfor %}", "{% for c in 'añ👍' %}{{ c }}-{% endfor %}", "{% for k in message %}{{ k }} {% endfor %}{% for k, v in message.items() %}{{ k }}={{ v }} {% endfor %}", "{% for a, b in [(1, 2), [3, 4], 'xy'] %}{{ a }}{{ b }} {% endfor %}", "{% for a, b in [(1, 2, 3)] %}{% endfor %}", "{% for (a, (b, c)) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for x in items %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "{% for x in items %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% else %}E{% endfor %}", "{% for x in [1] %}{% break %}{% else %}E{% endfor %}", "{% for x in [1, 2] %}{% continue %}{% else %}E{% endfor %}", "{% break %}", "{% for x in items %}{% call m() %}{% break %}{% endcall %}{% endfor %}", "{% for x in [1,2] %}{% for y in [1,2] %}{{ loop.index }}{% if y == 2 %}{% break %}{% endif %}{{ x }}{% endfor %};{% endfor %}",
    "{% for x in [1, [2, [3]]] recursive %}{% if x is iterable %}<{{ loop(x) }}>{% else %}{{ x }}@{{ loop.depth }}{% endif %}{% endfor %}", "{% for x in items %}{{ loop(x) }}{% endfor %}", "{% set loop = 1 %}{{ loop }}", "{% for loop in items %}{% endfor %}", "{% for x in items %}{% set loop = 1 %}{% endfor %}", "{{ loop }}", "{% for x in items %}{% for y in [1] %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}",
    "{% set x = 1 %}{% for i in items %}{{ x }}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}", "{% for i in items %}{% set y = i %}{% endfor %}{{ y }}|", "{% for i in items %}{{ z }}{% set z = i %}{% endfor %}", "{% for i in items %}{% if i == 1 %}{% set q = 'set' %}{% endif %}{{ q }},{% endfor %}", "{{ late }}{% set late = 1 %}{{ late }}", "{% if no %}{% set text = 1 %}{% endif %}{{ text }}", "{% if yes %}{% set text = 1 %}{% endif %}{{ text }}", "{% for i in [1] %}{{ text }}{% set text = 2 %}{{ text }}{% endfor %}{{ text }}", "{% for i in [1] %}{{ text }}{% endfor %}{% set text = 2 %}{{ text }}", "{% for i in [1, 2] %}{% if i == 2 %}{{ text }}{% else %}{% set text = 'in' %}{% endif %}{% endfor %}{{ text }}", "{% for i in [1] %}{% for j in [1] %}{{ number }}{% set number = 5 %}{% endfor %}{{ number }}{% set number = 6 %}{% endfor %}{{ number }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a, b = [1] %}", "{% set t = 1, 2 %}{{ t }}", "{% set none = 1 %}", "{% set x %}a{{ number }}b{% endset %}{{ x }}{{ x | length }}", "{% set x | upper | trim %} a{{ number }}b {% endset %}[{{ x }}]", "{% set x %}{% set inner = 1 %}{% endset %}{{ inner }}|", "{% filter upper %}ab{{ text }}{% endfilter %}", "{% filter replace('a', 'b') | upper %}aXa{% endfilter %}", "{% with a = 1, b = number %}{{ a }}{{ b }}{% endwith %}{{ a }}|", "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q }}|", "{% print 1, 2 %}",
    "{% macro m(a, b=2, c=b) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(a=1, c=9) }} {{ m() }}|", "{% macro m(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(x=2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}", "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}in{{ number }}{% endcall %}", "{% macro m() %}[{{ caller(1, b=2) }}]{% endmacro %}{% call(a, b) m() %}{{ a }}{{ b }}{% endcall %}", "{% macro m() %}[{{ caller() }}]{% endmacro %}{{ m() }}", "{% macro m() %}x{% endmacro %}{% call m() %}in{% endcall %}", "{% macro m(x) %}{% if x > 0 %}{{ x }}{{ m(x - 1) }}{% endif %}{% endmacro %}{{ m(3) }}", "{% macro m() %}{{ text }}{{ later }}{% endmacro %}{% set later = 'L' %}{{ m() }}", "{{ m() }}{% macro m() %}x{% endmacro %}", "{% macro m() %}{% set text = 1 %}{{ text }}{% endmacro %}{{ m() }}{{ text }}", "{% macro m(a, b) %}{{ b }}{% endmacro %}{{ m(1).upper() }}|{{ m(1, 'x') | upper }}{{ m }}", "{% for i in [1, 2] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}", "{% macro m(a, b=1, c) %}{% endmacro %}", "{{ m(*[1, 2], **{'c': 3}) }}{% macro m(a, b, c) %}{{ a }}{{ b }}{{ c }}{% endmacro %}", "{% macro m(a, b, c) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(*[1, 2], **{'c': 3}) }}",
    "{% generation %}{% set g = 1 %}x{{ g }}{% endgeneration %}{{ g }}|", "{% for i in [1, 2] %}{% generation %}{{ i }}{{ loop.index }}{% endgeneration %},{% endfor %}", "{% if yes %}{% generation %}a{% endgeneration %}{% endif %}",
    "a\n{% if yes %}\nb\n{% endif %}\nc\n", "a\n  {% if yes %}\n  b\n  {% endif %}\nc", "a {%- if yes -%} b {%- endif -%} c", "  {{ 1 }}\n  {{- 2 -}}  \n3", "a\n  {%+ if yes %}\nb{%+ endif +%}\nc", "a{# comment #}\nb", "a\n  {# comment #}\nb", "a {#- x -#} b", "a\n {#+ x +#}\nb", "x {% raw %}{{ not }} {% if %}{% endraw %} y", "x\n  {% raw %}\n a {% endraw %}\n y", "x {%- raw -%} a {%- endraw -%} y", "a\r\nb\rc{{ 'x\r\ny' }}", "end\n\n", "end\n", "\n", "{{ 'a' }}\n\n{{ 'b' }}\n", "{% set x = 1 %}\n\n{{ x }}", "{{ '{{' }} {{ '%}' }} {{ {'a': {'b': 1}} }}", "{ { % #", "{{1}}{{-1}}", "{{ 1 }}{# {{ 2 }} #}{{ 3 }}", "\t{% if yes %}\tx\t{% endif %}\t\n y", "{% if yes %}{% if yes %}\n  x\n{% endif %}{% endif %}\n",
    "{% if %}{% endif %}", "{% if yes %}", "{% endif %}", "{{", "{{ 1", "{% raw %}x", "{# x", "{{ }}", "{% nosuch %}", "{{ a b }}", "{{ 'x }}", "{{ 1 + }}", "{{ (1 }}", "{{ 1) }}", "{{ [1, }}", "{% for %}{% endfor %}", "{% for x of y %}{% endfor %}", "{% set %}", "{% set 1 = 2 %}", "{{ x = 1 }}", "{% else %}", "{{ 1 if }}", "{{ | upper }}", "{{ 1 | }}", "{{ 1 is }}", "{{ 1 is nosuch }}", "{{ 1 | nosuch }}", "{% if no %}{{ 1 | nosuch }}{% endif %}ok", "{% include 'x' %}", "{% extends 'x' %}", "{{ ? }}", "{{ a.'b' }}", "{{ f(a=1, 2) }}", "{{ 1 is odd is even }}", "{% do x %}", "{{ 'a\\' }}", "{% if a %}{% elif b %}{% else %}{% elif c %}{% endif %}",
    "{{ people | map(attribute='name') | join(', ') }} {{ people | map(attribute='home.city') | list }}", "{{ people | map(attribute='home.city', default='?') | join }}", "{{ people | selectattr('age', 'equalto', 30) | map(attribute='name') | list }} {{ people | rejectattr('age', '==', 30) | list | length }}", "{{ people | selectattr('tags') | list | length }} {{ people | selectattr('tags', 'defined') | list | length }} {{ people | rejectattr('tags', 'undefined') | map(attribute='name') | first }}", "{{ people | selectattr('home.city', 'in', ['Ulm']) | map(attribute='name') | list }}", "{{ people | sort(attribute='age') | map(attribute='name') | list }} {{ people | sort(attribute='age,name', reverse=true) | map(attribute='name') | list }}", "{{ people | groupby('age') | list | length }}{% for age, group in people | groupby('age') %}{{ age }}{{ group | map(attribute='name') | list }}{% endfor %}", "{{ people | sum(attribute='age') }} {{ items | sum(start=10) }} {{ [[1], [2]] | sum(start=[]) }}", "{{ people | map('length') | list }}", "{{ people | max(attribute='age') }}", "{{ words | unique | list }} {{ words | unique(true) | list }} {{ words | min }} {{ words | max(true) }}", "{{ items | map('nosuch') | list }}", "{{ people | map(attribute='nosuch') | list }}", "{{ (items | map('string')) is string }} {{ items | map('string') | map('int') | sum }}", "{{ items | select('odd') | list }} {{ items | reject('odd') | list }} {{ items | select('gt', 1) | list }} {{ items | select('divisibleby', 3) | list }} {{ items | select('in', [1, 2]) | list }}", "{% set g = items | map('string') %}{{ g | list }}{{ g | list }}", "{{ items | map('string') | length }}", "{{ items | map('string') | last }}", "{% if items | select('gt', 9) %}truthy{% endif %}", "{{ (items | select('gt', 9) | list) or 'none' }}", "{{ words | map('replace', 'p', 'P') | join('/') }} {{ words | map('truncate', 3, true, '') | list }}",
    "{{ number is divisibleby 7 }} {{ number is divisibleby(2) }} {{ number is eq 7 }} {{ number is in [7] }} {{ number is not in [7] }} {{ number is gt(3) }} {{ number is sameas 7 }}", "{{ yes is sameas true }} {{ 1 is sameas true }} {{ none is sameas none }} {{ number is not none }} {{ text is not string }}", "{{ 'upper' is filter }} {{ 'x' is filter }} {{ 'odd' is test }}", "{{ range is callable }} {{ text.upper is callable }} {{ missing is callable }} {{ raise_exception is callable }}", "{{ text is string and number is number }} {{ not text is string }} {{ text is string == true }}", "{{ 3 is odd and not 2 is odd }} {{ (1, 2) is sequence }} {{ message.keys() is sequence }} {{ message.keys() is iterable }}", "{{ items is odd }}",
    "{{ raise_exception('custom: ' ~ number) }}", "{{ raise_exception(none) }}", "{% if no %}{{ raise_exception('x') }}{% endif %}ok", "{{ strftime_now('%Y-%m-%d %H:%M:%S %d %B %b %A %a %j %I %p %y %% %f') }}", "{{ strftime_now('%d %b %Y') }}", "{% set j = joiner('|') %}{{ j() }}{{ j() }}{{ j() }}", "{{ 'x' | default }} {{ missing | default }}| {{ missing | default('d') | upper }} {{ nothing | default('d') }} {{ nothing | default('d', true) }} {{ missing.x | default('d') }}", "{{ nested.x | default('d') }} {{ nested.x.y | default('d') }}",
    "{{ [none, true, 1.5, 'ä\"\\\\/\\n\\t\\b\\f\\r\\x01\\x7f\u2028😀'] | tojson }}", "{{ ['ä😀\\x7f'] | tojson(ensure_ascii=true) }}", "{{ {'b': [1, {'c': []}], 'a': {}} | tojson(indent=2) }}", "{{ {'b': [1, {'c': []}], 'a': {}} | tojson(indent='-') }}", "{{ {'b': 1, 'a': [1, 2]} | tojson(indent=1, separators=(', ', ' : '), sort_keys=true) }}", "{{ {1: 'a', none: 'b', true: 'c', 1.5: 'd'} | tojson }}", "{{ {(1, 2): 'a'} | tojson }}", "{{ missing | tojson }}", "{{ [missing] | tojson }}", "{{ range(3) | tojson }}", "{{ message.keys() | tojson }}", "{{ (1, 'a') | tojson }}", "{{ tiny | tojson }} {{ huge | tojson }} {{ big | tojson }} {{ third | tojson }} {{ 1e400 | tojson }}", "{{ {'b': 1, 2: 'a'} | tojson(sort_keys=true) }}", "{{ html | tojson }} {{ html | tojson | safe }}", "{{ html | safe }} {{ html | escape }} {{ html | e | safe }} {{ (html | safe) ~ '<' }} {{ html | safe | length }}", "{{ (html | safe) + '<' }}",
    "{{ text.upper }}", "{{ text.upper.x }}", "{{ text['upper']() }} {{ message['get']('role') }}", "{{ text.split(',')[0].strip().lower()[1:] | upper }}", "{{ (text ~ empty).split(' ') | last }} {{ text.split(', ')[-1] }}", "{{ umlaut.upper() }} {{ umlaut.lower() }} {{ umlaut.title() }} {{ umlaut.capitalize() }} {{ umlaut | title }} {{ umlaut | capitalize }} {{ umlaut.swapcase() }}", "{{ control }}|{{ [control] }}|{{ control | tojson }}", "{{ 'don\\'t STOP-now (ok)' | title }} {{ \"don't stop\".title() }}", "{{ '12' | int + 1 }} {{ '1.9' | int }} {{ 'x' | int }} {{ '0x1f' | int(base=16) }} {{ ' 5 ' | int }} {{ 1.9 | int }} {{ '1e3' | int }} {{ true | int }} {{ none | int }} {{ '1_000' | int }} {{ 'inf' | int }}", "{{ missing | int }}", "{{ '1.5' | float }} {{ 'x' | float }} {{ 3 | float }} {{ 'inf' | float }} {{ ' 1e3 ' | float }} {{ '-nan' | float }}", "{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }} {{ 1234.5 | round(-2) }} {{ 7 | round }} {{ 15 | round(-1) }} {{ -0.4 | round }} {{ 2.1 | round(method='ceil') }} {{ 2.15 | round(1, 'floor') }} {{ 2.5 | round | int }}",
]  # fmt: skip


def templates() -> list[str]:
    cases = [f"{{{{ {value} }}}}" for value in VALUES]
    cases += [f"{{{{ [{value}] }}}}" for value in VALUES]
    cases += [f"{{{{ {a} {operator} {b} }}}}" for operator in BINARY for a in OPERANDS for b in OPERANDS]
    cases += [f"{{{{ {value} is {test} }}}}" for value in VALUES for test in TESTS]
    cases += [f"{{{{ {value}.{method} }}}}" for value in ("text", "padded", "csv", "lines", "umlaut", "number") for method in METHODS]
    cases += [f"{{{{ {value} | {filter} }}}}" for value in VALUES for filter in FILTERS]
    return cases + STATEMENTS


def expressions(golden, sources) -> None:
    originals.datetime = FixedTime
    cases = []
    for template in templates():
        try:
            compiled = originals._compile_jinja_template(template)
            # a copy: the filter indent changes the lists it is given
            result = {"text": compiled.render(**copy.deepcopy(VARIABLES))}
        except Exception as error:  # whatever it is, it is what a user of transformers would see
            result = {"error": type(error).__name__, "message": str(error)}
        if " at 0x" not in str(result):  # the address of an object is no result
            cases.append({"template": template, **result})
    store(golden, {"now": FixedTime.now().isoformat(), "variables": VARIABLES, "cases": cases})
    golden.values["rendered"] = sum("text" in case for case in cases)
    golden.values["errors"] = sum("error" in case for case in cases)
