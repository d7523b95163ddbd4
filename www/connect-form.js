// @ts-check
// Which server, and who asks.

import { byId, setText } from "./dom.js";

/** @typedef {import("./server.js").Login} Login */

export class ConnectForm {
  #section = byId("connect", HTMLElement);
  #form = byId("connect-form", HTMLFormElement);
  #url = byId("url", HTMLInputElement);
  #username = byId("username", HTMLInputElement);
  #password = byId("password", HTMLInputElement);
  #trouble = byId("connect-trouble", HTMLElement);
  #button = byId("connect-button", HTMLButtonElement);

  /** @param {(login: Login) => void} onLogin */
  constructor(onLogin) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#button.ariaDisabled === "true") return;
      this.#takeUserInfo();
      onLogin({ url: this.#url.value, username: this.#username.value, password: this.#password.value });
    });
  }

  /**
   * @param {object} what
   * @param {string} what.url
   * @param {string} what.username
   * @param {string} [what.trouble] why the last attempt failed
   * @param {boolean} [what.wantsPassword] whether another password would help
   */
  show({ url, username, trouble = "", wantsPassword = false }) {
    this.#url.value = url;
    this.#username.value = username;
    this.#section.hidden = false;
    this.#setBusy(false);
    this.#trouble.hidden = trouble === "";
    setText(this.#trouble, trouble);
    if (wantsPassword) this.#password.value = "";
    if (wantsPassword) (username === "" ? this.#username : this.#password).focus();
  }

  /** While the server is asked: the button keeps the focus. */
  wait() {
    this.#trouble.hidden = true;
    setText(this.#trouble, "");
    this.#setBusy(true);
  }

  /** Connected: the password is not needed here any longer. */
  hide() {
    this.#password.value = "";
    // Else the focus would be nowhere.
    if (this.#section.contains(document.activeElement)) byId("content", HTMLElement).focus();
    this.#section.hidden = true;
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#button.ariaDisabled = String(isBusy);
    setText(this.#button, isBusy ? "Connecting…" : "Connect");
  }

  /** `https://name:password@host` is taken apart, so that no password stays on the screen. */
  #takeUserInfo() {
    if (!URL.canParse(this.#url.value)) return;
    const url = new URL(this.#url.value);
    if (url.username === "") return;
    this.#username.value = decodeURIComponent(url.username);
    this.#password.value = decodeURIComponent(url.password);
    url.username = "";
    url.password = "";
    this.#url.value = url.href;
  }
}
