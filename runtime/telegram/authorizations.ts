import bigInt from "big-integer";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { Api } from "./gramjs.ts";
import type { RpcOptions, RpcPort } from "./rpc-port.ts";

/** A session of the account as Telegram lists it under "Devices"; it holds no address and no place. */
export interface Authorization {
  /** Decimal; what it is ended by. */
  readonly id: string;
  /** Whether it is the one that this program uses. */
  readonly isCurrent: boolean;
  readonly isOfficialApp: boolean;
  /** It was begun and its owner has not confirmed it yet. */
  readonly isUnconfirmed: boolean;
  readonly deviceModel: string;
  readonly platform: string;
  readonly systemVersion: string;
  readonly apiId: number;
  readonly appName: string;
  readonly appVersion: string;
  readonly createdAtMs: number;
  readonly lastActiveAtMs: number;
}

type Rpc = Pick<RpcPort, "invoke">;

/** The account's sessions, this program's first. */
export async function listAuthorizations(rpc: Rpc, options: RpcOptions): Promise<readonly Authorization[]> {
  const { authorizations } = await rpc.invoke(new Api.account.GetAuthorizations(), options);
  return authorizations
    .map(authorizationOf)
    .toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.lastActiveAtMs - a.lastActiveAtMs);
}

/** @throws {TelegraphistError} `HASH_INVALID` when there is none of that id */
export async function endAuthorization(rpc: Rpc, id: string, options: RpcOptions): Promise<void> {
  if (!/^-?[1-9]\d{0,18}$/.test(id)) throw unknownNumber();
  try {
    await rpc.invoke(new Api.account.ResetAuthorization({ hash: bigInt(id) }), options);
  } catch (error) {
    throw hasCode(error, "HASH_INVALID") ? unknownNumber(error) : error;
  }
}

function unknownNumber(cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "HASH_INVALID",
    category: "NOT_FOUND",
    message:
      "Cannot end the session as the account has none of that number: " +
      '"telegraphist sessions list NAME --remote" shows those that there are',
    cause,
  });
}

function authorizationOf(authorization: Api.Authorization): Authorization {
  return {
    id: authorization.hash.toString(),
    isCurrent: authorization.current === true,
    isOfficialApp: authorization.officialApp === true,
    isUnconfirmed: authorization.unconfirmed === true,
    deviceModel: authorization.deviceModel,
    platform: authorization.platform,
    systemVersion: authorization.systemVersion,
    apiId: authorization.apiId,
    appName: authorization.appName,
    appVersion: authorization.appVersion,
    createdAtMs: authorization.dateCreated * 1000,
    lastActiveAtMs: authorization.dateActive * 1000,
  };
}
