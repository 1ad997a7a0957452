//! Go templates between `<<` and `>>`, as a ResourceSet has them (docs/api/v1/resourceset.md): what is literal is run, what
//! asks for more is not known.

mod lex;
mod parse;
mod run;

use fluxproof_yaml::Value;

/// The most that one text becomes, in bytes, and the most steps that its run takes: bounds for hostile trees.
const MOST: usize = 1 << 20;

/// The text that a template becomes for these inputs; none where it uses what is not known here, or is wrong.
pub(crate) fn render(text: &str, inputs: &Value) -> Option<String> {
    let nodes = parse::parse(lex::pieces(text)?)?;
    run::run(&nodes, inputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::tests::value;

    fn check(template: &str, expected: Option<&str>) {
        let inputs = value(
            "{tenant: team1, n: 3, on: true, off: false, none: null, list: [{name: a}, {name: b}], map: {k: v, x: {sub: z}}}",
        );
        assert_eq!(render(template, &inputs).as_deref(), expected, "{template}");
    }

    #[test]
    fn fields_are_put_in() {
        check("name: << inputs.tenant >>-x", Some("name: team1-x"));
        check("<<inputs.n>>/<< inputs.map.x.sub >>", Some("3/z"));
        check("a << inputs.absent >>", None);
        check("${{ not ours }} {{ .x }}", Some("${{ not ours }} {{ .x }}"));
        check("a << /* said */ >>b", Some("a b"));
        check("a <<- inputs.n ->> b", Some("a3b"));
        check("a << inputs.n", None);
        check("a << .tenant >>", None);
    }

    #[test]
    fn functions_are_those_that_are_common() {
        check("<< inputs.tenant | quote >>", Some("\"team1\""));
        check("<< inputs.none | default \"d\" >><< upper inputs.tenant >>", Some("dTEAM1"));
        check("<< printf \"%s-%d\" inputs.tenant inputs.n >>", Some("team1-3"));
        check("<< inputs.map | toYaml | nindent 2 >>", Some("\n  k: v\n  x:\n    sub: z"));
        check("<< index inputs.map \"k\" >><< (index inputs.list 1).name >>", Some("vb"));
        check("<< inputs.tenant | slugify >>", None);
        check("<< if and (eq inputs.tenant \"team1\") (not inputs.off) >>y<< end >>", Some("y"));
    }

    #[test]
    fn branches_and_loops_are_run() {
        check("<< if inputs.off >>a<< else if inputs.on >>b<< else >>c<< end >>", Some("b"));
        check("<< range inputs.list >>[<< .name >>]<< end >>", Some("[a][b]"));
        check("<< range $i, $x := inputs.list >><< $i >>=<< $x.name >> << end >>", Some("0=a 1=b "));
        check("<< range $k, $v := inputs.map >><< $k >> << end >>", Some("k x "));
        check("<< $t := inputs.tenant >><< with inputs.map >><< .k >><< $t >><< else >>n<< end >>", Some("vteam1"));
        check("<< range inputs.none >>a<< else >>empty<< end >>", Some("empty"));
        check("<< if inputs.on >>a", None);
        check("<< end >>", None);
        check("<< $x := 1 >><< if inputs.on >><< $x = 2 >><< end >><< $x >>", None);
    }

    #[test]
    fn a_run_has_bounds() {
        let text = "<< range inputs.list >>".repeat(40) + "x" + &"<< end >>".repeat(40);
        assert_eq!(render(&text, &value("{list: [1, 2, 3, 4]}")), None);
    }
}
