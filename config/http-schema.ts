import { z } from "zod";

const secret = z
  .strictObject({
    value: z
      .string()
      // A shorter one would be found in half of all answers, where it is masked.
      .regex(/^[\x20-\x7e]{8,4096}$/, { error: "must be 8 to 4096 printable ASCII characters" })
      .describe("The secret itself, best left in the environment; the plugin never has it"),
    hosts: z
      .array(
        z
          .string()
          .regex(/^(\*\.)?[^\s*]+$/, { error: "must be a host: example.com, *.example.com, or host:port" }),
      )
      .min(1)
      .describe("Where it is sent, and nowhere else; over https alone, save on this machine"),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/, { error: "must be a header's name" })
      .default("Authorization"),
    format: z
      .string()
      .regex(/^[\x20-\x7e]*\{\}[\x20-\x7e]*$/, { error: "must have {} where the secret stands" })
      .default("Bearer {}")
      .describe("The header's value; {} stands for the secret"),
    plugins: z.array(z.string().min(1)).min(1).describe("Whose requests it is put into"),
  })
  .describe("A secret that requests of plugins carry");

export const http = z
  .strictObject({
    secrets: z
      .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/), secret)
      .default({})
      .describe("By a name of your choice"),
  })
  .prefault({});
