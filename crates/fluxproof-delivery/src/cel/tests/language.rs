//! What expressions are worth, and which are none.

use super::super::value::Value;
use super::super::{Expression, Flaw, Truth};
use super::yaml;

const OBJECT: &str = "
apiVersion: x/v1
kind: X
metadata: { generation: 2, name: n, labels: { a: b } }
spec: { n: 3, list: [a, b], f: 1.5 }
status:
  observedGeneration: 2
  conditions: [{ type: Ready, status: 'True', reason: Ok }, { type: Synced, status: 'False' }]
  phase: Running
  empty: []
";

const VALUES: &[(&str, Truth)] = &[
    ("status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')", Truth::True),
    ("status.conditions.exists(e, e.type == 'Ready' && e.status == 'True')", Truth::True),
    ("status.conditions.exists_one(e, e.status == 'True')", Truth::True),
    ("status.conditions.exists_one(e, e.missing == 'True')", Truth::Error),
    ("has(status.conditions) && size(status.conditions) > 1", Truth::True),
    ("has(status.nothing)", Truth::False),
    ("has(nothing.x)", Truth::Error),
    ("nothing == 1 || true", Truth::True),
    ("true || nothing == 1", Truth::True),
    ("nothing == 1 && false", Truth::False),
    ("status.x == 1 || status.phase == 'Running'", Truth::True),
    ("status.x == 1 && status.phase == 'Running'", Truth::Error),
    ("!has(status.x)", Truth::True),
    ("status.phase in ['Running', 'Done']", Truth::True),
    ("'a' in metadata.labels", Truth::True),
    ("'zz' in metadata.labels", Truth::False),
    (r#"metadata.labels['a'] == "b""#, Truth::True),
    (r#"metadata.labels['c'] == "b""#, Truth::Error),
    ("metadata.generation == status.observedGeneration", Truth::True),
    ("metadata.generation <= 2.0", Truth::True),
    ("spec.n + 1 == 4", Truth::True),
    ("spec.n / 2 == 1", Truth::True),
    ("spec.n % 2 == 1", Truth::True),
    ("spec.n - 5 < 0", Truth::True),
    ("-spec.n == -3", Truth::True),
    ("spec.f * 2.0 == 3.0", Truth::True),
    ("spec.n * 2.0 == 6.0", Truth::Error),
    ("1 / 0 == 1", Truth::Error),
    ("spec.list + ['c'] == ['a','b','c']", Truth::True),
    ("spec.list[1] == 'b'", Truth::True),
    ("spec.list[5] == 'b'", Truth::Error),
    ("spec.list == ['a']", Truth::False),
    ("spec.list.size() == 2", Truth::True),
    ("size('héllo') == 5", Truth::True),
    ("'abc'.startsWith('ab') && 'abc'.endsWith('c') && 'abc'.contains('b')", Truth::True),
    ("'a.b.c'.split('.').size() == 3", Truth::True),
    ("'a,b'.split(',')[1] == 'b'", Truth::True),
    ("['a','b'].join('-') == 'a-b'", Truth::True),
    ("'ABC'.lowerAscii() == 'abc'", Truth::True),
    ("'abc'.upperAscii() == 'ABC'", Truth::True),
    ("'abcabc'.replace('b', 'x') == 'axcaxc'", Truth::True),
    ("'abc'.substring(1) == 'bc'", Truth::True),
    ("'abc'.substring(0, 2) == 'ab'", Truth::True),
    ("'abc'.indexOf('c') == 2", Truth::True),
    ("'abc'.charAt(1) == 'b'", Truth::True),
    ("' x '.trim() == 'x'", Truth::True),
    ("int('12') == 12", Truth::True),
    ("int('x') == 12", Truth::Error),
    ("string(12) == '12'", Truth::True),
    ("string(true) == 'true'", Truth::True),
    ("double('1.5') == 1.5", Truth::True),
    ("bool('true')", Truth::True),
    ("type(1) == int", Truth::True),
    ("type('a') == string", Truth::True),
    ("type(1) == string", Truth::False),
    ("1 == 1.0", Truth::True),
    ("1 == 'a'", Truth::False),
    ("1 < 'a'", Truth::Error),
    ("null == null", Truth::True),
    ("status.phase == null", Truth::False),
    ("status.phase ? true : false", Truth::Error),
    ("has(status.phase) ? status.phase == 'Running' : false", Truth::True),
    ("true ? true : nothing", Truth::True),
    ("spec.list.map(x, x + '!') == ['a!','b!']", Truth::True),
    ("spec.list.map(x, x == 'a', x) == ['a']", Truth::True),
    ("spec.list.filter(x, x != 'a') == ['b']", Truth::True),
    ("metadata.labels.all(k, k == 'a')", Truth::True),
    ("metadata.labels.map(k, metadata.labels[k]) == ['b']", Truth::True),
    ("status.conditions.all(c, has(c.reason))", Truth::False),
    ("status.conditions.all(c, c.reason == 'Ok')", Truth::Error),
    ("status.conditions.exists(c, c.reason == 'Ok')", Truth::True),
    ("status.empty.all(c, c.x == 1)", Truth::True),
    ("status.empty.exists(c, c.x == 1)", Truth::False),
    ("status.?nothing.orValue('x') == 'x'", Truth::True),
    ("status.?phase.orValue('x') == 'Running'", Truth::True),
    ("status.?nothing.?more.orValue(1) == 1", Truth::True),
    ("status[?'phase'].hasValue()", Truth::True),
    ("'a' + 'b' == 'ab'", Truth::True),
    (r#"r'\d' == '\\d'"#, Truth::True),
    (r#""a\tb".size() == 3"#, Truth::True),
    (r#"'\u0041' == 'A'"#, Truth::True),
    (r#"'\x41' == 'A'"#, Truth::True),
    (r#"'\101' == 'A'"#, Truth::True),
    (r#"'''multi'line''' == "multi'line""#, Truth::True),
    ("0x10 == 16", Truth::True),
    ("1u == 1", Truth::True),
    ("1e3 == 1000.0", Truth::True),
    (".5 == 0.5", Truth::True),
    ("!true", Truth::False),
    ("!!true", Truth::True),
    ("!status.phase", Truth::Error),
    ("status.phase", Truth::Error),
    ("spec.n", Truth::Error),
    ("has('a'.b)", Truth::Error),
    ("status.conditions.all(c)", Truth::Error),
    ("status.conditions.filter(c, c.type == 'Ready')", Truth::Error),
    ("foo(1)", Truth::Error),
    ("status.phase.foo()", Truth::Error),
    ("status.phase.matches('^Run')", Truth::True),
    ("'abc'.matches('b')", Truth::True),
    ("a.if == 1", Truth::Error),
    ("[1, 2,] == [1,2]", Truth::True),
    ("{'a': 1}.a == 1", Truth::True),
    ("{'a': 1,} == {'a': 1}", Truth::True),
    ("{'a': 1}['b'] == 1", Truth::Error),
    (r#"status.phase == "Running" // comment"#, Truth::True),
    ("status.phase  !=  'Running'", Truth::False),
    ("true == false == false", Truth::True),
    ("1 < 2 == true", Truth::True),
    ("1 < 2 < 3", Truth::Error),
    ("- 1 == -1", Truth::True),
    ("--1 == 1", Truth::True),
    ("1 - -1 == 2", Truth::True),
    ("a && b || true", Truth::True),
    (r#"""" multiline """.size() == 12"#, Truth::False),
    ("b'abc' == b'abc'", Truth::Unknown),
    ("timestamp('2020-01-01T00:00:00Z') < timestamp('2021-01-01T00:00:00Z')", Truth::Unknown),
    ("size(1) == 1", Truth::Error),
    ("'abc'.size() == 3", Truth::True),
    ("spec.list.exists(x, x == 'a' || x.y == 1)", Truth::True),
    ("spec.list.exists(x, x.y == 1 || x == 'b')", Truth::True),
    ("spec.list.all(x, x.y == 1)", Truth::Error),
    ("[1, 'a'].size() == 2", Truth::True),
    ("dyn(1) == 1", Truth::True),
    ("string(1.5) == '1.5'", Truth::Unknown),
    ("9223372036854775807 + 1 == 0", Truth::Error),
    ("'😀'.size() == 1", Truth::True),
    (r#"'\U0001F600' == '😀'"#, Truth::True),
];

/// What the parser refuses, as cel-go does.
const REFUSED: &[&str] = &[
    "status.phase &&& true",
    "status.phase = 'Running'",
    "status.phase == 'Running' and true",
    "status.phase == 'Running",
    "status.phase == 'Running')",
    "(status.phase == 'Running'",
    "has(status)",
    "has(1)",
    "status.conditions.all(c.x, true)",
    "if",
    "status..phase",
    "status.phase == `Running`",
    "1 +",
    "+1 == 1",
    "status.phase is 'Running'",
    "not true",
    "true ? false ? true : false : true",
    "9223372036854775808 == 1",
    r#"'\q' == 'q'"#,
];

/// What Flux refuses when it compiles a `readyExpr`.
const UNCOMPILED: &[&str] = &[
    "dep.status.ready",
    "object.status.x == 1",
    "'a'",
    "1",
    "dep.status.conditions",
    "dep.status.conditions.exists(e, 'a')",
    "dep.status.conditions.exist(e, e.type == 'Ready')",
    "dep.status.conditions.all(e)",
    "foo(dep)",
    "dep.foo()",
    "'a' && true",
    "dep.status.x == 'a' || 1",
    "status.x == 1",
    "math.greatest(1,2) == 2",
];

/// What Flux compiles.
const COMPILED: &[&str] = &[
    "dep.status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
    "dep.status.conditions.exists(e, e.type == 'Ready' && e.status == 'True') && dep.metadata.generation == dep.status.observedGeneration",
    "has(dep.status.lastAppliedRevision) && dep.status.lastAppliedRevision.startsWith('v' + self.spec.v + '@')",
    "dep.status.ready == true",
    "true",
    "has(dep.status)",
    "dep.status.x ? true : false",
    "dep.status.conditions.exists(e, e.type)",
    "dep.status && true",
    "self.x == dep.x",
    "int(dep.status.observedGeneration) == 1",
    "sets.contains([1,2],[1])",
    "base64.encode(b'a') == 'YQ=='",
    "dep.status.conditions.map(e, e.type).exists(t, t == 'Ready')",
    "'Ready' in dep.status.conditions.map(e, e.type)",
    "type(dep) == map",
    "dep.status.?ready.orValue('x') == 'x'",
    "dep.status.lastAppliedRevision.contains('sha')",
    "timestamp(dep.x) < timestamp(dep.y)",
    "dep.status.conditions[0].type == 'Ready'",
    "dep['status']['observedGeneration'] == 1",
    "!dep.spec.suspend",
    "!has(dep.spec.suspend) || !dep.spec.suspend",
    "dep.status.conditions.filter(e, e.type == 'Ready').size() == 1",
    "dep.status.conditions.filter(e, e.type == 'Ready')[0].status == 'True'",
    "size(dep.status.conditions) > 0 && true",
    "dep.status.observedGeneration > 'a'",
    "dep.status.lastAppliedRevision.split('@')[0] == 'v1'",
    "string(dep.status.observedGeneration) == '1'",
];

#[test]
fn expressions_are_worth_what_cel_says() {
    let object = yaml(OBJECT);
    for (text, truth) in VALUES {
        let expression = Expression::read(text);
        assert_eq!(expression.flaw(), None, "{text}");
        assert_eq!(expression.truth(&object), *truth, "{text}");
    }
}

#[test]
fn what_cel_refuses_is_refused_with_a_place_and_words() {
    for text in REFUSED {
        let flaw = Expression::read(text).flaw().cloned().unwrap_or_else(|| panic!("{text} is read"));
        assert!(flaw.certain && flaw.start <= flaw.end && flaw.end <= text.len() && !flaw.message.is_empty(), "{text}");
    }
}

#[test]
fn what_flux_compiles_and_what_not() {
    let compile = |text: &str| Expression::compile(text, &["self", "dep"]);
    for text in UNCOMPILED {
        assert!(compile(text).flaw().is_some_and(|flaw| flaw.certain), "{text}");
    }
    for text in COMPILED {
        assert_eq!(compile(text).flaw(), None, "{text}");
    }
}

fn flaw(text: &str) -> Flaw {
    Expression::compile(text, &["self", "dep"]).flaw().cloned().expect("a flaw")
}

#[test]
fn a_flaw_points_at_the_word_and_says_what_to_write() {
    let said = |text: &str| {
        let flaw = flaw(text);
        format!("{}: {}", &text[flaw.start..flaw.end], flaw.message)
    };
    assert_eq!(said("dep.status.phase = 'x'"), "=: = is no operator: write == to compare");
    assert_eq!(said("dep.a == 'x' and true"), "and: and is no operator: write &&");
    assert_eq!(said("dep.a == 'x"), "'x: the string that begins here has no closing '");
    assert_eq!(said("object.a == 1"), "object: there is no object: the expression knows self and dep");
    assert_eq!(said("(dep.a == 1"), ": a ( is not closed by a ): here the expression ends");
    assert_eq!(said("  "), "  : the expression is empty");
}

#[test]
fn what_is_not_known_is_unknown_unless_the_rest_decides() {
    let known = Value::open([("phase", Value::text("Running")), ("hidden", Value::Unknown)]);
    let object = Value::map([("status", known)]);
    let truth = |text: &str| Expression::read(text).truth(&object);
    for (text, expected) in [
        ("status.hidden == 'x'", Truth::Unknown),
        ("has(status.hidden)", Truth::True),
        ("has(status.perhaps)", Truth::Unknown),
        ("status.perhaps == 'x' && status.phase == 'Failed'", Truth::False),
        ("status.perhaps == 'x' && nothing.at == 'all'", Truth::Unknown),
        ("status.perhaps == 'x' || status.phase == 'Running'", Truth::True),
        ("status.phase.startsWith(status.hidden)", Truth::Unknown),
        ("[status.hidden].size() == 1", Truth::Unknown),
        ("status.phase.matches('^R[a-z]+$')", Truth::Unknown),
        ("status.phase.matches('^Run')", Truth::True),
        ("status.phase.format([1]) == ''", Truth::Unknown),
    ] {
        assert_eq!(truth(text), expected, "{text}");
    }
}

#[test]
fn variables_of_flux_are_not_known() {
    let expression = Expression::read("status.phase == '${phase}'");
    assert!(expression.flaw().is_some_and(|flaw| !flaw.certain));
    assert_eq!(expression.truth(&yaml(OBJECT)), Truth::Unknown);
}

#[test]
fn what_is_too_large_is_not_called_wrong() {
    let deep = format!("{}true{}", "(".repeat(500), ")".repeat(500));
    let chain = "1+".repeat(500) + "1 == 501";
    let long = format!("'{}' == ''", "x".repeat(40_000));
    for text in [deep, chain, long, format!("{}true", "!".repeat(500))] {
        let expression = Expression::compile(&text, &["self", "dep"]);
        assert!(expression.flaw().is_some_and(|flaw| !flaw.certain), "{}", &text[..20]);
        assert_eq!(expression.truth(&Value::map([])), Truth::Unknown);
    }
}

#[test]
fn an_evaluation_without_end_is_given_up() {
    let list = format!("[{}]", vec!["1"; 100].join(","));
    let text = format!("{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a == b || c == d || true))))");
    assert_eq!(Expression::read(&text).truth(&Value::map([])), Truth::Unknown);
}

#[test]
fn no_text_makes_the_parser_panic() {
    let words = [
        "a", ".", "(", ")", "[", "]", "'", "\"", "\\", "?", ":", "&&", "!", "-", "1", "e", "0x", "has", "é", "//",
        "\n", "r'", "u", "in",
    ];
    let mut state = 1u32;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(words[(state >> 16) as usize % words.len()]);
        }
        let _ = Expression::compile(&text, &["self"]).truth(&Value::map([]));
    }
}
