// @ts-check
// couchdb-scheduler/element as it is packed: without a DOM, its manifest, its size, and the examples.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { haveProjects, PROJECTS } from "../../scripts/lib/projects.js";
import { createSimulator } from "../../simulator/index.js";
import { newContext } from "../page/browsers/index.js";
import { listen, PASSWORD, until } from "../page/open-page.js";
import { servePages } from "../page/pages-with-elements.js";
import { installedProject, PKG, runIn } from "./tarball.js";

const EXAMPLES = fileURLToPath(new URL("../../examples/element/", import.meta.url));

/** @typedef {{ name: string, fieldName?: string, kind?: string, attribute?: string }} Item */
/** @type {{ modules: { path: string, declarations?: { name: string, tagName: string, attributes: Item[], members: Item[], cssParts: Item[], cssProperties: Item[] }[] }[] }} */
const manifest = JSON.parse(await readFile(join(PKG, "custom-elements.json"), "utf8"));
const declarations = manifest.modules.flatMap((module) => module.declarations ?? []);
// The bundler breaks long strings.
const bundle = (await readFile(join(PKG, "element", "index.js"), "utf8")).replaceAll("\\\n", "");

/** @param {Iterable<string | undefined>} names */
const sorted = (names) => [...new Set(names)].sort();

describe("without a DOM", () => {
  /** @type {string} */
  let project;
  before(async () => {
    project = await installedProject();
  });

  test("both modules can be imported, and define nothing", async () => {
    const source = `
      import { CouchdbIncidents, CouchdbReplications } from "couchdb-scheduler/element";
      const before = Object.keys(globalThis);
      await import("couchdb-scheduler/element/define");
      console.log(CouchdbReplications.observedAttributes.includes("database"), typeof CouchdbIncidents,
        "HTMLElement" in globalThis, "document" in globalThis, "customElements" in globalThis,
        Object.keys(globalThis).length - before.length);`;
    const { stdout, stderr, code } = await runIn(project, "element.mjs", source);
    assert.deepEqual({ stdout, stderr, code }, { stdout: "true function false false false 0\n", stderr: "", code: 0 });
  });
});

describe("custom-elements.json", () => {
  test("has the attributes and the members of the classes", async () => {
    const classes = /** @type {Record<string, any>} */ (await import("couchdb-scheduler/element"));
    assert.deepEqual(sorted(declarations.map(({ name }) => name)), sorted(Object.keys(classes)));
    for (const { name, attributes, members } of declarations) {
      const element = classes[name];
      for (const attribute of attributes)
        assert.ok(element.observedAttributes.includes(attribute.name), attribute.name);
      for (const { name: member, kind } of members) {
        const known =
          kind === "method" ? typeof element.prototype[member] === "function" : element.elementProperties.has(member);
        assert.ok(known, `${name}.${member}`);
      }
      assert.equal(element.elementProperties.get("client").attribute, false, "credentials are no attribute");
    }
  });

  test("has all parts and custom properties", () => {
    const parts = Array.from(bundle.matchAll(/\spart="([\w-]+)/g), ([, part]) => part);
    const made = declarations.flatMap(({ cssParts }) => cssParts.map(({ name }) => name));
    // A row gets its part when it is filled.
    assert.deepEqual(sorted(made), sorted([...parts, "row"]));
    const used = Array.from(bundle.matchAll(/var\((--couchdb-[\w-]+)/g), ([, name]) => name);
    // Of the whole page only.
    const unused = ["--couchdb-page", "--couchdb-on-accent"];
    const named = declarations.flatMap(({ cssProperties }) => cssProperties.map(({ name }) => name));
    assert.deepEqual(sorted([...named, ...unused]), sorted(used));
  });
});

test("only the module that registers the elements has side effects", async () => {
  for (const [file, isKept] of /** @type {[string, boolean][]} */ ([
    ["element", false],
    ["element/define", true],
  ])) {
    const { outputFiles } = await build({
      stdin: { contents: `import "couchdb-scheduler/${file}";`, resolveDir: dirname(PKG) },
      bundle: true,
      format: "esm",
      write: false,
      external: ["couchdb-scheduler"],
      alias: {
        "couchdb-scheduler/element": join(PKG, "element", "index.js"),
        "couchdb-scheduler/element/define": join(PKG, "element", "define.js"),
      },
      logLevel: "silent",
    });
    assert.equal(/customElements/.test(outputFiles[0]?.text ?? ""), isKept, file);
  }
});

describe("examples", { concurrency: 1 }, () => {
  /**
   * @param {import("node:test").TestContext} t
   * @param {Record<string, string>} pages
   */
  async function open(t, pages) {
    const simulator = createSimulator({ docs: 60, admins: { admin: PASSWORD } });
    const server = await servePages(pages, simulator);
    const context = await newContext();
    const page = await context.newPage();
    const complaints = listen(page);
    t.after(async () => {
      await context.close();
      await server.close();
      assert.deepEqual(complaints, [], "the page complained");
    });
    await page.goto(server.url);
    return { page, url: `${server.url}couchdb` };
  }

  /** @param {import("playwright-core").Page} page */
  async function filters(page) {
    const shown = async () => Number(await page.getByRole("grid").getAttribute("aria-rowcount")) - 1;
    await until(async () => (await shown()) === 60, "all rows");
    const incident = page.locator("couchdb-incidents li").first().getByRole("button").first();
    const total = Number.parseInt(await incident.innerText(), 10);
    await incident.click();
    await until(async () => (await shown()) === total, "those of the incident");
    const link = page.locator("couchdb-replications [part~=link]").first();
    await link.click();
    return link.innerText();
  }

  test("plain.html", async (t) => {
    const html = await readFile(join(EXAMPLES, "plain.html"), "utf8");
    const { page, url } = await open(t, { "/": html, "/favicon.ico": "" });
    await page.getByLabel("Server").fill(url);
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Connect" }).click();
    const id = await filters(page);
    assert.match(await page.locator("output").innerText(), new RegExp(`^${id}: .+\\.`));
  });

  test("react.jsx", async (t) => {
    assert.ok(haveProjects(), "React is not installed: npm run test:package does it");
    const main = `
      import { createElement } from "react";
      import { createRoot } from "react-dom/client";
      import { Replications } from ${JSON.stringify(join(EXAMPLES, "react.jsx"))};
      const options = { url: location.origin + "/couchdb", username: "admin", password: ${JSON.stringify(PASSWORD)} };
      createRoot(document.querySelector("main")).render(createElement(Replications, options));`;
    const { outputFiles } = await build({
      stdin: { contents: main, resolveDir: PROJECTS },
      nodePaths: [join(PROJECTS, "node_modules"), fileURLToPath(new URL("../../node_modules", import.meta.url))],
      bundle: true,
      format: "esm",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"production"' },
      write: false,
      logLevel: "silent",
    });
    const html = '<!doctype html><title>React</title><main></main><script type="module" src="/main.js"></script>';
    const { page } = await open(t, { "/": html, "/main.js": outputFiles[0]?.text ?? "", "/favicon.ico": "" });
    const id = await filters(page);
    await page.getByText(`Chosen: ${id}`, { exact: true }).waitFor();
    assert.equal(await page.locator("couchdb-replications [part~=chosen] a").innerText(), id);
  });
});
