import type { RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { addressOf } from "./gramjs.ts";

const self: TlObject = { _: "user", self: true, id: 7n, access_hash: 8n, first_name: "Me" };

/** The least that npm `telegram` calls by itself, and an echo of the caller's data centre. */
export const handlers: RpcHandlers = {
  "help.getConfig": (_, { dcId }) => configOf(dcId),
  "help.getNearestDc": (_, { dcId }) => ({ _: "nearestDc", country: "ZZ", this_dc: dcId, nearest_dc: dcId }),
  "users.getUsers": () => [self],
  "updates.getState": () => ({ _: "updates.state", pts: 1, qts: 0, date: 1, seq: 1, unread_count: 0 }),
};

export const typing: TlObject = {
  _: "updateShort",
  date: 1,
  update: { _: "updateUserTyping", user_id: 5n, action: { _: "sendMessageTypingAction" } },
};

const counts = [
  "chat_size_max",
  "megagroup_size_max",
  "forwarded_count_max",
  "online_update_period_ms",
  "offline_blur_timeout_ms",
  "offline_idle_timeout_ms",
  "online_cloud_timeout_ms",
  "notify_cloud_delay_ms",
  "notify_default_delay_ms",
  "push_chat_period_ms",
  "push_chat_limit",
  "edit_time_limit",
  "revoke_time_limit",
  "revoke_pm_time_limit",
  "rating_e_decay",
  "stickers_recent_limit",
  "channels_read_media_period",
  "call_receive_timeout_ms",
  "call_ring_timeout_ms",
  "call_connect_timeout_ms",
  "call_packet_timeout_ms",
  "caption_length_max",
  "message_length_max",
  "webfile_dc_id",
];

function configOf(dcId: number): TlObject {
  return {
    _: "config",
    date: 1,
    expires: 2,
    test_mode: false,
    this_dc: dcId,
    dc_options: [1, 2].map((id) => ({ _: "dcOption", id, ip_address: addressOf(id), port: 443 })),
    dc_txt_domain_name: "",
    me_url_prefix: "",
    ...Object.fromEntries(counts.map((name) => [name, 1])),
  };
}
