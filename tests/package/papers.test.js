// @ts-check
// The README, the guides and the licenses in the package: every link leads to a file that is there, too.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { packedReadme } from "../../scripts/build/papers.js";
import { run } from "../../scripts/lib/run.js";
import { findWasmEnv, toolEnv, WASM_TARGET } from "../../scripts/lib/toolchain.js";
import { PKG, pack, temporaryFolder } from "./tarball.js";

/** The text outside code blocks. @param {string} page */
const prose = (page) => page.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");

/** Links and images of a page, in any notation. @param {string} page */
const linksOf = (page) => [
  ...Array.from(prose(page).matchAll(/\]\(\s*<?([^)\s>]+)/g), ([, link = ""]) => link),
  ...Array.from(prose(page).matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm), ([, link = ""]) => link),
  ...Array.from(prose(page).matchAll(/\b(?:href|src)\s*=\s*["']([^"']+)/g), ([, link = ""]) => link),
];

/** The anchors of its headings. @param {string} page */
const anchorsOf = (page) =>
  Array.from(page.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("the papers in the package", () => {
  /** @type {string[]} */
  let files;
  /** @type {Map<string, string>} */
  const pages = new Map();
  before(async () => {
    files = (await pack(await temporaryFolder())).files;
    for (const file of files.filter((name) => name.endsWith(".md"))) {
      pages.set(file, await readFile(join(PKG, file), "utf8"));
    }
  });

  test("every relative link leads to a file and a heading in the package", () => {
    /** @type {string[]} */
    const dead = [];
    let followed = 0;
    for (const [page, text] of pages) {
      for (const link of linksOf(text).filter((target) => !/^(https?|mailto):/.test(target))) {
        const [path = "", anchor] = link.split("#");
        const file = path ? posix.normalize(posix.join(dirname(page), path)) : page;
        const found = anchor === undefined ? files.includes(file) : anchorsOf(pages.get(file) ?? "").includes(anchor);
        if (!found) dead.push(`${page}: ${link}`);
        followed += 1;
      }
    }
    assert.deepEqual(dead, []);
    assert.ok(followed >= 10, `${followed} links`);
  });

  test("the README links to every guide", () => {
    const guides = files.filter((name) => name.startsWith("docs/guides/"));
    assert.ok(guides.length > 0);
    const links = linksOf(pages.get("README.md") ?? "");
    assert.deepEqual(
      guides.filter((guide) => !links.includes(guide)),
      [],
    );
  });

  test("the README has no picture, and mentions no script that only a clone has", () => {
    const readme = pages.get("README.md") ?? "";
    assert.doesNotMatch(readme, /!\[|<img|repository only|npm start|npm run build|examples\//);
    assert.match(readme, /^# couchdb-scheduler\n/);
    assert.match(readme, /^## License$/m);
  });

  test("they add up to 23 kB, gzipped", async () => {
    const papers = files.filter((name) => name === "THIRD_PARTY_LICENSES" || name.startsWith("docs/"));
    const texts = await Promise.all(papers.map((name) => readFile(join(PKG, name), "utf8")));
    const kB = gzipSync(texts.join(""), { level: 9 }).length / 1000;
    assert.ok(kB <= 23, `${kB} kB`);
  });

  test("each crate in the wasm and each bundled npm package has its license, and no other", async () => {
    const text = await readFile(join(PKG, "THIRD_PARTY_LICENSES"), "utf8");
    // From cargo tree, because the file itself is made with cargo metadata.
    const args = ["tree", "--locked", "--offline", "--target", WASM_TARGET, "--prefix", "none", "--format", "{p}"];
    const { ok, output, stdout } = await run("cargo", [...args, "--edges", "normal,no-proc-macro"], {
      env: (await findWasmEnv()) ?? toolEnv(),
      seconds: 60,
    });
    assert.ok(ok, output);
    const crates = Array.from(
      stdout.matchAll(/^(\S+) v(\S+)(?: \(\*\))?$/gm),
      ([, name, version]) => `${name} ${version}`,
    );
    assert.ok(
      crates.includes(
        "wasm-bindgen " +
          /name = "wasm-bindgen"\nversion = "(.+)"/.exec(
            await readFile(new URL("../../Cargo.lock", import.meta.url), "utf8"),
          )?.[1],
      ),
    );
    const listed = Array.from(text.matchAll(/^(\S+ \d\S*) \([\w.-]+\)$/gm), ([, crate = ""]) => crate);
    // The only packages that www imports, and those that lit consists of.
    const names = ["@lit/reactive-element", "@tanstack/virtual-core", "lit", "lit-element", "lit-html"];
    const { packages } = JSON.parse(await readFile(new URL("../../package-lock.json", import.meta.url), "utf8"));
    const bundled = names.map((name) => `${name} ${packages[`node_modules/${name}`].version}`);
    assert.deepEqual(Array.from(new Set(listed)).sort(), Array.from(new Set([...crates, ...bundled])).sort());
    assert.match(text, /^The Rust standard library \(MIT\)$/m);
  });

  test("each license is followed by its text", async () => {
    const text = await readFile(join(PKG, "THIRD_PARTY_LICENSES"), "utf8");
    const [, ...parts] = text.split(/^-{80}$/m);
    assert.ok(parts.length >= 2 && parts.length % 2 === 0);
    for (let i = 0; i < parts.length; i += 2) {
      const body = parts[i + 1] ?? "";
      assert.match(body, /Copyright/i, parts[i]);
      assert.match(body, /WITHOUT WARRANTY|WITHOUT WARRANTIES|WARRANTIES[^.]* ARE\s+DISCLAIMED/, parts[i]);
    }
  });
});

describe("the README's repository part", () => {
  test("is cut, and the rest closes up", () => {
    const text = "# a\n\n<!-- repository only -->\n\nb\n\n<!-- end of repository only -->\n\nc\n";
    assert.equal(packedReadme(text), "# a\n\nc\n");
    assert.equal(packedReadme("# a\n\nc\n"), "# a\n\nc\n");
  });

  test("must be closed, once, and not nested", () => {
    const [begin, end] = ["<!-- repository only -->", "<!-- end of repository only -->"];
    for (const text of [begin, end, `${begin}${begin}${end}`, `${begin}${end}${end}`, `${end}${begin}`]) {
      assert.throws(() => packedReadme(`a ${text} b`), /README\.md: /, text);
    }
  });
});
