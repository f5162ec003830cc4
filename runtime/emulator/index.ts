export {
  type FaultScript,
  type PlayOptions,
  playFaultScript,
  type ReadScript,
  readFaultScript,
  type ScriptProblem,
} from "./control/fault-script.ts";
export { type Emulator, type EmulatorOptions, type EmulatorStats, startEmulator } from "./emulator.ts";
export { RpcError } from "./methods/rpc.ts";
export type { ConnectionView } from "./mtproto/server.ts";
export type { ApiLayer } from "./tl/layers.ts";
export type { OutgoingFile } from "./world/outgoing-file.ts";
export type { InvitePrivacy } from "./world/person.ts";
export type {
  ChatView,
  InviteLinkView,
  MediaKind,
  MediaView,
  MemberView,
  MessageView,
  SessionView,
  UserView,
} from "./world/plain-views.ts";
export type { UpdateCount } from "./world/update-counts.ts";
export type { World } from "./world/world.ts";
export type { FaultTarget, WorldFaults } from "./world/world-faults.ts";
export type { MessageAddress, NewChat, NewInviteLink, NewMessage, NewUser } from "./world/world-inputs.ts";
