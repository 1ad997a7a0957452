//! The native half: `fluxproof-bench FILE ROUNDS` prints, for each reader, its name, documents, and milliseconds.

use fluxproof_bench::READERS;
use std::io::Write;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
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
