// @ts-check
// The site of the API: every export is documented, and it loads nothing from other sites.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { before, describe, test } from "node:test";
import * as library from "couchdb-scheduler";
import { makeSite } from "../../scripts/docs.js";
import { temporaryFolder } from "../package/tarball.js";

const GUIDES = new URL("../../docs/guides/", import.meta.url);

describe("npm run docs", () => {
  /** @type {Map<string, string>} by path in the site */
  const pages = new Map();
  /** @type {Set<string>} */
  const files = new Set();
  before(async () => {
    const site = join(await temporaryFolder(), "site");
    // It stops at the first undocumented item, with its name.
    await makeSite(site);
    for (const file of readdirSync(site, { recursive: true, encoding: "utf8" })) {
      files.add(file);
      if (file.endsWith(".html")) pages.set(file, readFileSync(join(site, file), "utf8"));
    }
  });

  test("there is a page for each class and function, and for each guide", () => {
    const names = Object.keys(library).filter((name) => name !== "REPLICATION_STATES");
    for (const name of names) {
      const folder = /^[A-Z]/.test(name) ? "classes" : "functions";
      assert.ok(pages.has(join(folder, `couchdb-scheduler.${name}.html`)), name);
    }
    assert.equal(names.length, 6);
    for (const guide of readdirSync(GUIDES)) {
      assert.ok(pages.has(join("documents", guide.replace(/\.md$/, ".html"))), guide);
    }
  });

  test("it loads nothing from other sites, and its links work", () => {
    let links = 0;
    for (const [page, html] of pages) {
      for (const [, attribute, link] of html.matchAll(/\s(src|href)="([^"]+)"/g)) {
        if (/^https?:/.test(link)) {
          assert.equal(attribute, "href", `${page} loads ${link}`);
          continue;
        }
        const [path, anchor] = link.split("#");
        const file = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
        assert.ok(files.has(file), `${page} links to ${link}`);
        const there = pages.get(file);
        if (anchor && there) assert.ok(there.includes(`id="${anchor}"`), `${page} links to ${link}`);
        links++;
      }
      assert.doesNotMatch(html, /<(?:script|link|img|iframe)[^>]+https?:/, page);
    }
    assert.ok(links > 1000, `${links} links`);
  });
});
