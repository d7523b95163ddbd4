// @ts-check
// Chromium 108, from npm: before 115, the main thread of a page compiles at most 4 kB of WebAssembly synchronously. So there the
// default entry works in a worker, and in a page it is `./slim`.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { chromium } from "playwright-core";
import { CHROME_ARGS } from "../../../scripts/lib/browser.js";
import { installed } from "../../../scripts/lib/projects.js";
import { BY_PATH, SLIM, WORKER_PAGE, WORKER_TAIL } from "./browser.js";
import { inPage, pageOf } from "./page.js";

const { version } = JSON.parse(readFileSync(installed("chromium-108", "package.json"), "utf8"));
const isHere = process.platform === "linux" && process.arch === "x64";
const missing = isHere ? {} : { missing: "npm has it for Linux on x64 only" };

/** @type {string | undefined} */
let unpacked;

/** The program, which npm has compressed. */
function unpack() {
  const folder = mkdtempSync(join(tmpdir(), "chromium-108-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "chromium");
  writeFileSync(file, brotliDecompressSync(readFileSync(installed("chromium-108", "bin", "chromium.br"))), {
    mode: 0o755,
  });
  return file;
}

/** This build runs in one process, which ends with its first window: each program has a browser of its own. */
async function newContext() {
  unpacked ??= unpack();
  const args = [...CHROME_ARGS, "--single-process", "--no-zygote", "--no-sandbox"];
  const browser = await chromium.launch({ executablePath: unpacked, args });
  const context = await browser.newContext();
  context.on("close", () => void browser.close());
  return context;
}

/** @type {import("./fixture.js").Environment[]} */
export const oldChromium = [
  {
    name: "Chromium 108, ./slim with a streamed .wasm",
    version,
    ...missing,
    run: async ({ project, program }) =>
      inPage(
        await project({ "main.js": program(SLIM) }),
        pageOf('<script type="module" src="/main.js"></script>'),
        {},
        newContext,
      ),
  },
  {
    name: "Chromium 108, Web Worker",
    version,
    ...missing,
    run: async ({ project, program }) =>
      inPage(await project({ "worker.js": program(BY_PATH, WORKER_TAIL) }), pageOf(WORKER_PAGE), {}, newContext),
  },
];
