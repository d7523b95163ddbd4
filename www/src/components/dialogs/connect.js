// @ts-check
// The form for the server and the credentials.

import { recall, remember } from "../../connection/remembered.js";
import { byId, setText } from "../dom.js";
import { showTrouble } from "./trouble-box.js";

/**
 * @typedef {import("../../connection/connection.js").Login} Login
 * @typedef {import("../../connection/trouble.js").Trouble} Trouble
 */

export class ConnectForm {
  #section = byId("connect", HTMLElement);
  #form = byId("connect-form", HTMLFormElement);
  #url = byId("url", HTMLInputElement);
  #username = byId("username", HTMLInputElement);
  #password = byId("password", HTMLInputElement);
  #remember = byId("remember", HTMLInputElement);
  #trouble = byId("connect-trouble", HTMLElement);
  #button = byId("connect-button", HTMLButtonElement);

  /** @param {(login: Login) => void} onLogin @param {() => void} onTryOut */
  constructor(onLogin, onTryOut) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#button.ariaDisabled === "true") return;
      this.#takeUserInfo();
      if (!this.#remember.checked) remember(null);
      onLogin({ ...this.login, password: this.#password.value });
    });
    this.#form.addEventListener("change", () => this.#showFields());
    byId("try-out", HTMLButtonElement).addEventListener("click", onTryOut);
    const known = recall();
    this.#remember.checked = known !== null;
    if (known) this.#fill(known);
  }

  /** Remembers an accepted login if the user wants it. @param {import("../../connection/remembered.js").Remembered} login */
  remember(login) {
    if (this.#remember.checked) remember(login);
  }

  /** The input without the password. */
  get login() {
    const isSession = new FormData(this.#form).get("how") === "session";
    const username = isSession ? "" : this.#username.value;
    const how = isSession ? "session" : username === "" ? "none" : "password";
    return { url: this.#url.value, how: /** @type {Login["how"]} */ (how), username };
  }

  /** @param {{ url: string, how: Login["how"], username: string }} login */
  #fill({ url, how, username }) {
    this.#url.value = url;
    this.#username.value = username;
    const option = this.#form.querySelector(`[name=how][value=${how === "session" ? "session" : "password"}]`);
    if (option instanceof HTMLInputElement) option.checked = true;
    this.#showFields();
  }

  #showFields() {
    const isSession = new FormData(this.#form).get("how") === "session";
    byId("credentials", HTMLElement).hidden = isSession;
    byId("session-hint", HTMLElement).hidden = !isSession;
  }

  /** @param {string} url used if the form has no URL yet */
  suggest(url) {
    if (this.#url.value === "") this.#url.value = url;
  }

  /**
   * @param {Trouble | null} [trouble] why the last attempt failed
   * @param {boolean} [wantsPassword] whether another password could help
   */
  show(trouble = null, wantsPassword = false) {
    this.#section.hidden = false;
    this.#setBusy(false);
    showTrouble(this.#trouble, trouble);
    if (!wantsPassword) return;
    this.#password.value = "";
    (this.#username.value === "" ? this.#username : this.#password).focus();
  }

  focus() {
    this.#url.focus();
  }

  /** While waiting for the server, the button keeps the focus. */
  wait() {
    showTrouble(this.#trouble, null);
    this.#setBusy(true);
  }

  /** Connected: the password is no longer needed here. */
  hide() {
    this.#password.value = "";
    // Otherwise nothing would have the focus.
    if (this.#section.contains(document.activeElement)) byId("content", HTMLElement).focus();
    this.#section.hidden = true;
    this.#setBusy(false);
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#button.ariaDisabled = String(isBusy);
    setText(this.#button, isBusy ? "Connecting…" : "Connect");
  }

  /** Splits `https://name:password@host`, so that no password stays on the screen. */
  #takeUserInfo() {
    const { url, username, password } = withoutUserInfo(this.#url.value);
    if (username === "" && password === "") return;
    if (username !== "") this.#username.value = username;
    this.#password.value = password;
    this.#url.value = url;
  }
}

/**
 * Removes `name:password@` from a URL, also from one without a scheme, which no client accepts.
 *
 * @param {string} text
 */
export function withoutUserInfo(text) {
  const [, name, word, rest] = /^(?:\/\/)?([^:/?#@]*):(?!\/\/)(.*)@([^@]*)$/s.exec(text) ?? [];
  if (rest !== undefined) return { url: rest, username: decoded(name ?? ""), password: decoded(word ?? "") };
  if (!URL.canParse(text)) return { url: text, username: "", password: "" };
  const url = new URL(text);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const isPlain = username === "" && password === "";
  return { url: isPlain ? text : url.href, username: decoded(username), password: decoded(password) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
