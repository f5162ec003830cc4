import type { TlObject } from "../tl/value.ts";
import { isImported } from "../world/authorizations.ts";
import type { GivenCode, SentCode } from "../world/login-codes.ts";
import type { Person } from "../world/person.ts";
import { personView } from "../world/person-view.ts";
import { phoneDigits, type WorldState } from "../world/world-state.ts";
import { bytes, int, long, object, optionalObject, optionalText, text } from "./fields.ts";
import type { PasswordChecks } from "./password-checks.ts";
import { type RpcCall, RpcError, type RpcHandlers } from "./rpc.ts";

/** Signing in and out (core.telegram.org/api/auth). */
export function authMethods(state: WorldState, passwords: PasswordChecks): RpcHandlers {
  /** @throws {RpcError} `PHONE_MIGRATE_X` when the account lives in another data centre */
  const ownerOf = (phone: string, call: RpcCall): Person | undefined => {
    const person = state.phones.get(phone);
    if (person !== undefined && person.homeDataCentreId !== call.dcId) {
      throw new RpcError(303, `PHONE_MIGRATE_${person.homeDataCentreId}`);
    }
    return person;
  };
  const signedIn = (person: Person, call: RpcCall): TlObject => {
    state.authorizations.add(call, person.id, state.nowS());
    return authorizationView(state, person);
  };

  return {
    "auth.sendCode": (request, call) => {
      if (text(request, "api_hash") === "") throw new RpcError(400, "API_ID_INVALID");
      const phone = phoneDigits(text(request, "phone_number"));
      const codesBy = ownerOf(phone, call)?.codesBy ?? "phone";
      return sentCodeView(state.loginCodes.send(phone, state.nowS(), codesBy === "phone" ? "app" : codesBy));
    },
    "auth.resendCode": (request) => {
      const phone = phoneDigits(text(request, "phone_number"));
      return sentCodeView(state.loginCodes.resend(phone, text(request, "phone_code_hash"), state.nowS()));
    },
    "auth.cancelCode": (request) => {
      const phone = phoneDigits(text(request, "phone_number"));
      state.loginCodes.cancel(phone, text(request, "phone_code_hash"), state.nowS());
      return true;
    },
    "auth.signIn": (request, call) => {
      const phone = phoneDigits(text(request, "phone_number"));
      const person = ownerOf(phone, call);
      state.loginCodes.check(phone, text(request, "phone_code_hash"), givenCode(request), state.nowS());
      if (person === undefined) return { _: "auth.authorizationSignUpRequired" };
      if (person.password === null) return signedIn(person, call);
      state.authorizations.awaitPassword(call.authKeyId, person.id);
      throw new RpcError(401, "SESSION_PASSWORD_NEEDED");
    },
    // People are made by the control, never by a client.
    "auth.signUp": () => {
      throw new RpcError(406, "PHONE_NUMBER_INVALID");
    },
    "auth.checkPassword": (request, call) => {
      const userId =
        state.authorizations.passwordPendingFor(call.authKeyId) ??
        state.authorizations.require(call, state.nowS()).userId;
      const person = state.person(userId);
      passwords.check(person, object(request, "password"));
      return signedIn(person, call);
    },
    "auth.logOut": (_request, call) => {
      state.authorizations.require(call, state.nowS());
      state.authorizations.remove(call.authKeyId);
      return { _: "auth.loggedOut" };
    },
    "auth.resetAuthorizations": (_request, call) => {
      const own = state.authorizations.require(call, state.nowS());
      const isForFiles = isImported(own) && state.person(own.userId).homeDataCentreId !== call.dcId;
      if (isForFiles) throw new RpcError(401, "AUTH_KEY_UNREGISTERED");
      for (const { authKeyId, sessionKeyId } of [...state.authorizations.list(own.userId)]) {
        if (sessionKeyId !== own.sessionKeyId) state.authorizations.revoke(authKeyId);
      }
      return true;
    },
    "auth.exportAuthorization": (request, call) => {
      const authorization = state.authorizations.require(call, state.nowS());
      const dcId = int(request, "dc_id");
      if (!state.options.dataCentreIds.includes(dcId) || dcId === call.dcId) {
        throw new RpcError(400, "DC_ID_INVALID");
      }
      return {
        _: "auth.exportedAuthorization",
        id: BigInt(authorization.userId),
        bytes: state.authorizations.export(authorization, dcId),
      };
    },
    "auth.importAuthorization": (request, call) => {
      const userId = Number(long(request, "id"));
      state.authorizations.import(call, userId, bytes(request, "bytes"), state.nowS());
      return authorizationView(state, state.person(userId));
    },
  };
}

function authorizationView(state: WorldState, person: Person): TlObject {
  return { _: "auth.authorization", user: personView(state, person.id, person) };
}

function givenCode(request: TlObject): GivenCode {
  const ofEmail = optionalObject(request, "email_verification");
  if (ofEmail === undefined) return { code: optionalText(request, "phone_code") ?? "", isOfEmail: false };
  return { code: optionalText(ofEmail, "code") ?? "", isOfEmail: true };
}

function sentCodeView({ hash, channel, nextChannel }: SentCode): TlObject {
  const next = nextChannel === "sms" ? "auth.codeTypeSms" : "auth.codeTypeCall";
  return {
    _: "auth.sentCode",
    type: sentTypes[channel],
    phone_code_hash: hash,
    ...(nextChannel !== null && { next_type: { _: next }, timeout: 120 }),
  };
}

const sentTypes = {
  app: { _: "auth.sentCodeTypeApp", length: 5 },
  sms: { _: "auth.sentCodeTypeSms", length: 5 },
  call: { _: "auth.sentCodeTypeCall", length: 5 },
  email: { _: "auth.sentCodeTypeEmailCode", email_pattern: "a***@example.com", length: 5 },
  "email-setup": { _: "auth.sentCodeTypeSetUpEmailRequired" },
} as const;
