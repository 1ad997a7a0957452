#!/usr/bin/env node
// fluxproof under Node: the same command line as the native command, over the plugin module.

import fs from "node:fs";
import { inputs, load, outcome } from "./index.js";
import { tree } from "./walk.js";
import { writeAll } from "./write.js";

const error = (message) => ({ status: 3, stdout: Buffer.alloc(0), stderr: Buffer.from(`error: ${message}\n`) });

function read({ tree: root, config, target, limits }) {
  const result = { problems: [], existing: [] };
  const attempt = (what, f) => {
    try {
      f();
    } catch (reason) {
      result.problems.push(`${what} cannot be read: ${reason.code === "ENOENT" ? "No such file or directory (os error 2)" : reason.message}`);
    }
  };
  if (root !== undefined) attempt(root, () => (result.tree = tree(root, limits)));
  if (config !== undefined) attempt(`the config ${config}`, () => (result.config = fs.readFileSync(config === "-" ? 0 : config).subarray(0, limits.fileBytes)));
  if (target !== undefined && fs.existsSync(target)) result.existing = tree(target, { ...limits, files: 0 }).map(({ path }) => path);
  return result;
}

function terminal() {
  const set = (name) => process.env[name] && process.env[name] !== "0";
  const color = set("CLICOLOR_FORCE") || set("FORCE_COLOR") || (process.stdout.isTTY && !process.env.NO_COLOR);
  return { color: Boolean(color), width: Number.parseInt(process.env.COLUMNS, 10) || 100 };
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

function finish({ status, stdout, stderr, writes }) {
  if (writes) {
    try {
      writeAll(writes);
    } catch (reason) {
      return finish(error(reason.message));
    }
  }
  // A reader that has gone away (a pager, head) is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}

run(process.argv.slice(2)).then(finish, (reason) => {
  const trapped = reason instanceof WebAssembly.RuntimeError;
  finish(error(trapped ? "fluxproof itself failed; please report this with the command that you ran" : reason.message));
});
