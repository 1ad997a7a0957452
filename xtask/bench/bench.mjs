// The half under Node. `node bench.mjs MODULE read FILE ROUNDS` prints, for each reader, its name, documents, and
// milliseconds; `node bench.mjs MODULE build PACKED ROUNDS [none]` prints the bytes of the output, and milliseconds.
import { readFileSync } from "node:fs";

const [module, what, file, rounds, restriction] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(module), {});
const { memory, bench_alloc, bench_read, bench_build } = instance.exports;
const input = readFileSync(file);
const at = bench_alloc(input.length);
new Uint8Array(memory.buffer, at, input.length).set(input);

function measure(name, run) {
  let best = Infinity;
  let result = 0;
  for (let round = 0; round < Number(rounds); round += 1) {
    const since = performance.now();
    result = run();
    best = Math.min(best, performance.now() - since);
  }
  console.log(`${name} ${result} ${best.toFixed(3)}`);
}

if (what === "build") measure("build", () => bench_build(at, input.length, restriction !== "none"));
else for (const [reader, name] of ["fluxproof-yaml", "serde_yaml"].entries()) measure(name, () => bench_read(reader, at, input.length));
