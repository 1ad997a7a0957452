use proptest::strategy::{Strategy, ValueTree};
use std::collections::BTreeMap;
#[test]
#[ignore]
fn survey() {
    let mut runner = super::runner();
    let n: usize = std::fs::read_to_string("/tmp/survey-n").ok().and_then(|t| t.trim().parse().ok()).unwrap_or(2000);
    let mut kinds: BTreeMap<String, (usize, usize, String)> = BTreeMap::new();
    let mut total = super::compare::Tally::default();
    let mut skipped = 0;
    for _ in 0..n {
        let tree = super::generate::clusters().new_tree(&mut runner).unwrap();
        let cluster = tree.current();
        let Some((t, said)) = super::compare::compare(&cluster) else {
            skipped += 1;
            continue;
        };
        total = total.plus(t);
        let text = format!("{cluster:?}");
        for s in said {
            let tail = s.split(": ").skip(1).collect::<Vec<_>>().join(": ");
            let need = ["Namespace(", "Definition {", "Webhook(", "Dependency(", "Worker", "Time"]
                .iter()
                .find(|n| s.contains(**n))
                .unwrap_or(&"");
            let who = if s.starts_with("Release") { "R" } else { "K" };
            let e = kinds.entry(format!("{who} {need} {tail}")).or_insert((0, usize::MAX, String::new()));
            e.0 += 1;
            if text.len() < e.1 {
                e.1 = text.len();
                e.2 = format!("{s}\n   {text}");
            }
        }
    }
    println!("{total:?} skipped {skipped}");
    for (k, (c, _, ex)) in kinds {
        println!("== {c} x {k}\n   {ex}");
    }
}
