// @ts-check
// Runs each JavaScript block of the README and the guides unchanged, in its own process, and compares the output. A block without an
// import continues the first block of its page. Each block also compiles in a strict TypeScript project.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);
const WORLD = new URL("../support/documented-world.mjs", import.meta.url).href;

/** In the repository, so that blocks find the package by name. */
const FOLDER = fileURLToPath(new URL("target/documented/", ROOT));

/**
 * The output of each block, in order. Endless blocks are stopped after it.
 *
 * @type {Record<string, (RegExp | { endless: RegExp })[]>}
 */
const PRINTED = {
  "README.md": [
    /running: \d+,[\s\S]* \d+ need a look\n[\s\S]*payments-to-bank crashing \S/,
    { endless: /completed 100\n[\s\S]*invoices-again The .+ CouchDB will not retry it/ },
    /^\{\n {2}database: '_replicator',\n {2}total: 60,/,
  ],
  "docs/guides/authentication.md": [
    /^admin \[ '_admin' \]\n$/,
    /\ncookie\n$/,
    /\nhttps:\/\/my-account\.cloudant\.com \d+\.\d+/,
    /\n[1-9]\d*\n$/,
    /\n\{"url":"https:\/\/partner\.example\.net\/orders","auth":\{"basic":\{"username":"reader","password":"\*{5}"\}\}\}\n$/,
  ],
  "docs/guides/browsers-and-cors.md": [
    /^https:\/\/dashboard\.example\.com\/couch\n$/,
    /not logged in: unauthorized 401\n$/,
    /\nthe component was removed\n$/,
  ],
  "docs/guides/bundlers.md": [/^function\n$/, /^60\n$/],
  // A page: tests/package/element.test.js opens the one in examples/element.
  "docs/guides/elements.md": [],
  "docs/guides/errors-and-retries.md": [
    /^$/,
    /^not_found 404 not_found missing\n404 not_found: missing .*no-such-replication/,
    /^[1-9]\d*\nchanged my mind\n$/,
  ],
  "docs/guides/from-the-python-client.md": [
    /^$/,
    /^[\s\S]*completed\n[0-9a-f]+ \{"auth":\{"basic":\{"username":"admin","password":"\*{5}"\}\},"url":"http:\/\/127\.0\.0\.1:5984\/orders"\}\n$/,
  ],
  "docs/guides/is-it-moving.md": [
    /^$/,
    /^running, \d+ changes to go, latest progress: (null|\S+Z)\nA restart continues at: (beginning|checkpoint) Checkpoint at the source: (missing|found)\n$/,
    /^The source fails: 401 unauthorized: .+\n$/,
    /^source: refused target: not_asked\n$/,
    /done\n$/,
    /^(\d+|null) pending, \S.*\n$/,
    /^(warning|critical) \d+ findings, 0 blind spots\n/,
    /^\d+ × The .+ \(.+\)\n/,
  ],
  "docs/guides/is-the-target-complete.md": [
    /^false 100 documents, 2 refused, 0 in flight\nrefused order-\d+ 1\nrefused order-\d+ 1\n$/,
    /order-13 forbidden: the total is missing\n/,
    /\n100\n$/,
    /\n50 of 100\n100 of 100\n$/,
  ],
  "docs/guides/lists-and-paging.md": [
    /^$/,
    // The ids change with the time.
    /^5 of 61: \[(\s*('[^']*'|"[^"]*"),?){5}\s*\]\n(\S.* (\d+|undefined)\n)*$/,
    /^\S.*\n\S.*\n$/,
  ],
  "docs/guides/restarting-and-changing.md": [
    /^$/,
    /^was crashing and resumes from the checkpoint\n$/,
    /^([1-9]\d*) of \1\n$/,
    /^\[ 'worker_processes', 'connection_timeout' \] false\n$/,
    /^not_found\n$/,
    /^would_rewind a change of selector\ntrue\n$/,
  ],
  "docs/guides/watching.md": [
    /^$/,
    { endless: /^60 replications, 60 changes\n/ },
    { endless: /down: payments-to-bank The .+\n/ },
    { endless: /^connected: 60\n/ },
    { endless: /docs_per_second: [\d.]+,/ },
    { endless: /^(running|pending|crashing) on \S+\n/ },
    /^(running|completed)\n$/,
    /^seen: failed\nreplication_failed failed \S.*\n$/,
    /completed 100 \n$/,
  ],
};

/** @param {string} page */
function blocksOf(page) {
  const text = readFileSync(new URL(page, ROOT), "utf8");
  const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  return blocks.map((block) => (block.includes("import ") ? block : blocks[0] + block));
}

/**
 * Runs a module; stops it once it has printed `enough`.
 *
 * @param {string} file
 * @param {RegExp} [enough]
 * @returns {Promise<{ stdout: string, stderr: string, code: number | null }>}
 */
function run(file, enough) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", WORLD, file], { timeout: 60_000 });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      if (enough?.test(stdout)) child.kill();
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("close", (code) => resolve({ stdout, stderr, code }));
  });
}

test("every page of the documentation is tested", () => {
  const guides = readdirSync(new URL("docs/guides/", ROOT)).map((guide) => `docs/guides/${guide}`);
  assert.deepEqual(Object.keys(PRINTED).sort(), ["README.md", ...guides].sort());
});

/** The defaults of a new project of TypeScript 7, for pages and for Node. */
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  module: "nodenext",
  target: "esnext",
  lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
  types: ["node"],
};

describe("code blocks", { concurrency: 2 }, () => {
  before(() => mkdirSync(FOLDER, { recursive: true }));
  after(() => rmSync(FOLDER, { recursive: true, force: true }));

  test("all of them compile under strict, as pasted", async () => {
    const files = Object.keys(PRINTED).flatMap((page) =>
      blocksOf(page).map((block, i) => {
        const file = join(FOLDER, `${page.replaceAll("/", "-")}-${i + 1}.mts`);
        writeFileSync(file, block);
        return file;
      }),
    );
    const config = join(FOLDER, "tsconfig.json");
    writeFileSync(config, JSON.stringify({ compilerOptions: STRICT, files }));
    const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", ROOT));
    const { stdout, code } = await new Promise((resolve) => {
      execFile(process.execPath, [tsc, "-p", config], (error, stdout) => resolve({ stdout, code: error?.code ?? 0 }));
    });
    assert.deepEqual({ stdout, code }, { stdout: "", code: 0 });
  });

  for (const [page, printed] of Object.entries(PRINTED)) {
    const blocks = blocksOf(page);
    test(`${page} has the tested blocks`, () => assert.equal(blocks.length, printed.length));
    for (const [i, block] of blocks.entries()) {
      test(`${page}, block ${i + 1}`, async () => {
        const file = join(FOLDER, `${page.replaceAll("/", "-")}-${i + 1}.mjs`);
        writeFileSync(file, block);
        const expected = printed[i];
        const endless = "endless" in expected;
        const { stdout, stderr, code } = await run(file, endless ? expected.endless : undefined);
        assert.equal(stderr, "");
        assert.match(stdout, endless ? expected.endless : expected);
        assert.equal(code, endless ? null : 0);
      });
    }
  }
});
