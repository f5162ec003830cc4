/** The emulator's HTTP control, as far as a run needs it. */
export class Control {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  createUser(user: {
    readonly firstName: string;
    readonly phone?: string;
    readonly password?: string;
  }): Promise<{ id: string }> {
    return this.#call("POST", "/users", user);
  }

  createChat(chat: {
    readonly kind: "group" | "supergroup" | "channel";
    readonly title: string;
    readonly creatorId: string;
    readonly memberIds: readonly string[];
  }): Promise<{ id: string }> {
    return this.#call("POST", "/chats", chat);
  }

  send(message: {
    readonly fromId: string;
    readonly chatId: string;
    readonly text: string;
  }): Promise<unknown> {
    return this.#call("POST", "/messages", message);
  }

  messages(
    viewerId: string,
    chatId: string,
  ): Promise<readonly { readonly fromId: string; readonly text: string }[]> {
    return this.#call("GET", `/users/${viewerId}/chats/${chatId}/messages`);
  }

  async loginCode(phone: string): Promise<string> {
    const { code } = await this.#call<{ code: string }>("GET", `/login-codes/${encodeURIComponent(phone)}`);
    return code;
  }

  fault(path: string, body: object): Promise<unknown> {
    return this.#call("POST", path, body);
  }

  clearFaults(): Promise<unknown> {
    return this.#call("DELETE", "/faults");
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    // The caller names the shape that the control's OpenAPI document gives.
    return (text === "" ? null : JSON.parse(text)) as T;
  }
}
