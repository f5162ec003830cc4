import type { TlObject } from "../tl/value.ts";
import type { Authorization } from "../world/authorizations.ts";

/** A session as the person's own clients list it. @param ownKeyId the key that the session which asks logged in by */
export function authorizationView({ client, ...authorization }: Authorization, ownKeyId: string): TlObject {
  const isCurrent = authorization.authKeyId === ownKeyId;
  return {
    _: "authorization",
    current: isCurrent,
    // The session that asks is named by zero.
    hash: isCurrent ? 0n : authorization.hash,
    device_model: client.deviceModel,
    platform: "",
    system_version: client.systemVersion,
    api_id: client.apiId,
    app_name: `Application ${client.apiId}`,
    app_version: client.appVersion,
    date_created: authorization.createdAtS,
    date_active: authorization.activeAtS,
    ip: client.ip,
    country: "",
    region: "",
  };
}
