import { placeOf as passwordPlace } from "./account-passwords.ts";
import { letterPlace } from "./dead-letters.ts";
import { placeOf as eventPlace } from "./journal.ts";
import { placeOf as sentPlace } from "./sent-messages.ts";
import { placeOf as authKeyPlace } from "./sessions.ts";
import { placeOf as spareKeyPlace } from "./spare-keys.ts";

/** A table whose rows hold sealed bytes in `sealed`, and in `key_id` the key that opens them. */
export interface SealedTable {
  readonly name: string;
  /** What the place of a row is made of. */
  readonly columns: readonly string[];
  /** The associated data that its repository seals the row with. @param values those of the columns */
  placeOf(values: readonly (string | number)[]): string;
}

/** Every table with sealed rows; a test holds the list to the schema. */
export const sealedTables: readonly SealedTable[] = [
  {
    name: "auth_keys",
    columns: ["account", "data_centre_id"],
    placeOf: ([account, dataCentreId]) => authKeyPlace(String(account), Number(dataCentreId)),
  },
  {
    name: "spare_keys",
    columns: ["account", "data_centre_id"],
    placeOf: ([account, dataCentreId]) => spareKeyPlace(String(account), Number(dataCentreId)),
  },
  {
    name: "account_passwords",
    columns: ["account"],
    placeOf: ([account]) => passwordPlace(String(account)),
  },
  {
    name: "journal_events",
    columns: ["account", "key"],
    placeOf: ([account, key]) => eventPlace(String(account), String(key)),
  },
  {
    name: "dead_letters",
    columns: ["plugin", "event_id"],
    placeOf: ([plugin, eventId]) => letterPlace(String(plugin), String(eventId)),
  },
  {
    name: "sent_messages",
    columns: ["account", "random_id"],
    placeOf: ([account, randomId]) => sentPlace(String(account), String(randomId)),
  },
];
