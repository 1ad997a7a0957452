// The plugin module and its frames. No dependency, no Node API: the same file serves Node and the browser's worker.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The SHA-256 of bytes in hexadecimal, or undefined where the platform has none (a page that is neither https nor localhost). */
export async function digest(bytes) {
  if (!globalThis.crypto?.subtle) return undefined;
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Compiles the module's bytes. `instance()` gives a fresh one: after a trap the old one is not to be used again. */
export async function load(bytes) {
  const module = await WebAssembly.compile(bytes);
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) throw new Error("the plugin module has imports; this is not fluxproof's");
  return { digest: await digest(bytes), size: bytes.byteLength, instance: async () => new Plugin(await WebAssembly.instantiate(module, {})) };
}

class Plugin {
  constructor(instance) {
    this.exports = instance.exports;
  }

  /** Sends a header and blobs, and returns the answer's header and the bytes behind it. */
  call(header, blobs = []) {
    const head = encoder.encode(JSON.stringify(header));
    const length = 4 + head.length + blobs.reduce((sum, blob) => sum + blob.length, 0);
    const at = this.exports.fluxproof_alloc(length) >>> 0;
    const memory = new Uint8Array(this.exports.memory.buffer, at, length);
    new DataView(this.exports.memory.buffer).setUint32(at, head.length, true);
    let next = 4;
    for (const part of [head, ...blobs]) {
      memory.set(part, next);
      next += part.length;
    }
    return this.answer(BigInt.asUintN(64, this.exports.fluxproof_call(at, length)));
  }

  answer(packed) {
    const at = Number(packed >> 32n);
    const length = Number(packed & 0xffffffffn);
    const bytes = new Uint8Array(this.exports.memory.buffer, at, length).slice();
    this.exports.fluxproof_free(at, length);
    const head = 4 + new DataView(bytes.buffer).getUint32(0, true);
    return { header: JSON.parse(decoder.decode(bytes.subarray(4, head))), body: bytes.subarray(head) };
  }
}

/** Takes an answer's bytes apart: standard output, standard error, files to write. */
export function outcome(header, body) {
  let at = 0;
  const take = (size) => body.slice(at, (at += size));
  const [stdout, stderr] = [take(header.stdout), take(header.stderr)];
  const files = header.writes?.files.map(({ path, size }) => ({ path, bytes: take(size) }));
  return { status: header.status, stdout, stderr, ask: header.ask, writes: header.writes && { ...header.writes, files } };
}

/** The blobs and the header's fields for what a host has read. */
export function inputs({ tree = [], at = "", asked = [], top = false, beside = [], config, existing = [], answers = [], closed = false, problems = [] }) {
  const named = (files) => files.map(({ path, bytes, tooLarge, unread }) => ({ path, size: bytes?.length, tooLarge, unread }));
  const all = [tree, ...beside.map(({ tree = [] }) => tree)].flat();
  const blobs = all.filter(({ bytes }) => bytes).map(({ bytes }) => bytes);
  if (config) blobs.push(config);
  const folders = beside.map(({ tree = [], unread }) => ({ tree: named(tree), unread }));
  const fields = { tree: named(tree), at, asked, top, beside: folders, config: config?.length, existing, answers, closed, problems };
  return { fields, blobs };
}
