// @ts-check
// All checks and tests in the order in which they run: quick ones and frequent failures first.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  findChromedriver,
  findFirefox,
  findGeckodriver,
  findWebKitDriver,
  writeWebdriverConfig,
} from "../lib/browser.js";
import { fromRoot, ROOT } from "../lib/paths.js";
import { ask } from "../lib/run.js";
import { findWasmEnv, toolEnv, WASM_TARGET } from "../lib/toolchain.js";
import { isExecutable } from "../lib/which.js";
import { haveFirefox } from "../setup/firefox.js";
import { haveWebKit, WEBKIT_PACKAGES } from "../setup/webkit.js";
import { FOR_BUILD } from "../setup.js";
import { cargoCounts, nodeCounts } from "./counts.js";

export const GROUPS = /** @type {const} */ (["lint", "rust", "node", "chrome", "firefox", "js", "package", "engines"]);

/**
 * @typedef {typeof GROUPS[number]} Group
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {Group} group
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {number} seconds time limit
 * @property {boolean} [needsPackage] only after a successful build
 * @property {string} [missing] why it is skipped on this machine
 * @property {RegExp} [shows] the lines of its output that are always shown
 * @property {(output: string) => import("./counts.js").Counts} [count] without it, the step is one check
 */

/** What every group of tests needs besides Rust's components. @type {Record<Group, import("../setup.js").Lane[]>} */
const NEEDS = {
  lint: [],
  rust: [],
  node: [],
  chrome: ["browser"],
  firefox: ["firefox", "firefoxDriver"],
  js: ["browser", "docsTools", "prometheus"],
  package: ["browser", "webkit", "projects"],
  engines: ["firefox", "webkit"],
};

/**
 * Groups that run only when they are named. In WebKit, whose driver is slow, the tests of the page take several times as long as in
 * Chromium.
 *
 * @type {readonly Group[]}
 */
export const ON_REQUEST = ["engines"];

/**
 * What to set up for these groups.
 *
 * @param {readonly Group[]} groups
 * @returns {import("../setup.js").Lane[]}
 */
export const needsOf = (groups) => [...FOR_BUILD, "rustComponents", ...groups.flatMap((group) => NEEDS[group])];

/** Tests of the packed package: they have more requirements, see tests/package/projects. */
const PACKAGE = join("tests", "package");

/** Tests of the page, whose code runs only in browsers. */
const PAGE = join("tests", "page");

/** @returns {string[]} */
function testFiles() {
  return readdirSync(fromRoot("tests"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js") && !file.includes("node_modules"))
    .map((file) => join("tests", file))
    .sort();
}

/** Tests whose code runs in Node: those with measured coverage. */
export const filesInNode = () => testFiles().filter((file) => !file.startsWith(PACKAGE) && !file.startsWith(PAGE));

/**
 * Clippy also checks the code for wasm, if the toolchain that compiles for wasm has clippy.
 *
 * @param {NodeJS.ProcessEnv} env
 */
async function haveWasmClippy(env) {
  const sysroot = await ask("rustc", ["--print", "sysroot"], { env });
  return sysroot !== undefined && isExecutable(join(sysroot, "bin", "clippy-driver"));
}

const noWebKit = () =>
  haveWebKit() ? undefined : `WebKit not found: on Debian, apt-get install ${WEBKIT_PACKAGES.join(" ")}`;

/**
 * The tests of the page in a browser.
 *
 * @param {string} browser
 * @param {NodeJS.ProcessEnv} env
 * @returns {Step}
 */
function pageStep(browser, env) {
  /** @type {string | undefined} */
  let missing;
  if (browser === "Firefox" && !findFirefox()) missing = "Firefox not found: `npm test -- engines` installs it";
  if (browser === "WebKit") missing = noWebKit();
  const files = testFiles().filter((file) => file.startsWith(PAGE));
  return {
    name: `page in ${browser}`,
    group: browser === "Chromium" ? "js" : "engines",
    command: process.execPath,
    // Two files at once: much of the time, each waits for its browser.
    args: ["--test", "--test-reporter=spec", "--test-concurrency=2", ...files],
    env: { ...env, PAGE_BROWSER: browser.toLowerCase() },
    seconds: 2700,
    needsPackage: true,
    ...(missing !== undefined && { missing }),
    count: nodeCounts,
  };
}

/**
 * @param {readonly Group[]} groups
 * @param {NodeJS.ProcessEnv} couchdb the variables that name a real server, for the JavaScript tests only
 * @returns {Promise<Step[]>}
 */
export async function stepsOf(groups, couchdb) {
  const env = toolEnv();
  const wasmEnv = (await findWasmEnv()) ?? env;
  const wasmClippy = groups.includes("lint") && (await haveWasmClippy(wasmEnv));
  const clippy = ["clippy", "--quiet", "--all-targets"];
  const deny = ["--", "-D", "warnings"];
  const driver = findChromedriver();
  const geckodriver = findGeckodriver(env.PATH) ?? "geckodriver";
  const webKitDriver = findWebKitDriver() ?? "WebKitWebDriver";
  const withoutWebKit = noWebKit();
  const files = testFiles();
  const reporter = ["--test", "--test-reporter=spec"];

  /** @type {Step[]} */
  const steps = [
    { name: "biome", group: "lint", command: "biome", args: ["check"], env, seconds: 120 },
    { name: "types", group: "lint", command: "tsc", args: ["-p", ROOT], env, seconds: 300, needsPackage: true },
    { name: "rustfmt", group: "lint", command: "cargo", args: ["fmt", "--all", "--check"], env, seconds: 60 },
    { name: "clippy", group: "lint", command: "cargo", args: [...clippy, ...deny], env, seconds: 900 },
    // Following clippy, which downloads the crates that are missing.
    {
      name: "licenses",
      group: "lint",
      command: process.execPath,
      args: [join("scripts", "licenses.js")],
      env,
      seconds: 120,
    },
    {
      name: "cargo test",
      group: "rust",
      command: "cargo",
      args: ["test"],
      env,
      seconds: 1200,
      count: cargoCounts,
    },
    {
      name: "wasm in Node",
      group: "node",
      command: "wasm-pack",
      args: ["test", "--mode", "no-install", "--node"],
      // As an ES module: the crate imports JavaScript modules, which Node before 20.19 cannot require().
      env: { ...wasmEnv, WASM_BINDGEN_USE_NODE_EXPERIMENTAL: "1" },
      seconds: 1200,
      count: cargoCounts,
    },
    {
      name: "wasm in Chromium",
      group: "chrome",
      command: "wasm-pack",
      // Without a driver, wasm-pack downloads one that matches the browser.
      args: ["test", "--headless", "--chrome", ...(driver ? ["--mode", "no-install", "--chromedriver", driver] : [])],
      // The same tests as in Node; the tests do not say where they run.
      env: {
        ...wasmEnv,
        WASM_BINDGEN_USE_BROWSER: "1",
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: writeWebdriverConfig("chrome"),
      },
      seconds: 1200,
      count: cargoCounts,
    },
    {
      name: "wasm in Firefox",
      group: "firefox",
      command: "wasm-pack",
      args: ["test", "--headless", "--firefox", "--mode", "no-install", "--geckodriver", geckodriver],
      env: {
        ...wasmEnv,
        WASM_BINDGEN_USE_BROWSER: "1",
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: writeWebdriverConfig("firefox"),
      },
      seconds: 1200,
      ...(haveFirefox() ? {} : { missing: "Firefox or geckodriver not found: `npm test -- firefox` installs them" }),
      count: cargoCounts,
    },
    {
      name: "wasm in WebKit",
      group: "engines",
      // On a virtual display. WebKitGTK's driver has the options of Safari's.
      command: "xvfb-run",
      args: [
        ...["--auto-servernum", "wasm-pack", "test", "--headless"],
        ...["--safari", "--mode", "no-install", "--safaridriver", webKitDriver],
      ],
      env: { ...wasmEnv, WASM_BINDGEN_USE_BROWSER: "1" },
      seconds: 1200,
      ...(withoutWebKit !== undefined && { missing: withoutWebKit }),
      count: cargoCounts,
    },
    {
      name: "JavaScript",
      group: "js",
      command: process.execPath,
      args: [...reporter, ...filesInNode()],
      env: { ...env, ...couchdb },
      seconds: 1800,
      needsPackage: true,
      count: nodeCounts,
    },
    ...["Chromium", "Firefox", "WebKit"].map((browser) => pageStep(browser, env)),
    {
      name: "package",
      group: "package",
      command: process.execPath,
      args: [...reporter, ...files.filter((file) => file.startsWith(PACKAGE))],
      env,
      seconds: 1200,
      needsPackage: true,
      shows: /^\|.*$/gm,
      count: nodeCounts,
    },
  ];
  if (wasmClippy) {
    const at = steps.findIndex(({ name }) => name === "clippy") + 1;
    const args = [...clippy, "--target", WASM_TARGET, ...deny];
    steps.splice(at, 0, { name: "clippy for wasm", group: "lint", command: "cargo", args, env: wasmEnv, seconds: 900 });
  }
  return steps.filter(({ group }) => groups.includes(group));
}
