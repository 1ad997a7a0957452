// The plugin module's host in the browser. It loads the very file that CI runs, reads what the
// plugin asks for, and answers one request at a time. It knows nothing of Flux.

import { inputs, load, outcome } from "./index.js"; // wasm-plugin/js: the frames, the same as under Node

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const READ =
  /(\.(ya?ml|json|env|properties|txt|sops|toml|ini|conf|cfg|sh|tf|j2|tpl|tmpl|tftpl|just|gotmpl)|^(Kustomization|justfile|Makefile|README\.md)|^\.(sourceignore|gitignore))$/;
const SKIPPED = new Set([".git", "node_modules"]);

let module; // compiled once, so that a trap costs a new instance and no request
let plugin;
let tree = []; // the repository that was opened last
let crds = []; // the files with the CRDs that were given last
let certificates = []; // of the clusters of the last large answer
let left = 0; // what may still be read of it, in bytes
const latest = new Map(); // lane -> the newest request of it

const started = (async () => {
  const response = await fetch(new URL("fluxproof.wasm", import.meta.url));
  if (!response.ok) throw new Error(`fluxproof.wasm: ${response.status}`);
  module = await load(await response.arrayBuffer());
  plugin = await module.instance();
  return { digest: module.digest, size: module.size };
})();
started.then((module) => postMessage({ module }), (error) => postMessage({ module: { failed: String(error) } }));

const name = (path) => path.slice(path.lastIndexOf("/") + 1);
const inFolder = (path) => path.split("/").slice(0, -1);

// The same walk as every other host's: folders left out, what is read, and the limits.
async function read(files, limits, progress) {
  const wanted = files.filter(({ path }) => !inFolder(path).some((folder) => SKIPPED.has(folder)));
  wanted.sort((a, b) => (a.path < b.path ? -1 : 1));
  const budget = { files: limits.files, bytes: limits.totalBytes };
  const entries = wanted.map((entry) => admit(entry, limits, budget));
  for (let at = 0; at < entries.length; at += 64) {
    await Promise.all(entries.slice(at, at + 64).map(fill));
    progress(Math.min(at + 64, entries.length), entries.length);
  }
  left = budget.bytes;
  return entries;
}

// A build may name any file: those that no check reads are read when the first build is asked for.
async function readAll(limits) {
  for (const entry of tree) {
    const file = entry.later;
    delete entry.later;
    if (!file) continue;
    if (file.size > limits.fileBytes) entry.tooLarge = file.size;
    else if (file.size > left) entry.unread = `over the limit of ${limits.totalBytes} bytes in all`;
    else {
      left -= file.size;
      entry.file = file;
      await fill(entry);
    }
  }
}

function admit({ path, file }, limits, budget) {
  if (!READ.test(name(path))) return { path, later: file };
  if (file.size > limits.fileBytes) return { path, tooLarge: file.size };
  if (budget.files < 1) return { path, unread: `over the limit of ${limits.files} files` };
  if (budget.bytes < file.size) return { path, unread: `over the limit of ${limits.totalBytes} bytes in all` };
  budget.files -= 1;
  budget.bytes -= file.size;
  return { path, file };
}

async function fill(entry) {
  if (!entry.file) return;
  try {
    entry.bytes = new Uint8Array(await entry.file.arrayBuffer());
  } catch (error) {
    entry.unread = String(error.message || error);
  }
  delete entry.file;
}

async function run({ args, at, config, files, texts }, progress) {
  const request = { args, color: false, width: 100, core: module.digest && `sha256:${module.digest}` };
  const { header: plan, body } = plugin.call({ op: "plan", ...request });
  if (plan.answer) return outcome(plan.answer, body);
  if (files) tree = await read(files, plan.read.limits, progress);
  const given = {};
  if (plan.read.around && !texts) await readAll(plan.read.limits);
  if (plan.read.tree !== undefined) given.tree = texts ? texts.map(([path, text]) => ({ path, bytes: encoder.encode(text) })) : tree;
  if (at) given.at = at;
  if (plan.read.config !== undefined && plan.read.beside?.length) given.beside = [{ tree: crds }];
  if (plan.read.config !== undefined) given.config = encoder.encode(config ?? "");
  const { fields, blobs } = inputs(given);
  const answer = plugin.call({ op: "run", ...request, ...fields }, blobs);
  return outcome(answer.header, answer.body);
}

// The paths of the repository, one a line.
const list = () => ({ status: 0, stdout: encoder.encode(tree.map(({ path }) => path).join("\n")), stderr: new Uint8Array() });

// A large answer travels without the certificates of further clusters that hold; the page asks for those it shows.
function light(bytes) {
  const text = decoder.decode(bytes);
  if (bytes.length < 4e6) return text;
  const answer = JSON.parse(text);
  const clusters = answer.report?.clusters ?? [];
  certificates = clusters.map(({ certificate }) => certificate);
  for (const cluster of clusters.slice(1)) if (cluster.proof.broken === 0) delete cluster.certificate;
  return JSON.stringify(answer);
}

const certificate = (at) => ({ status: 0, stdout: encoder.encode(JSON.stringify(certificates[at] ?? [])), stderr: new Uint8Array() });

// Keeps the files with the CRDs, and gives their names.
async function keep(files) {
  crds = files.map(({ path, file }) => ({ path: name(path), file }));
  await Promise.all(crds.map(fill));
  return { status: 0, stdout: encoder.encode(crds.map(({ path }) => path).join("\n")), stderr: new Uint8Array() };
}

function text(path) {
  const entry = tree.find((one) => one.path === path);
  return { status: entry?.bytes ? 0 : 3, stdout: entry?.bytes?.slice() ?? new Uint8Array(), stderr: new Uint8Array() };
}

function answered(request, progress) {
  if (request.crds) return keep(request.files);
  if (request.list) return list();
  if (request.certificate !== undefined) return certificate(request.certificate);
  return request.text === undefined ? run(request, progress) : text(request.text);
}

async function serve(request) {
  const { id, lane, binary } = request;
  try {
    await started;
    const since = performance.now();
    const progress = (done, total) => postMessage({ id, progress: { done, total } });
    const answer = await answered(request, progress);
    const { status, stdout, stderr: said } = answer;
    const stderr = decoder.decode(said);
    const ms = performance.now() - since;
    if (binary) postMessage({ id, status, stderr, ms, bytes: stdout }, [stdout.buffer]);
    else postMessage({ id, status, stderr, ms, stdout: lane === "generate" ? light(stdout) : decoder.decode(stdout) });
  } catch (error) {
    if (module) plugin = await module.instance();
    postMessage({ id, trap: `${lane}: ${error.name}: ${error.message}` });
  }
}

// Requests are served in order; one that a newer one of its lane has overtaken is not run at all.
let queue = Promise.resolve();
onmessage = ({ data }) => {
  latest.set(data.lane, data.id);
  queue = queue.then(() => new Promise((next) => setTimeout(next))).then(() =>
    latest.get(data.lane) === data.id ? serve(data) : postMessage({ id: data.id, stale: true }));
};
