import type { Api } from "telegram";
import type { AccountRef, CallPriority, ChatId } from "../contract/index.ts";

/** Bounds and hints for one RPC. */
export interface RpcOptions {
  readonly signal?: AbortSignal;
  /** Time for the whole call, waits and retries included. @default 60_000 */
  readonly timeoutMs?: number;
  /** Where Telegram counts a limit per chat (slow mode), the chat that it counts for. @default the request's peer */
  readonly chatId?: ChatId;
  /** @default "normal" */
  readonly priority?: CallPriority;
  /** Whether the request may be made again after its outcome was lost. @default as `isRepeatable` judges it */
  readonly repeatable?: boolean;
}

/**
 * One account's way to Telegram, the only place where requests leave. Implementations MUST bound every call, MUST obey
 * flood waits without holding up other methods, and MUST throw nothing but `TelegraphistError`.
 */
export interface RpcPort {
  readonly account: AccountRef;
  /** The data centre that the account lives in; 0 before the first connection. */
  readonly dataCentreId: number;
  invoke<R extends Api.AnyRequest>(request: R, options?: RpcOptions): Promise<R["__response"]>;
  /** The same over a connection of its own to another data centre, where that centre's files are. */
  invokeOn<R extends Api.AnyRequest>(
    dataCentreId: number,
    request: R,
    options?: RpcOptions,
  ): Promise<R["__response"]>;
}
