//! The native half: `fluxproof-bench FILE ROUNDS` prints, for each reader, its name, documents, and milliseconds;
//! `fluxproof-bench build PACKED ROUNDS` prints folders built and refused, bytes, milliseconds, and the most memory in kB.

use fluxproof_bench::{READERS, build_all};
use std::io::Write;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1).peekable();
    if args.next_if_eq("build").is_some() {
        return builds(&args.next().unwrap_or_default(), &args.next().unwrap_or_default());
    }
    let text = std::fs::read_to_string(args.next().unwrap_or_default())?;
    let rounds: u32 = args.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(10);
    for (name, read) in READERS {
        let mut best = f64::INFINITY;
        let mut documents = 0;
        for _ in 0..rounds {
            let since = Instant::now();
            documents = std::hint::black_box(read(std::hint::black_box(&text)));
            best = best.min(since.elapsed().as_secs_f64() * 1000.0);
        }
        writeln!(std::io::stdout(), "{name} {documents} {best:.3}")?;
    }
    Ok(())
}

fn builds(file: &str, rounds: &str) -> std::io::Result<()> {
    let packed = std::fs::read(file)?;
    let mut best = f64::INFINITY;
    let mut built = fluxproof_bench::Built::default();
    for _ in 0..rounds.parse().unwrap_or(1) {
        let since = Instant::now();
        built = std::hint::black_box(build_all(std::hint::black_box(&packed)));
        best = best.min(since.elapsed().as_secs_f64() * 1000.0);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    let peak = peak.split_whitespace().next().unwrap_or("0");
    writeln!(std::io::stdout(), "build {} {} {} {best:.3} {peak}", built.folders, built.refused, built.bytes)
}
