#!/usr/bin/env node
// fluxproof under Node: the same command line as the native command, over the plugin module.

import fs from "node:fs";
import path from "node:path";
import tty from "node:tty";
import { inputs, load, outcome } from "./index.js";
import { reason } from "./reason.js";
import { around, isFolder, look, paths, tree } from "./walk.js";
import { writeAll } from "./write.js";

const failed = (message) => ({ status: 3, stdout: new Uint8Array(), stderr: new TextEncoder().encode(`error: ${message}\n`) });

function read({ tree: folder, around: whole, beside = [], config, target, contents, output, limits }) {
  const problems = [];
  const attempt = (prefix, f) => {
    try {
      return f();
    } catch (error) {
      problems.push(`${prefix}: ${reason(error)}`);
      return undefined;
    }
  };
  const { root, at } = (whole && around(folder)) || { root: folder, at: "" };
  const files = folder === undefined ? [] : attempt(`${folder} cannot be read`, () => tree(root, limits, whole));
  const text = config === undefined ? undefined : attempt(`the config ${config} cannot be read`, () => readConfig(config, limits));
  const existing = target === undefined ? [] : (attempt(`${target} cannot be written to`, () => paths(target)) ?? []);
  return {
    tree: contents && existing.length > 0 ? tree(target, limits, true) : files,
    at,
    beside: beside.map((folder) => treeBeside(folder, limits)),
    config: text,
    existing: output !== undefined && fs.existsSync(output) ? [...existing, output] : existing,
    problems,
  };
}

function treeBeside(folder, limits) {
  try {
    return { tree: tree(folder, limits, true) };
  } catch (error) {
    return { unread: reason(error) };
  }
}

function readConfig(config, { fileBytes }) {
  const file = config === "-" ? 0 : fs.openSync(config);
  const chunks = [];
  let size = 0;
  for (;;) {
    const chunk = new Uint8Array(65536);
    const count = readSome(file, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    size += count;
    if (size > fileBytes) throw new Error(`it is larger than ${fileBytes} bytes`);
  }
}

// A pipe that is empty so far refuses, on some systems, instead of waiting; so does its end.
function readSome(file, chunk) {
  for (;;) {
    try {
      return fs.readSync(file, chunk);
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

// Colour on a terminal, unless NO_COLOR says no; CLICOLOR_FORCE and FORCE_COLOR say yes anywhere.
function terminal() {
  const set = (name) => Boolean(process.env[name]) && process.env[name] !== "0";
  const color = set("CLICOLOR_FORCE") || set("FORCE_COLOR") || (Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
  const columns = process.env.COLUMNS ?? "";
  const interactive = tty.isatty(0) && tty.isatty(2);
  return /^\+?\d+$/.test(columns) && Number(columns) <= 65535 ? { color, interactive, width: Number(columns) } : { color, interactive };
}

async function run(args) {
  const module = await load(fs.readFileSync(new URL("fluxproof.wasm", import.meta.url)));
  const plugin = await module.instance();
  const request = { args, ...terminal(), core: `sha256:${module.digest}` };
  const plan = plugin.call({ op: "plan", ...request });
  if (plan.header.answer) return outcome(plan.header.answer, plan.body);
  if (plan.header.read.stepwise) return steps(plugin, request, plan.header.read);
  return dialogue(plugin, request, read(plan.header.read));
}

// Asks what the command asks, until it has its answer. It asks nothing where nobody sits at a terminal.
function dialogue(plugin, request, given) {
  for (const answers = []; ; ) {
    const { fields, blobs } = inputs({ ...given, answers });
    const { header, body } = plugin.call({ op: "run", ...request, ...fields }, blobs);
    const answer = outcome(header, body);
    if (answer.ask === undefined) return answer;
    fs.writeSync(2, answer.ask);
    const line = readLine();
    if (line === undefined) given = { ...given, closed: true };
    else answers.push(line);
  }
}

// The next line of standard input, without its end; none where the input ends.
function readLine() {
  const bytes = [];
  const byte = new Uint8Array(1);
  while (readSome(0, byte) === 1) {
    bytes.push(byte[0]);
    if (byte[0] === 10) break;
  }
  return bytes.length > 0 ? Buffer.from(bytes).toString("utf8").replace(/[\r\n]+$/, "") : undefined;
}

// Reads a repository as far as a build asks for it: the folder's kustomization, what that names, what this names in turn.
function steps(plugin, request, reads) {
  for (let reading = begin(reads); ; ) {
    const { fields, blobs } = inputs(reading);
    const { header, body } = plugin.call({ op: "step", ...request, ...fields }, blobs);
    if (header.answer) return outcome(header.answer, body);
    if (header.more.above > 0) reading = climb(reading, header.more.above, reads);
    else further(reading, header.more.paths, reads);
  }
}

function begin(reads) {
  const folder = reads.tree;
  try {
    isFolder(folder);
  } catch (error) {
    return { problems: [`${folder} cannot be read: ${reason(error)}`] };
  }
  const repository = around(folder);
  if (repository) return below(repository.root, repository.at, true, reads);
  return below(fs.realpathSync(folder), "", false, reads);
}

function below(root, at, top, reads) {
  const budget = { files: reads.limits.files, bytes: reads.limits.totalBytes };
  const reading = { root, at, top, budget, tree: [], asked: [] };
  further(reading, [at], reads);
  return reading;
}

function further({ root, budget, tree, asked }, paths, { limits, stepwise: { kustomizations } }) {
  for (const path of paths) tree.push(...look(root, path, limits, budget, kustomizations));
  asked.push(...paths);
}

// Begins anew some folders higher, or as high as it goes.
function climb({ root, at }, above, reads) {
  for (let count = 0; count < above; count += 1) {
    const name = path.basename(root);
    if (name === "") return below(root, at, true, reads);
    at = at === "" ? name : `${name}/${at}`;
    root = path.dirname(root);
  }
  return below(root, at, false, reads);
}

function written({ writes, ...rest }) {
  try {
    if (writes) writeAll(writes);
    return rest;
  } catch (error) {
    return failed(error.message);
  }
}

function finish(answer) {
  const { status, stdout, stderr } = written(answer);
  // A reader that has gone away (a pager, head) is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}

const trapped = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
const DEFECT = "fluxproof itself failed; please report this with the command that you ran";

run(process.argv.slice(2)).then(finish, (error) => finish(failed(trapped(error) ? DEFECT : error.message)));
