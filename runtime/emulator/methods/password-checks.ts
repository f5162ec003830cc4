import { randomBytes } from "node:crypto";
import type { TlObject } from "../tl/value.ts";
import { randomLong } from "../world/file-store.ts";
import type { Person } from "../world/person.ts";
import { SrpChallenge, srpGenerator, srpPrime } from "../world/srp.ts";
import { bytes, long } from "./fields.ts";
import { RpcError } from "./rpc.ts";

const maxPending = 1000;

/** The SRP challenges that wait for their answer. */
export class PasswordChecks {
  readonly #pending = new Map<bigint, { readonly person: Person; readonly challenge: SrpChallenge }>();

  /** `account.password` with a fresh challenge, when the person has a password. */
  view(person: Person | null): TlObject {
    const shared = {
      _: "account.password",
      new_algo: algorithmView(new Uint8Array(randomBytes(8)), new Uint8Array(randomBytes(16))),
      new_secure_algo: { _: "securePasswordKdfAlgoUnknown" },
      secure_random: new Uint8Array(randomBytes(256)),
    };
    const password = person?.password ?? null;
    if (person === null || password === null) return shared;
    const id = randomLong();
    const challenge = new SrpChallenge(password);
    if (this.#pending.size >= maxPending) this.#pending.clear();
    this.#pending.set(id, { person, challenge });
    return {
      ...shared,
      has_password: true,
      ...(person.passwordHint !== null && { hint: person.passwordHint }),
      current_algo: algorithmView(password.salt1, password.salt2),
      srp_B: challenge.publicBytes,
      srp_id: id,
    };
  }

  /** Uses up the challenge. @throws {RpcError} `SRP_ID_INVALID`, `PASSWORD_HASH_INVALID` */
  check(person: Person, answer: TlObject): void {
    if (answer._ !== "inputCheckPasswordSRP") throw new RpcError(400, "PASSWORD_HASH_INVALID");
    const id = long(answer, "srp_id");
    const pending = this.#pending.get(id);
    if (pending?.person !== person) throw new RpcError(400, "SRP_ID_INVALID");
    this.#pending.delete(id);
    if (!pending.challenge.accepts(bytes(answer, "A"), bytes(answer, "M1"))) {
      throw new RpcError(400, "PASSWORD_HASH_INVALID");
    }
  }
}

function algorithmView(salt1: Uint8Array, salt2: Uint8Array): TlObject {
  return {
    _: "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
    salt1,
    salt2,
    g: srpGenerator,
    p: srpPrime,
  };
}
