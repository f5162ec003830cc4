import type { CallOptions, JsonValue } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import type { Operator } from "./operator.ts";
import { jsonFromAnswer, requestFromJson } from "./raw-json.ts";

export async function invoke(
  operator: Operator,
  method: string,
  parameters: Readonly<Record<string, JsonValue>>,
  options: CallOptions = {},
): Promise<JsonValue> {
  const call = operator.begin(options);
  const request = requestFromJson(method, parameters);
  const answer: unknown = await operator.rpc.invoke(request, call.rpc());
  if (isUpdates(answer)) operator.publish(answer);
  return jsonFromAnswer(answer);
}

const updatesTypeId = new Api.UpdatesTooLong().SUBCLASS_OF_ID;

/** All constructors of a TL type share the type's id. */
function isUpdates(value: unknown): value is Api.TypeUpdates {
  return (
    typeof value === "object" &&
    value !== null &&
    "SUBCLASS_OF_ID" in value &&
    value.SUBCLASS_OF_ID === updatesTypeId
  );
}
