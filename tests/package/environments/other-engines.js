// @ts-check
// The engines of Firefox and Safari: the machine's Firefox and WebKitGTK. Their drivers do not report a page's console at once, so
// the page itself has the result.

import { spawnSync } from "node:child_process";
import { findFirefox } from "../../../scripts/lib/browser.js";
import { haveWebKit, WEBKIT_PACKAGES } from "../../../scripts/setup/webkit.js";
import { firefox } from "../../page/browsers/firefox.js";
import { webkit } from "../../page/browsers/webkit/index.js";
import { BY_PATH, WORKER_TAIL } from "./browser.js";
import { pageOf, serveFiles } from "./page.js";

const SHOW = "document.documentElement.dataset.result = JSON.stringify";
const TAIL = `result.then((value) => { ${SHOW}(value); });`;

const PAGE = '<script type="module" src="/main.js"></script>';

const WORKER_PAGE = `<script type="module">
const worker = new Worker("/worker.js", { type: "module" });
worker.onerror = ({ message }) => { ${SHOW}(message); };
worker.onmessage = ({ data }) => { ${SHOW}(data); };
</script>`;

/**
 * The result that a page of these files shows.
 *
 * @param {() => Promise<import("../../page/browsers/index.js").PageBrowser>} start
 * @param {string} folder
 * @param {string} markup
 */
async function shownIn(start, folder, markup) {
  const { url, close } = await serveFiles(folder, pageOf(markup), {});
  const browser = await start();
  try {
    const page = await (await browser.newContext()).newPage();
    /** @type {Promise<never>} */
    const failed = new Promise((_, reject) => page.on("pageerror", reject));
    await page.goto(url);
    const shown = page.locator("html[data-result]").getAttribute("data-result");
    return JSON.parse((await Promise.race([shown, failed])) ?? "");
  } finally {
    await browser.close();
    close();
  }
}

/** @param {string} command @param {string[]} args */
const versionOf = (command, ...args) =>
  /[\d.]+/.exec(spawnSync(command, args, { encoding: "utf8" }).stdout ?? "")?.[0] ?? "none";

/**
 * @param {string} name
 * @param {string} version
 * @param {typeof firefox} start
 * @param {string | undefined} missing
 * @returns {import("./fixture.js").Environment[]}
 */
const engine = (name, version, start, missing) => {
  const common = { version, ofMachine: true, ...(missing !== undefined && { missing }) };
  return [
    {
      name: `${name}, page`,
      ...common,
      run: async ({ project, program }) => shownIn(start, await project({ "main.js": program(BY_PATH, TAIL) }), PAGE),
    },
    {
      name: `${name}, Web Worker`,
      ...common,
      run: async ({ project, program }) =>
        shownIn(start, await project({ "worker.js": program(BY_PATH, WORKER_TAIL) }), WORKER_PAGE),
    },
  ];
};

/** @type {import("./fixture.js").Environment[]} */
export const otherEngines = [
  ...engine(
    "Firefox",
    versionOf(findFirefox() ?? "firefox", "--version"),
    firefox,
    findFirefox() ? undefined : "Firefox not found: install it, or set FIREFOX_PATH",
  ),
  ...engine(
    "WebKit",
    // MiniBrowser reports its version only on a display.
    versionOf("dpkg-query", `--showformat=\${Version}`, "--show", "webkit2gtk-driver"),
    webkit,
    haveWebKit() ? undefined : `WebKit not found: on Debian, apt-get install ${WEBKIT_PACKAGES.join(" ")}`,
  ),
];
