const maxAnswers = 1024;
const maxKeptBytes = 8 * 1024 * 1024;

/** How far a call of one session has come. */
export type AnswerState =
  | { readonly state: "running"; readonly succeeded: Promise<boolean> }
  /** `body` is null once the client has it or it has grown too old to be kept. */
  | { readonly state: "answered"; readonly body: Uint8Array | null; readonly succeeded: boolean };

/** What a call's end is told to; `null` means that it never ran and may come again. */
export type FinishCall = (
  answer: { readonly id: bigint; readonly body: Uint8Array; readonly succeeded: boolean } | null,
) => void;

/** What became of a session's calls, so that a message that comes twice does not run twice. Bounded: the oldest go. */
export class AnswerLog {
  readonly #states = new Map<bigint, AnswerState>();
  /** From the id of the server's answer to that of the call, the oldest first. */
  readonly #requests = new Map<bigint, bigint>();
  readonly #dropped = new Set<bigint>();
  #keptBytes = 0;

  get(requestId: bigint): AnswerState | undefined {
    return this.#states.get(requestId);
  }

  begin(requestId: bigint): FinishCall {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#states.set(requestId, { state: "running", succeeded: promise });
    return (answer) => {
      resolve(answer?.succeeded ?? false);
      this.#states.delete(requestId);
      this.#dropped.delete(requestId);
      if (answer === null) return;
      this.#states.set(requestId, { state: "answered", body: answer.body, succeeded: answer.succeeded });
      this.#requests.set(answer.id, requestId);
      this.#keptBytes += answer.body.length;
      this.#trim();
    };
  }

  /** The answer of a running call is no longer wanted; false when none runs. */
  drop(requestId: bigint): boolean {
    const isRunning = this.#states.get(requestId)?.state === "running";
    if (isRunning) this.#dropped.add(requestId);
    return isRunning;
  }

  isDropped(requestId: bigint): boolean {
    return this.#dropped.has(requestId);
  }

  /** The answer that went out under this id, while it is kept. */
  bodyOf(answerId: bigint): Uint8Array | null {
    const answer = this.#states.get(this.#requests.get(answerId) ?? 0n);
    return answer?.state === "answered" ? answer.body : null;
  }

  /** The client has the server's message: its body need not be kept. */
  acknowledged(answerId: bigint): void {
    const requestId = this.#requests.get(answerId);
    if (requestId === undefined) return;
    this.#requests.delete(answerId);
    this.#dropBody(requestId);
  }

  #trim(): void {
    for (const answerId of this.#requests.keys()) {
      if (this.#keptBytes <= maxKeptBytes && this.#requests.size <= maxAnswers) break;
      this.acknowledged(answerId);
    }
    for (const [requestId, { state }] of this.#states) {
      if (this.#states.size <= maxAnswers) return;
      if (state === "answered") {
        this.#dropBody(requestId);
        this.#states.delete(requestId);
      }
    }
  }

  #dropBody(requestId: bigint): void {
    const answer = this.#states.get(requestId);
    if (answer?.state !== "answered" || answer.body === null) return;
    this.#keptBytes -= answer.body.length;
    this.#states.set(requestId, { ...answer, body: null });
  }
}
