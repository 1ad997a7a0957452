#!/usr/bin/env node
// fluxproof under Node: the same command line as the native command, over the plugin module.

import fs from "node:fs";
import { inputs, load, outcome } from "./index.js";
import { reason } from "./reason.js";
import { around, paths, tree } from "./walk.js";
import { writeAll } from "./write.js";

const failed = (message) => ({ status: 3, stdout: new Uint8Array(), stderr: new TextEncoder().encode(`error: ${message}\n`) });

function read({ tree: folder, around: whole, config, target, limits }) {
  const problems = [];
  const attempt = (prefix, f) => {
    try {
      return f();
    } catch (error) {
      problems.push(`${prefix}: ${reason(error)}`);
      return undefined;
    }
  };
  const { root, at } = whole ? around(folder) : { root: folder, at: "" };
  return {
    tree: folder === undefined ? [] : attempt(`${folder} cannot be read`, () => tree(root, limits, whole)),
    at,
    config: config === undefined ? undefined : attempt(`the config ${config} cannot be read`, () => readConfig(config, limits)),
    existing: target === undefined ? [] : attempt(`${target} cannot be written to`, () => paths(target)),
    problems,
  };
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
  return /^\+?\d+$/.test(columns) && Number(columns) <= 65535 ? { color, width: Number(columns) } : { color };
}

async function run(args) {
  const module = await load(fs.readFileSync(new URL("fluxproof.wasm", import.meta.url)));
  const plugin = await module.instance();
  const request = { args, ...terminal(), core: `sha256:${module.digest}` };
  const plan = plugin.call({ op: "plan", ...request });
  if (plan.header.answer) return outcome(plan.header.answer, plan.body);
  const { fields, blobs } = inputs(read(plan.header.read));
  const { header, body } = plugin.call({ op: "run", ...request, ...fields }, blobs);
  return outcome(header, body);
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
