// @ts-check
// The distribution's WebKit: its MiniBrowser on a virtual display, controlled by WebDriver.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMiniBrowser, findWebKitDriver } from "../../../../scripts/lib/browser.js";

/** Without these, the toolbar of MiniBrowser prevents windows as narrow as a phone. */
const NO_TOOLBAR =
  "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; -gtk-icon-transform: scale(0); }";

/** Larger than any window of a test. The mouse pointer is in the middle. */
const SCREEN = { width: 2000, height: 2600 };

/** Milliseconds for a command: also one that waits for a test's own code in the page. */
const COMMAND_LIMIT = 120_000;

/** Milliseconds for a browser to start or to end, which takes one or two seconds. */
const START_LIMIT = 30_000;

/** A driver that starts together with others sometimes never gets an answer from its browser. */
const ATTEMPTS = 3;

/** A virtual display; returns its name and how to end it. */
export async function startDisplay() {
  const server = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", `${SCREEN.width}x${SCREEN.height}x24`, "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  const [number] = await once(/** @type {import("node:stream").Readable} */ (server.stdio[3]), "data");
  return { name: `:${String(number).trim()}`, stop: () => void server.kill() };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** @param {{ reducedMotion: boolean }} options */
function writeSettings({ reducedMotion }) {
  const folder = mkdtempSync(join(tmpdir(), "webkit-"));
  mkdirSync(join(folder, "gtk-3.0"));
  writeFileSync(join(folder, "gtk-3.0", "gtk.css"), NO_TOOLBAR);
  writeFileSync(
    join(folder, "gtk-3.0", "settings.ini"),
    `[Settings]\ngtk-enable-animations=${reducedMotion ? 0 : 1}\n`,
  );
  return folder;
}

/**
 * A browser with one empty window.
 *
 * @param {string} display
 * @param {{ dark: boolean, reducedMotion: boolean }} options
 */
export async function startSession(display, options) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToStart(display, options);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** @param {string} display @param {{ dark: boolean, reducedMotion: boolean }} options */
async function tryToStart(display, { dark, reducedMotion }) {
  const port = await freePort();
  const settings = writeSettings({ reducedMotion });
  const driver = spawn(findWebKitDriver() ?? "WebKitWebDriver", [`--port=${port}`], {
    stdio: "ignore",
    env: {
      ...process.env,
      DISPLAY: display,
      XDG_CONFIG_HOME: settings,
      GTK_THEME: dark ? "Adwaita:dark" : "Adwaita",
      // The language of the page, even if the system lacks this locale.
      LC_ALL: "en_US.UTF-8",
    },
  });
  const url = `http://127.0.0.1:${port}`;

  /** @param {string} method @param {string} path @param {object} [body] @param {number} [limit] */
  async function send(method, path, body, limit = COMMAND_LIMIT) {
    const signal = AbortSignal.timeout(limit);
    const response = await fetch(url + path, { method, signal, ...(body && { body: JSON.stringify(body) }) });
    const { value } = /** @type {{ value: any }} */ (await response.json());
    if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message} (${path})`);
    return value;
  }

  const stop = () => {
    driver.kill();
    rmSync(settings, { recursive: true, force: true });
  };
  /** @returns {Promise<string>} */
  async function start() {
    const end = Date.now() + START_LIMIT;
    while (!(await fetch(`${url}/status`).catch(() => undefined))) {
      if (Date.now() > end) throw new Error("WebKitWebDriver does not respond.");
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    const browser = { binary: findMiniBrowser(), args: ["--automation"] };
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": browser } };
    return (await send("POST", "/session", { capabilities }, START_LIMIT)).sessionId;
  }

  const sessionId = await start().catch((error) => {
    stop();
    throw error;
  });
  const session = `/session/${sessionId}`;
  // Its timer would be one of the page, whose time the tests control.
  await send("POST", `${session}/timeouts`, { script: null });
  return {
    /** @param {string} path @param {object} [body] */
    post: (path, body = {}) => send("POST", session + path, body),
    /** Without a window manager, the window below the pointer has the focus. @param {number} width @param {number} height */
    resize: (width, height) => {
      const [x, y] = [Math.floor((SCREEN.width - width) / 2), Math.floor((SCREEN.height - height) / 2)];
      return send("POST", `${session}/window/rect`, { x, y, width, height });
    },
    async close() {
      await send("DELETE", session, undefined, START_LIMIT).catch(() => {});
      stop();
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof startSession>>} Session */
