// The plugin module's host in the browser. It loads the very file that CI runs, reads what the
// plugin asks for, and answers one request at a time. It knows nothing of Flux.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const READ = /(\.(ya?ml|json|env|properties|txt|sops)|^Kustomization|^\.(sourceignore|gitignore))$/;
const SKIPPED = new Set([".git", "node_modules"]);

let compiled; // the module, kept so that a trap costs a new instance and no request
let plugin;
let digest;
let tree = []; // the repository that was opened last
const latest = new Map(); // lane -> the newest request of it

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const started = (async () => {
  const response = await fetch(new URL("fluxproof.wasm", import.meta.url));
  if (!response.ok) throw new Error(`fluxproof.wasm: ${response.status}`);
  const bytes = await response.arrayBuffer();
  // crypto.subtle exists on https and on localhost only; elsewhere the page says that it cannot tell.
  if (self.crypto?.subtle) digest = hex(await crypto.subtle.digest("SHA-256", bytes));
  compiled = await WebAssembly.compile(bytes);
  await restart();
  return { digest, size: bytes.byteLength };
})();
started.then((module) => postMessage({ module }), (error) => postMessage({ module: { failed: String(error) } }));

async function restart() {
  plugin = (await WebAssembly.instantiate(compiled, {})).exports;
}

// One frame: header length, header, blobs in the order the header names them.
function call(header, blobs = []) {
  const head = encoder.encode(JSON.stringify(header));
  const length = 4 + head.length + blobs.reduce((sum, blob) => sum + blob.length, 0);
  const at = plugin.fluxproof_alloc(length);
  const memory = new Uint8Array(plugin.memory.buffer, at, length);
  new DataView(plugin.memory.buffer).setUint32(at, head.length, true);
  let next = 4;
  for (const part of [head, ...blobs]) {
    memory.set(part, next);
    next += part.length;
  }
  return answer(plugin.fluxproof_call(at, length));
}

function answer(packed) {
  const at = Number(BigInt.asUintN(64, packed) >> 32n);
  const length = Number(BigInt.asUintN(32, packed));
  const bytes = new Uint8Array(plugin.memory.buffer, at, length).slice();
  plugin.fluxproof_free(at, length);
  const head = 4 + new DataView(bytes.buffer).getUint32(0, true);
  return { header: JSON.parse(decoder.decode(bytes.subarray(4, head))), body: bytes.subarray(head) };
}

const name = (path) => path.slice(path.lastIndexOf("/") + 1);
const inFolder = (path) => path.split("/").slice(0, -1);

// The same walk as every other host's: folders left out, what is read, and the limits.
async function read(files, limits, progress) {
  const wanted = files.filter(({ path }) => !inFolder(path).some((folder) => SKIPPED.has(folder)));
  wanted.sort((a, b) => (a.path < b.path ? -1 : 1));
  const budget = { files: limits.files, bytes: limits.totalBytes };
  const entries = wanted.map((entry) => admit(entry, limits, budget));
  for (let at = 0; at < entries.length; at += 64) {
    await Promise.all(entries.slice(at, at + 64).map(load));
    progress(Math.min(at + 64, entries.length), entries.length);
  }
  return entries;
}

function admit({ path, file }, limits, budget) {
  if (!READ.test(name(path))) return { path };
  if (file.size > limits.fileBytes) return { path, tooLarge: file.size };
  if (budget.files < 1) return { path, unread: `over the limit of ${limits.files} files` };
  if (budget.bytes < file.size) return { path, unread: `over the limit of ${limits.totalBytes} bytes in all` };
  budget.files -= 1;
  budget.bytes -= file.size;
  return { path, file };
}

async function load(entry) {
  if (!entry.file) return;
  try {
    entry.bytes = new Uint8Array(await entry.file.arrayBuffer());
  } catch (error) {
    entry.unread = String(error.message || error);
  }
  delete entry.file;
}

const named = ({ path, bytes, tooLarge, unread }) => ({ path, size: bytes?.length, tooLarge, unread });

async function run({ args, config, files }, progress) {
  const request = { args, color: false, width: 100, core: digest && `sha256:${digest}` };
  const { header: plan, body } = call({ op: "plan", ...request });
  if (plan.answer) return finish({ header: plan.answer, body });
  if (files) tree = await read(files, plan.read.limits, progress);
  const blobs = [];
  const inputs = {};
  if (plan.read.tree !== undefined) {
    inputs.tree = tree.map(named);
    for (const entry of tree) if (entry.bytes) blobs.push(entry.bytes);
  }
  if (plan.read.config !== undefined) {
    blobs.push(encoder.encode(config ?? ""));
    inputs.config = blobs.at(-1).length;
  }
  return finish(call({ op: "run", ...request, ...inputs }, blobs));
}

const finish = ({ header, body }) => ({
  status: header.status,
  stdout: body.slice(0, header.stdout),
  stderr: decoder.decode(body.subarray(header.stdout, header.stdout + header.stderr)),
});

function text(path) {
  const entry = tree.find((one) => one.path === path);
  return { status: entry?.bytes ? 0 : 3, stdout: entry?.bytes?.slice() ?? new Uint8Array(), stderr: "" };
}

async function serve(request) {
  const { id, lane, binary } = request;
  try {
    await started;
    const since = performance.now();
    const progress = (done, total) => postMessage({ id, progress: { done, total } });
    const { status, stdout, stderr } = request.text === undefined ? await run(request, progress) : text(request.text);
    const ms = performance.now() - since;
    if (binary) postMessage({ id, status, stderr, ms, bytes: stdout }, [stdout.buffer]);
    else postMessage({ id, status, stderr, ms, stdout: decoder.decode(stdout) });
  } catch (error) {
    if (compiled) await restart();
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
