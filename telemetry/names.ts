/**
 * Names of spans, metrics, and attributes, each written once. Attributes follow OpenTelemetry's semantic conventions
 * where those have a name (opentelemetry.io/docs/specs/semconv); ours begin with `telegraphist.`.
 */
export const spanNames = {
  update: "telegram.update",
  publish: "bus.publish",
  handle: "plugin.handle",
  schedule: "plugin.schedule",
  pluginSetup: "plugin.setup",
  call: "broker.call",
  rpc: "telegram.rpc",
  floodWait: "telegram.flood_wait",
  connect: "telegram.connect",
  login: "telegram.login",
  download: "telegram.download",
  upload: "telegram.upload",
  database: "storage.query",
  http: "broker.http",
  admin: "admin.request",
} as const;

export const attributeNames = {
  account: "telegraphist.account",
  plugin: "telegraphist.plugin",
  event: "telegraphist.event",
  eventId: "telegraphist.event_id",
  chatKind: "telegraphist.chat_kind",
  priority: "telegraphist.priority",
  waitMs: "telegraphist.wait_ms",
  dataCentre: "telegraphist.data_centre",
  permission: "telegraphist.permission",
  verdict: "telegraphist.verdict",
  constructorName: "telegraphist.constructor",
  bytes: "telegraphist.bytes",
  requestId: "telegraphist.request_id",
  errorType: "error.type",
  errorCategory: "telegraphist.error_category",
  rpcSystem: "rpc.system",
  rpcMethod: "rpc.method",
  messagingSystem: "messaging.system",
  messagingOperation: "messaging.operation.name",
  dbSystem: "db.system.name",
  dbOperation: "db.operation.name",
  httpMethod: "http.request.method",
  httpRoute: "http.route",
  httpStatus: "http.response.status_code",
  serverAddress: "server.address",
} as const;
