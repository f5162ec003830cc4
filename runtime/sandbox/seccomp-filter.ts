import type { Architecture } from "./architecture.ts";

/**
 * What must hold of one argument, counted from 0, for a call to pass. All but `isNull` look at the lower 32 bits, as
 * the kernel does for arguments of type `int`.
 */
export type ArgumentTest =
  | { readonly argument: number; readonly oneOf: readonly number[] }
  | { readonly argument: number; readonly mask: number; readonly equals: number }
  | { readonly argument: number; readonly isNull: true };

/** One system call and its verdict. */
export type CallRule =
  /** Passes when every test holds, and is refused with EPERM otherwise. */
  | { readonly call: number; readonly tests: readonly ArgumentTest[] }
  | { readonly call: number; readonly refuse: "EPERM" | "ENOSYS" };

export interface FilterOptions {
  readonly architecture: Architecture;
  readonly rules: readonly CallRule[];
  /** What becomes of calls without a rule. */
  readonly otherwise: "allow" | "refuse";
}

/** An instruction of classic BPF, `struct sock_filter` of linux/filter.h. */
interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly value: number;
}

// Verdicts of linux/seccomp.h; the lower 16 bits of an ERRNO verdict are the error.
const allowed = 0x7fff_0000;
const killed = 0x8000_0000;
const refused = { EPERM: 0x0005_0000 | 1, ENOSYS: 0x0005_0000 | 38 } as const;

/** Calls from here on came after the table was made: a C library falls back to an older one on ENOSYS, not on EPERM. */
const firstUnknownCall = 451;

/**
 * The filter as `struct sock_filter[]`. It ends a process that calls by another architecture's numbers, as these would
 * mean other calls.
 */
export function seccompFilter({ architecture, rules, otherwise }: FilterOptions): Uint8Array {
  const { auditArch, x32From } = architecture;
  return encode([
    // struct seccomp_data: the call's number at 0, the architecture at 4, the arguments from 16 on.
    load(4),
    jump(equal, auditArch, 1, 0),
    verdict(killed),
    load(0),
    ...(x32From === null ? [] : [jump(atLeast, x32From, 0, 1), verdict(killed)]),
    ...rules.flatMap(ruleBlock),
    ...(otherwise === "allow"
      ? [verdict(allowed)]
      : [jump(atLeast, firstUnknownCall, 0, 1), verdict(refused.ENOSYS), verdict(refused.EPERM)]),
  ]);
}

/** Falls through, the number still loaded, when the call is another one. */
function ruleBlock(rule: CallRule): readonly Instruction[] {
  const body =
    "refuse" in rule ? [verdict(refused[rule.refuse])] : [...rule.tests.flatMap(testBlock), verdict(allowed)];
  return [jump(equal, rule.call, 0, body.length), ...body];
}

/** Falls through when the test holds. */
function testBlock(test: ArgumentTest): readonly Instruction[] {
  const lower = 16 + 8 * test.argument;
  const refuse = verdict(refused.EPERM);
  if ("isNull" in test) {
    return [load(lower), jump(equal, 0, 0, 2), load(lower + 4), jump(equal, 0, 1, 0), refuse];
  }
  if ("mask" in test) {
    return [load(lower), mask(test.mask), jump(equal, test.equals, 1, 0), refuse];
  }
  const { oneOf } = test;
  return [load(lower), ...oneOf.map((value, at) => jump(equal, value, oneOf.length - at, 0)), refuse];
}

// Instruction codes of linux/bpf_common.h: class, size or operation, mode or source, added up.
const load = (offset: number): Instruction => ({ code: 0x20, whenTrue: 0, whenFalse: 0, value: offset });
const mask = (bits: number): Instruction => ({ code: 0x54, whenTrue: 0, whenFalse: 0, value: bits });
const verdict = (value: number): Instruction => ({ code: 0x06, whenTrue: 0, whenFalse: 0, value });

const [equal, atLeast] = [0x15, 0x35] as const;

/** Passes over as many instructions as the outcome says. */
function jump(
  code: typeof equal | typeof atLeast,
  value: number,
  whenTrue: number,
  whenFalse: number,
): Instruction {
  return { code, whenTrue, whenFalse, value };
}

function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [at, { code, whenTrue, whenFalse, value }] of instructions.entries()) {
    view.setUint16(at * 8, code, true);
    view.setUint8(at * 8 + 2, whenTrue);
    view.setUint8(at * 8 + 3, whenFalse);
    view.setUint32(at * 8 + 4, value, true);
  }
  return bytes;
}
