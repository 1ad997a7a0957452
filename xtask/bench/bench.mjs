// The half under Node: node bench.mjs MODULE FILE ROUNDS prints, for each reader, its name, documents, and milliseconds.
import { readFileSync } from "node:fs";

const [module, file, rounds] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(module), {});
const { memory, bench_alloc, bench_read } = instance.exports;
const text = readFileSync(file);
const at = bench_alloc(text.length);
new Uint8Array(memory.buffer, at, text.length).set(text);

for (const [reader, name] of ["fluxproof-yaml", "serde_yaml"].entries()) {
  let best = Infinity;
  let documents = 0;
  for (let round = 0; round < Number(rounds); round += 1) {
    const since = performance.now();
    documents = bench_read(reader, at, text.length);
    best = Math.min(best, performance.now() - since);
  }
  console.log(`${name} ${documents} ${best.toFixed(3)}`);
}
