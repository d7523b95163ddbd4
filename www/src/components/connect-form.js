// @ts-check
// The form for the server and the credentials.

import { html, nothing } from "lit";
import { recall } from "../connection/remembered.js";
import { withoutUserInfo } from "../model/user-info.js";
import { fire } from "./fire.js";
import { LightElement } from "./light-element.js";
import { troubleBox } from "./trouble-box.js";

/**
 * @typedef {import("../connection/connection.js").Login & { isRemembered: boolean }} LoginRequest
 */

/**
 * @fires {CustomEvent<LoginRequest>} login
 * @fires try-out
 * @fires back
 */
class ConnectForm extends LightElement {
  /** @override */
  static properties = {
    isOpen: { attribute: false },
    isBusy: { attribute: false },
    trouble: { attribute: false },
    wantsPassword: { attribute: false },
    suggestedUrl: { attribute: false },
    canGoBack: { attribute: false },
    isSession: { state: true },
  };

  constructor() {
    super();
    this.isOpen = false;
    /** Waiting for the server; the button keeps the focus. */
    this.isBusy = false;
    /** Why the last attempt failed. @type {import("../connection/trouble.js").Trouble | null} */
    this.trouble = null;
    /** Whether another password could help. */
    this.wantsPassword = false;
    /** Used if no server is remembered. @type {string | null} */
    this.suggestedUrl = null;
    /** Whether there are other servers to return to. */
    this.canGoBack = false;
    const known = recall();
    this.known = known;
    this.isSession = known?.how === "session";
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #field(name) {
    return this.find(`#${name}`);
  }

  focusFirst() {
    this.#field("url").focus();
  }

  /** For a server that may be known. @param {{ url: string, how: string, username: string }} login */
  async fill({ url, how, username }) {
    this.isSession = how === "session";
    await this.updateComplete;
    this.#field("url").value = url;
    this.#field("username").value = username;
    this.#field("password").value = "";
    this.#field(url === "" ? "url" : username === "" ? "username" : "password").focus();
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    const url = this.#field("url");
    if (url.value === "" && changed.has("suggestedUrl")) url.value = this.suggestedUrl ?? "";
    const isRefused = changed.has("trouble") && this.trouble !== null && this.wantsPassword;
    if (!this.isOpen || isRefused) this.#field("password").value = "";
    if (isRefused) this.#field(this.#field("username").value === "" ? "username" : "password").focus();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.#takeUserInfo();
    const username = this.isSession ? "" : this.#field("username").value;
    fire(
      this,
      "login",
      /** @type {LoginRequest} */ ({
        url: this.#field("url").value,
        how: this.isSession ? "session" : username === "" ? "none" : "password",
        username,
        password: this.#field("password").value,
        isRemembered: this.#field("remember").checked,
      }),
    );
  }

  #takeUserInfo() {
    const { url, username, password } = withoutUserInfo(this.#field("url").value);
    if (username === "" && password === "") return;
    if (username !== "") this.#field("username").value = username;
    this.#field("password").value = password;
    this.#field("url").value = url;
  }

  /** @override */
  render() {
    const choose = (/** @type {boolean} */ isSession) => () => {
      this.isSession = isSession;
    };
    return html`<section class="connect box" id="connect" aria-labelledby="connect-title" ?hidden=${!this.isOpen}>
      ${
        this.canGoBack
          ? html`<p><button type="button" class="link" @click=${() => fire(this, "back")}>All servers</button></p>`
          : nothing
      }
      <h2 id="connect-title">Connect to a CouchDB server</h2>
      ${troubleBox(this.trouble, "connect-trouble")}
      <form id="connect-form" @submit=${this.#submit}>
        <label for="url">Server</label>
        <input id="url" name="url" type="url" required autocomplete="url" spellcheck="false"
          placeholder="https://couch.example.com:6984" value=${this.known?.url ?? ""}>
        <fieldset class="choice flow">
          <legend>Credentials</legend>
          <label><input type="radio" name="how" .checked=${!this.isSession} @change=${choose(false)}> Name and
            password</label>
          <label><input type="radio" name="how" .checked=${this.isSession} @change=${choose(true)}> This browser's
            session</label>
        </fieldset>
        <div class="credentials" ?hidden=${this.isSession}>
          <label for="username">Name of a server admin</label>
          <input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false"
            value=${this.known?.username ?? ""}>
          <label for="password">Password</label>
          <input id="password" name="password" type="password" autocomplete="current-password">
        </div>
        <p class="hint" ?hidden=${!this.isSession}>Uses the user who is logged in to CouchDB in this browser, for
          example in Fauxton.</p>
        <label class="check"><input type="checkbox" id="remember" ?checked=${this.known !== null}> Remember server and
          name in this browser</label>
        <p class="hint">The password is kept in the memory of this page only, until you leave the page.</p>
        <button type="submit" class="primary" id="connect-button" aria-disabled=${this.isBusy}>
          ${this.isBusy ? "Connecting…" : "Connect"}
        </button>
      </form>
      <div class="try-out flow">
        <p>No server? A simulated one runs inside this page.</p>
        <button type="button" id="try-out" @click=${() => fire(this, "try-out")}>Try it out</button>
      </div>
    </section>`;
  }
}

customElements.define("connect-form", ConnectForm);
