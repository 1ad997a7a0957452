// Starts the page. An external file, because the Content-Security-Policy allows no inline script.
import init from "./fluxproof-web.js";

const say = (id) => document.getElementById(id)?.removeAttribute("hidden");

if (typeof WebAssembly !== "object") say("no-wasm");
else init({ module_or_path: new URL("fluxproof-web_bg.wasm", import.meta.url) }).catch((error) => {
  console.error(error);
  say("no-start");
});
