// GramJS's modules import each other in circles, which works only when its index is the first to be loaded. So whatever
// this room takes from inside the package comes through here.
import "telegram";

export { Api } from "telegram";
export { AuthKey } from "telegram/crypto/AuthKey";
export { _serverKeys as serverKeys } from "telegram/crypto/RSA";
export { InvalidBufferError, InvalidChecksumError, SecurityError, TypeNotFoundError } from "telegram/errors";
export { BinaryReader } from "telegram/extensions";
export { HTMLParser } from "telegram/extensions/html";
export { Logger as GramLogger, type LogLevel as GramLogLevel } from "telegram/extensions/Logger";
export { ConnectionTCPFull, MTProtoSender, UpdateConnectionState } from "telegram/network";
export { RequestState } from "telegram/network/RequestState";
export { computeCheck } from "telegram/Password";
export { serializeBytes } from "telegram/tl";
export { LAYER, tlobjects } from "telegram/tl/AllTLObjects";
export { default as schemaText } from "telegram/tl/apiTl.js";
export { MessageContainer, RPCResult, TLMessage } from "telegram/tl/core";
