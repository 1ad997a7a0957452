// The package under Node: what only its host does. That it prints what the others print is tested in tests/parity.rs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const dist = process.env.FLUXPROOF_DIST ?? fileURLToPath(new URL("../../../dist", import.meta.url));
const npm = join(dist, "npm");
const folder = mkdtempSync(join(tmpdir(), "fluxproof-node-"));
after(() => rmSync(folder, { recursive: true }));

function run(args, { input = "", env = {}, script = "cli.js" } = {}) {
  const given = { PATH: process.env.PATH, ...env };
  return spawnSync(process.execPath, [join(npm, script), ...args], { cwd: folder, env: given, input, encoding: "utf8" });
}

test("the package has no dependency, no install script, and all its files", () => {
  const { dependencies, scripts, files, bin } = JSON.parse(readFileSync(join(npm, "package.json"), "utf8"));
  assert.deepEqual([dependencies, scripts], [undefined, undefined]);
  const present = readdirSync(npm);
  for (const name of [...files, bin.fluxproof]) assert.ok(present.includes(name), name);
  const scriptsThere = present.filter((name) => name.endsWith(".js"));
  for (const name of scriptsThere) assert.ok(files.includes(name), `${name} is not among the package's files`);
});

test("the scripts open no network and start nothing, but for the action", () => {
  for (const name of readdirSync(npm).filter((file) => file.endsWith(".js") && file !== "action.js")) {
    const text = readFileSync(join(npm, name), "utf8");
    assert.doesNotMatch(text, /node:(http|https|net|dgram|tls|child_process|worker_threads)|\bfetch\(|\beval\(/, name);
  }
});

test("colours follow the environment", () => {
  assert.doesNotMatch(run(["rules"]).stdout, /\x1b\[/);
  assert.match(run(["rules"], { env: { CLICOLOR_FORCE: "1" } }).stdout, /\x1b\[/);
  assert.doesNotMatch(run(["rules", "--color", "never"], { env: { CLICOLOR_FORCE: "1" } }).stdout, /\x1b\[/);
});

test("the action runs its input's command line and passes the status on", () => {
  const named = run([], { script: "action.js", env: { INPUT_ARGS: "--version" } });
  assert.match(named.stdout, /^fluxproof /);
  mkdirSync(join(folder, "empty"), { recursive: true });
  assert.equal(run([], { script: "action.js", env: { INPUT_ARGS: "check empty" } }).status, 4);
});

test("a config comes by standard input or from a file", () => {
  const config = JSON.stringify({ "no-such-field": 1 });
  writeFileSync(join(folder, "config.json"), config);
  const piped = run(["generate", "--format", "json", "--config", "-"], { input: config });
  const read = run(["generate", "--format", "json", "--config", "config.json"]);
  assert.equal(piped.status, 2);
  assert.equal(read.stdout, piped.stdout);
});
