// What the page needs of the browser and Rust would say at greater length: the worker, dropped
// folders, downloads and the clipboard.

const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let last = 0;
let started;

// Resolves to the plugin's { digest, size }, or to { failed }.
export const module = new Promise((resolve) => (started = resolve));

worker.onerror = (event) => started({ failed: event.message || "the worker did not start" });
worker.onmessage = ({ data }) => {
  if (data.module) return started(data.module);
  const { resolve, progress } = waiting.get(data.id);
  if (data.progress) return progress?.(data.progress.done, data.progress.total);
  waiting.delete(data.id);
  resolve(data);
};

export const plugin = () => module;

export const ask = (request, files, progress) =>
  new Promise((resolve) => {
    last += 1;
    waiting.set(last, { resolve, progress });
    worker.postMessage({ ...JSON.parse(request), id: last, files });
  });

// A folder from a picker or a drop, as [{ path, file }] with paths below that folder.
export const picked = (input) => below([...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));

// A folder made of [path, text] pairs: the example of a rule.
export const made = (name, files) => {
  const all = JSON.parse(files).map(([path, text]) => ({ path, file: new File([text], path) }));
  return { name, count: all.length, files: all };
};

export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [];
  while (entries.length > 0) {
    const entry = entries.pop();
    if (entry.isFile) files.push({ path: entry.fullPath.slice(1), file: await new Promise((done, fail) => entry.file(done, fail)) });
    else if (entry.name !== ".git" && entry.name !== "node_modules") entries.push(...(await children(entry)));
  }
  return below(files);
}

async function children(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail)); // a hundred at most
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function below(files) {
  const root = files[0]?.path.split("/")[0];
  const one = files.length > 0 && files.every(({ path }) => path.startsWith(`${root}/`));
  const rest = one ? files.map(({ path, file }) => ({ path: path.slice(root.length + 1), file })) : files;
  return { name: one ? root : "", count: rest.length, files: rest };
}

export function save(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const copy = (text) => navigator.clipboard.writeText(text);

// The short verdict at the foot shows only while the full one is out of sight.
export function watch(target, bar) {
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) bar.classList.toggle("seen", entry.isIntersecting);
  }, { threshold: 0.9 });
  observer.observe(target);
}
