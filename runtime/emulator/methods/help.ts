import type { TlObject } from "../tl/value.ts";
import type { WorldState } from "../world/world-state.ts";
import type { RpcHandlers } from "./rpc.ts";

/** Where the data centres listen; known only once they do. */
export type DataCentres = () => readonly {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}[];

const configLifetimeS = 3600;

export function helpMethods(state: WorldState, dataCentres: DataCentres): RpcHandlers {
  return {
    "help.getConfig": (_request, call) => configView(state.nowS(), call.dcId, dataCentres()),
    "help.getNearestDc": (_request, call) => ({
      _: "nearestDc",
      country: "GB",
      this_dc: call.dcId,
      nearest_dc: call.dcId,
    }),
    "help.getAppConfig": () => ({
      _: "help.appConfig",
      hash: 1,
      config: { _: "jsonObject", value: [] },
    }),
    "help.getCdnConfig": () => ({ _: "cdnConfig", public_keys: [] }),
    "help.getTermsOfServiceUpdate": () => ({
      _: "help.termsOfServiceUpdateEmpty",
      expires: state.nowS() + configLifetimeS,
    }),
    "help.getPromoData": () => ({ _: "help.promoDataEmpty", expires: state.nowS() + configLifetimeS }),
  };
}

/** Limits as the real server names them (core.telegram.org/constructor/config). */
function configView(nowS: number, thisDcId: number, dataCentres: ReturnType<DataCentres>): TlObject {
  return {
    _: "config",
    date: nowS,
    expires: nowS + configLifetimeS,
    test_mode: false,
    this_dc: thisDcId,
    dc_options: dataCentres.map(({ id, host, port }) => ({ _: "dcOption", id, ip_address: host, port })),
    dc_txt_domain_name: "localhost",
    chat_size_max: 200,
    megagroup_size_max: 200_000,
    forwarded_count_max: 100,
    online_update_period_ms: 210_000,
    offline_blur_timeout_ms: 5000,
    offline_idle_timeout_ms: 30_000,
    online_cloud_timeout_ms: 300_000,
    notify_cloud_delay_ms: 30_000,
    notify_default_delay_ms: 1500,
    push_chat_period_ms: 60_000,
    push_chat_limit: 2,
    edit_time_limit: 172_800,
    revoke_time_limit: 2_147_483_647,
    revoke_pm_time_limit: 2_147_483_647,
    rating_e_decay: 2_419_200,
    stickers_recent_limit: 200,
    channels_read_media_period: 604_800,
    call_receive_timeout_ms: 20_000,
    call_ring_timeout_ms: 90_000,
    call_connect_timeout_ms: 30_000,
    call_packet_timeout_ms: 10_000,
    me_url_prefix: "https://t.me/",
    caption_length_max: 1024,
    message_length_max: 4096,
    webfile_dc_id: thisDcId,
  };
}
