//! The fluxproof command.

use std::process::ExitCode;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|_| {
        eprint_line("error: fluxproof itself failed; please report this with the command that you ran");
        std::process::exit(3);
    }));
    let args = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    ExitCode::from(fluxproof_cli::run(args, &mut std::io::stdout().lock(), &mut std::io::stderr().lock()))
}

fn eprint_line(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}
