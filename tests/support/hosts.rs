//! Running a command line in every host.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the one core runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// The native command.
    Native,
    /// The plugin module under Node.
    Node,
    /// The command for WASI under wasmtime.
    Wasi,
}

/// What a run printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The exit status; 255 where a signal ended it.
    pub status: i32,
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "status {}\n--- stdout\n{}\n--- stderr\n{}",
            self.status,
            self.text(),
            String::from_utf8_lossy(&self.stderr)
        )
    }
}

impl Ran {
    /// Standard output as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl Host {
    /// Every host.
    pub const ALL: [Self; 3] = [Self::Native, Self::Node, Self::Wasi];

    /// Runs a command line in a folder, which is all that the WASI host sees. `write` says whether that host may change it.
    ///
    /// # Panics
    /// When the host cannot be started.
    #[must_use]
    pub fn run(self, folder: &Path, args: &[&str], stdin: &[u8], write: bool) -> Ran {
        self.ran(self.command(write), folder, args, stdin)
    }

    /// Runs a command line that may write files, where no file may be larger than a few hundred bytes.
    ///
    /// # Panics
    /// When the host cannot be started.
    #[cfg(unix)]
    #[must_use]
    pub fn run_cramped(self, folder: &Path, args: &[&str]) -> Ran {
        let host = self.command(true);
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
        command.arg(host.get_program()).args(host.get_args());
        self.ran(command, folder, args, b"")
    }

    fn ran(self, mut command: Command, folder: &Path, args: &[&str], stdin: &[u8]) -> Ran {
        command.current_dir(folder).args(args).env_clear().envs(kept());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let spawned = command.spawn();
        let mut child = spawned.unwrap_or_else(|error| panic!("{:?} cannot be run: {error}", command.get_program()));
        let input = child.stdin.take().map(|mut pipe| {
            let bytes = stdin.to_vec();
            // A host that reads no standard input closes it.
            std::thread::spawn(move || pipe.write_all(&bytes).ok())
        });
        let output = child.wait_with_output().unwrap_or_else(|error| panic!("{self:?}: {error}"));
        drop(input.map(std::thread::JoinHandle::join));
        Ran { stdout: output.stdout, stderr: output.stderr, status: output.status.code().unwrap_or(255) }
    }

    fn command(self, write: bool) -> Command {
        match self {
            Self::Native => Command::new(dist(&format!("bin/fluxproof{}", std::env::consts::EXE_SUFFIX))),
            Self::Node => {
                let mut command = Command::new("node");
                command.arg(dist("npm/cli.js"));
                command
            }
            Self::Wasi => {
                let mut command = Command::new("python3");
                command.arg(own("wasi.py")).args(write.then_some("--write"));
                command.arg(dist("wasi/fluxproof.wasm")).arg(cache());
                command
            }
        }
    }
}

/// Runs a read-only command line in every host and gives the answer that they agree on.
///
/// # Panics
/// When they do not.
#[must_use]
pub fn everywhere(folder: &Path, args: &[&str], stdin: &[u8]) -> Ran {
    let native = Host::Native.run(folder, args, stdin, false);
    for host in [Host::Node, Host::Wasi] {
        let other = host.run(folder, args, stdin, false);
        assert!(other == native, "{args:?} in {}: native {native:?}\n\n{host:?} {other:?}", folder.display());
    }
    native
}

/// What a host needs of the environment. Nothing of it says how to print.
fn kept() -> Vec<(&'static str, std::ffi::OsString)> {
    let python = std::env::var_os("FLUXPROOF_PYTHON").unwrap_or_else(|| own("../.tools/python").into());
    let mut kept: Vec<_> =
        ["PATH", "HOME"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect();
    kept.push(("PYTHONPATH", python));
    kept
}

/// A file of the build.
///
/// # Panics
/// When there is no build.
#[must_use]
pub fn dist(path: &str) -> PathBuf {
    let folder = std::env::var_os("FLUXPROOF_DIST").map_or_else(|| own("../dist"), PathBuf::from);
    let file = folder.join(path);
    assert!(file.is_file(), "{} is not there: run `cargo xtask build`, or `cargo xtask test`, first", file.display());
    file
}

fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn cache() -> PathBuf {
    let folder = std::env::temp_dir().join("fluxproof-tests-wasi");
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    folder
}
