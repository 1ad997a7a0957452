// Builds under Node: node build.mjs MODULE PACKED ROUNDS prints the bytes of the output, and milliseconds.
import { readFileSync } from "node:fs";

const [module, file, rounds] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(module), {});
const { memory, bench_alloc, bench_build } = instance.exports;
const tree = readFileSync(file);
const at = bench_alloc(tree.length);
new Uint8Array(memory.buffer, at, tree.length).set(tree);

let best = Infinity;
let bytes = 0;
for (let round = 0; round < Number(rounds); round += 1) {
  const since = performance.now();
  bytes = bench_build(at, tree.length);
  best = Math.min(best, performance.now() - since);
}
console.log(`build ${bytes} ${best.toFixed(3)}`);
