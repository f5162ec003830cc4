import { hasCode, TelegraphistError } from "../contract/index.ts";
import { failureRecord } from "../guest/index.ts";
import type { PluginInstance } from "./plugin-instance.ts";
import type { PluginEntry } from "./ports.ts";
import { type OrderedPlugin, startOrderOf } from "./start-order.ts";

/** What is to become of the plugins of a host. */
export interface HostChange {
  /** All that there are then. */
  readonly next: readonly PluginInstance[];
  readonly entries: ReadonlyMap<PluginInstance, PluginEntry>;
  /** Those of them that go on with other code or settings, or begin. */
  readonly renewed: readonly PluginInstance[];
  /** Those that run no more. */
  readonly ended: readonly PluginInstance[];
}

/** What has to be done so that the plugins are as the entries say. */
export async function changeTo(
  entries: readonly PluginEntry[],
  instances: readonly PluginInstance[],
  instanceOf: (entry: PluginEntry) => PluginInstance,
): Promise<HostChange> {
  const pairs = entries.map((entry) => {
    const known = instances.find(({ name }) => name === entry.name);
    return [known ?? instanceOf(entry), entry] as const;
  });
  const next = pairs.map(([instance]) => instance);
  const renewed = await Promise.all(
    pairs.map(async ([instance, entry]) => {
      const isWanted = entry.enabled !== false;
      return isWanted && !(await instance.isCurrent(entry)) ? [instance] : [];
    }),
  );
  const disabled = pairs.flatMap(([instance, entry]) => (entry.enabled === false ? [instance] : []));
  const removed = instances.filter((instance) => !next.includes(instance));
  return { next, entries: new Map(pairs), renewed: renewed.flat(), ended: [...disabled, ...removed] };
}

/**
 * Starts all that is renewed beside what runs, then has it take over; or undoes it, so that all goes on as it was.
 *
 * @param onStarted called when all has started, and nothing has taken over yet
 * @throws {TelegraphistError} `HOST_APPLY_FAILED`
 */
export async function applyChange(
  change: HostChange,
  onStarted: () => void = () => undefined,
): Promise<void> {
  const { next, entries, renewed, ended } = change;
  const failures = new Map<PluginInstance, unknown>();
  const prepared = new Map<PluginInstance, OrderedPlugin>();
  await Promise.all(
    renewed.map(async (instance) => {
      try {
        prepared.set(instance, await instance.prepareNext(entries.get(instance) ?? instance.entry));
      } catch (error) {
        failures.set(instance, error);
      }
    }),
  );
  const order = orderOf(
    next.filter((instance) => !ended.includes(instance)),
    prepared,
    failures,
  );
  if (failures.size > 0) {
    await Promise.all(renewed.map((instance) => instance.dropNext()));
    throw applyError(failures);
  }
  onStarted();
  for (const instance of order) await instance.switchToNext();
  await Promise.all(ended.map((instance) => instance.end(entries.get(instance))));
}

/** Does something in the turns of all these plugins at once. */
export function withTurnsOf(instances: readonly PluginInstance[], work: () => Promise<void>): Promise<void> {
  const all = [...new Set(instances)];
  return all.reduceRight(
    (inner, { turns }) =>
      () =>
        turns.take(inner),
    work,
  )();
}

/** The renewed plugins, each behind those that it requires. @param failures is given those that lack one */
function orderOf(
  instances: readonly PluginInstance[],
  prepared: ReadonlyMap<PluginInstance, OrderedPlugin>,
  failures: Map<PluginInstance, unknown>,
): readonly PluginInstance[] {
  const plugins = new Map(instances.map((instance) => [prepared.get(instance) ?? instance, instance]));
  const { order, faults } = startOrderOf([...plugins.keys()]);
  for (const [plugin, fault] of faults) {
    const instance = plugins.get(plugin);
    if (instance !== undefined && !failures.has(instance)) failures.set(instance, fault);
  }
  return order.flatMap((plugin) => {
    const instance = plugins.get(plugin);
    return instance !== undefined && prepared.has(instance) ? [instance] : [];
  });
}

function applyError(failures: ReadonlyMap<PluginInstance, unknown>): TelegraphistError {
  const reasons = [...failures].map(([instance, error]) => {
    instance.failReload(error);
    const { code, message } = failureRecord(error, instance.name, "reload");
    return { plugin: instance.name, code, message };
  });
  const [first] = failures.values();
  return new TelegraphistError({
    code: "HOST_APPLY_FAILED",
    category: hasCode(first, "HOST_REQUESTS_WIDENED") ? "PERMISSION" : "PLUGIN",
    message: `Cannot go over to the new plugins, and nothing is changed: ${reasons.map(({ message }) => message).join("; ")}`,
    data: { plugins: reasons.map(({ plugin }) => plugin), reasons: reasons.map(({ code }) => code) },
    cause: first,
  });
}
