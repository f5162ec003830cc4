// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration's placeholders look the same
import { describe, expect, test } from "bun:test";
import {
  type ConfigProblem,
  checkText,
  formatProblems,
  type TelegraphistConfig,
} from "../../config/index.ts";

const apiHash = "0123456789abcdef0123456789abcdef";
const env = { TELEGRAM_API_ID: "123", TELEGRAM_API_HASH: apiHash };
const head = `version: 1
telegram: { apiId: 1, apiHash: "${apiHash}" }
`;
const base = `${head}accounts: { me: {} }
`;

function configOf(text: string, variables: Readonly<Record<string, string>> = env): TelegraphistConfig {
  const result = checkText("/etc/bot/telegraphist.yaml", text, variables);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

function problemsOf(
  text: string,
  variables: Readonly<Record<string, string>> = env,
): readonly ConfigProblem[] {
  const result = checkText("bot.yaml", text, variables);
  if (result.ok) throw new Error("there was no problem");
  return result.problems;
}

const account = { device: {}, rotation: { enabled: true, afterMs: 7 * 86_400_000 } };

describe("checkText()", () => {
  test("fills in every default", () => {
    const config = configOf(base);
    expect(config.accounts).toEqual({ me: account });
    expect(config.plugins).toEqual({});
    expect(config.admin).toEqual({
      enabled: true,
      host: "127.0.0.1",
      port: 7330,
      tokenFile: "/etc/bot/.telegraphist/admin-token",
    });
    expect(config.telemetry.log).toEqual({ level: "info", format: "auto" });
    expect(config.limits).toEqual({
      accounts: { max: 256, fileConnections: 64, idleMs: 1_800_000 },
      queueSize: 1000,
      handlerTimeoutMs: 60_000,
      setupTimeoutMs: 30_000,
      stopTimeoutMs: 4_000,
      plugin: {
        callsPerSecond: 200,
        burst: 5_000,
        concurrentCalls: 2_000,
        memoryBytes: 512 * 1024 ** 2,
        silenceMs: 15_000,
      },
    });
  });

  test("takes paths from the file's folder", () => {
    const config = configOf(`${base}storage: { path: data/bot.sqlite, keyFile: /keys/bot }`);
    expect(config.storage).toMatchObject({ path: "/etc/bot/data/bot.sqlite", keyFile: "/keys/bot" });
    expect(configOf(`${base}storage: { path: ":memory:" }`).storage.path).toBe(":memory:");
  });

  test("reads an entry with nothing under it as one that is all defaults", () => {
    const config = configOf(`${head}accounts:\n  me:\nplugins:\n  autoresponder:\n`);
    expect(config.accounts).toEqual({ me: account });
    expect(config.plugins.autoresponder).toEqual({
      enabled: true,
      allow: {},
      deny: {},
      isolation: "process",
      trusted: false,
    });
  });

  test("keeps a phone number that YAML reads as a number", () => {
    const config = configOf(`${head}accounts: { me: { phone: +491234567 } }`);
    expect(config.accounts.me?.phone).toBe("+491234567");
  });

  test("resolves anchors and merge keys", () => {
    const config = configOf(
      `${base}plugins:\n  one: &one { allow: { telegram: [chats:read] } }\n  two: { <<: *one, enabled: false }\n`,
    );
    expect(config.plugins.two).toMatchObject({ enabled: false, allow: { telegram: ["chats:read"] } });
  });

  test("takes a secret for hosts and plugins that it names, and shows it to nobody", () => {
    const secret = (text: string) => `${base}plugins: { echo: }\nhttp:\n  secrets:\n    weather: ${text}\n`;
    const config = configOf(secret("{ value: walnut-4711, hosts: [api.example.com], plugins: [echo] }"));
    expect(config.http.secrets.weather).toMatchObject({ header: "Authorization", format: "Bearer {}" });
    const wrong = "{ value: 'walnut\\n4711', hosts: ['*'], format: x, plugins: [ecko] }";
    const problems = problemsOf(secret(wrong.replace("\\n", "\t")));
    expect(problems.map(({ path }) => path.split(".").at(-1))).toEqual(["value", "hosts[0]", "format"]);
    const strange = problemsOf(secret("{ value: walnut-4711, hosts: [api.example.com], plugins: [ecko] }"));
    expect(strange).toMatchObject([{ message: "no plugin has this name", hint: 'did you mean "echo"?' }]);
    expect(
      formatProblems(strange, { sources: new Map([["bot.yaml", secret("{ value: walnut-4711 }")]]) }),
    ).not.toContain("walnut");
  });

  test("tells everything that is wrong at once, by line", () => {
    const problems = problemsOf(`version: 1
telegram:
  apiId: \${MISSING_ID}
  apiHash: no
storge: {}
accounts:
  me: { devic: {} }
admin: { port: 99999, enabled: maybe }
limits: { queueSize: 1.5 }
`);
    expect(problems.map(({ line, column, path }) => [line, column, path])).toEqual([
      [3, 10, "telegram.apiId"],
      [4, 12, "telegram.apiHash"],
      [5, 1, "storge"],
      [7, 9, "accounts.me.devic"],
      [8, 16, "admin.port"],
      [8, 32, "admin.enabled"],
      [9, 22, "limits.queueSize"],
    ]);
  });

  test.each([
    ["storge: {}", "storge", 'did you mean "storage"?'],
    ["admin: { prt: 1 }", "admin.prt", 'did you mean "port"?'],
    ["plugins: { a: { alow: {} } }", "plugins.a.alow", 'did you mean "allow"?'],
    ["telemetry: { log: { level: inof } }", "telemetry.log.level", 'did you mean "info"?'],
    [
      "plugins: { a: { allow: { telegram: [message:send] } } }",
      "plugins.a.allow.telegram[0]",
      'did you mean "messages:send"?',
    ],
    ["plugins: { a: { accounts: [my] } }", "plugins.a.accounts[0]", 'did you mean "me"?'],
  ])("proposes what was meant by %s", (text, path, hint) => {
    expect(problemsOf(base + text)).toMatchObject([{ path, hint }]);
  });

  test("refuses a plugin inline that is not trusted, and the words for no protection unless they are typed out", () => {
    const inline = problemsOf(`${base}plugins: { a: { isolation: inline } }`);
    expect(inline.map(({ path }) => path)).toEqual(["plugins.a.isolation"]);
    expect(configOf(`${base}plugins: { a: { isolation: inline, trusted: true } }`).plugins.a?.isolation).toBe(
      "inline",
    );
    expect(problemsOf(`${base}sandbox: { whenUnavailable: run }`)).toHaveLength(1);
  });

  test("tells a number in quotes from the number", () => {
    expect(problemsOf(base.replace("version: 1", 'version: "1"'))).toMatchObject([
      { path: "version", message: "must be 1, not the same as text", hint: "take the quotes away" },
    ]);
  });

  test("lists the known keys when none is near", () => {
    expect(problemsOf(`${base}storage: { colour: red }`)).toMatchObject([
      { path: "storage.colour", hint: "known here: path, keyFile, lease" },
    ]);
  });

  test("names a key that is missing, at the map that lacks it", () => {
    expect(problemsOf("telegram: { apiId: 1 }\naccounts: { me: {} }")).toMatchObject([
      { line: 1, path: "version", message: 'key "version" is missing, it must be 1' },
      { line: 1, column: 11, path: "telegram.apiHash", message: 'key "apiHash" is missing, it must be text' },
    ]);
  });

  test("takes two addresses of a data centre, and refuses one that is there twice", () => {
    const server = `server: { dataCentres: [{ id: 2, host: a, port: 1 }, { id: 2, host: b, port: 1 }, { id: 2, host: a, port: 1 }], publicKeys: ["-----BEGIN RSA PUBLIC KEY-----"] }`;
    const text = `version: 1\ntelegram:\n  apiId: 1\n  apiHash: "${apiHash}"\n  ${server}\naccounts: { me: {} }`;
    expect(problemsOf(text)).toMatchObject([
      { path: "telegram.server.dataCentres[2]", message: "data centre 2 has this address twice" },
    ]);
  });

  test.each([
    ["", "the file is empty"],
    ["- 1", "must be a map"],
    ["a: [1, 2", "cannot read YAML: flow sequence"],
    ["a: b: c", "cannot read YAML: nested mappings"],
    ["a: 1\na: 2", "cannot read YAML: map keys must be unique"],
    ["a: *x", "cannot read YAML: no anchor stands before this alias"],
    ["a: 1\n---\nb: 2", "cannot read YAML: source contains multiple documents"],
  ])("refuses %j", (text, message) => {
    expect(problemsOf(text)[0]?.message).toStartWith(message);
  });

  test("bounds what aliases may multiply to", () => {
    const levels = "bcdefgh".split("").map((name, index) => {
      const before = String.fromCharCode("a".charCodeAt(0) + index);
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`;
    });
    const problems = problemsOf(["a: &a [1, 1]", ...levels].join("\n"));
    expect(problems).toMatchObject([{ message: "cannot read YAML: aliases repeat too much" }]);
  });

  test("locates a value of a plugin's own settings", () => {
    const result = checkText(
      "bot.yaml",
      `${base}plugins:\n  a:\n    config:\n      rules:\n        - { reply: x }\n`,
      {},
    );
    if (!result.ok) throw new Error("refused");
    const path = ["plugins", "a", "config", "rules", 0, "reply"];
    expect(result.document.locate(path)).toEqual({ line: 8, column: 20 });
    expect(result.document.locate([...path.slice(0, 5), "missing"])).toEqual({ line: 8, column: 11 });
  });
});

describe("placeholders", () => {
  const pluginConfig = (value: string, variables: Readonly<Record<string, string>>) =>
    configOf(
      `${base}plugins:\n  a:\n    config: { v: 1 }\n    use: x\n  b:\n    config:\n      v: ${value}\n`,
      variables,
    ).plugins.b?.config;

  test.each([
    ["${X}", "8080", 8080],
    ["${X}", "true", true],
    ["${X}", "007", "007"],
    ["${X}", "+49123", "+49123"],
    ['"${X}"', "8080", "8080"],
    ["a-${X}-b", "1", "a-1-b"],
    ["$$", "", "$"],
    ['"$${X}"', "1", "${X}"],
    ["${Y:-7}", "", 7],
    ["${X:-7}", "", 7],
    ["${X:-7}", "9", 9],
    ["${X}", "a: [b", "a: [b"],
  ])("%s with %j becomes %j", (written, value, expected) => {
    expect(pluginConfig(written, { X: value })).toEqual({ v: expected });
  });

  test("a value that comes out empty counts as not there", () => {
    expect(pluginConfig("${X:-}", {})).toEqual({});
    const config = configOf(`${head}accounts:\n  me:\n    phone: \${PHONE:-}\n`);
    expect(config.accounts.me).toEqual(account);
  });

  test("a missing variable is named with what to do", () => {
    expect(problemsOf(`${base}admin:\n  host: a\${HOST_NAME}\n`, {})).toEqual([
      {
        file: "bot.yaml",
        line: 5,
        column: 10,
        path: "admin.host",
        message: 'environment variable "HOST_NAME" is not set',
        hint: "set it, or write ${HOST_NAME:-default}",
      },
    ]);
  });

  test("a variable with a similar name is proposed", () => {
    expect(problemsOf(`${base}admin:\n  host: \${HOST_NAM}\n`, { HOST_NAME: "x" })).toMatchObject([
      { hint: 'did you mean "HOST_NAME"?' },
    ]);
  });

  test("a placeholder that cannot be read is refused", () => {
    expect(problemsOf(`${base}admin:\n  host: "\${1X}"\n`)[0]?.message).toStartWith(
      "cannot read placeholder",
    );
  });

  test("a placeholder without quotes inside braces is explained", () => {
    expect(problemsOf("admin: { host: ${HOST} }")).toMatchObject([
      { line: 1, hint: "inside { } and [ ] a ${NAME} has to be in quotes" },
    ]);
  });

  test("a value from the environment stands in no problem", () => {
    const secret = "sesame-of-the-environment";
    const text = `version: \${S}\ntelegram: \n  apiId: \${S}\n  apiHash: \${S}\naccounts:\n  me:\n    phone: \${S}\ntelemetry:\n  log:\n    level: \${S}\nlimits:\n  queueSize: \${S}\n`;
    const problems = problemsOf(text, { S: secret });
    expect(problems.length).toBeGreaterThanOrEqual(6);
    expect(JSON.stringify(problems)).not.toContain("sesame");
  });
});
