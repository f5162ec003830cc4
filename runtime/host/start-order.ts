import { TelegraphistError } from "../contract/index.ts";

/** What has to be known of a plugin to put it in order. */
export interface OrderedPlugin {
  /** The name under `plugins:`. */
  readonly name: string;
  /** The names that it answers to: its own, and its manifest's. */
  readonly provides: readonly string[];
  readonly requires: readonly string[];
}

export interface StartOrder<P> {
  /** Each after all that it requires, else in the order given. */
  readonly order: readonly P[];
  /** Those that cannot start, with the reason: `HOST_REQUIREMENT_MISSING` or `HOST_REQUIREMENT_CYCLE`. */
  readonly faults: ReadonlyMap<P, TelegraphistError>;
}

/** Puts plugins behind those that they require. */
export function startOrderOf<P extends OrderedPlugin>(plugins: readonly P[]): StartOrder<P> {
  const order: P[] = [];
  const faults = new Map<P, TelegraphistError>();
  const path: P[] = [];

  const visit = (plugin: P): void => {
    if (order.includes(plugin) || faults.has(plugin)) return;
    const start = path.indexOf(plugin);
    if (start >= 0) {
      const circle = path.slice(start);
      const names = [...circle, plugin].map((member) => member.name).join(" → ");
      for (const member of circle)
        faults.set(member, fault(member, "HOST_REQUIREMENT_CYCLE", `it is in a circle, ${names}`));
      return;
    }
    path.push(plugin);
    for (const required of plugin.requires) {
      const provider = plugins.find((other) => other.provides.includes(required));
      if (provider !== undefined) visit(provider);
      else
        faults.set(
          plugin,
          fault(plugin, "HOST_REQUIREMENT_MISSING", `no plugin ${JSON.stringify(required)} is configured`),
        );
    }
    path.pop();
    if (!faults.has(plugin)) order.push(plugin);
  };

  for (const plugin of plugins) visit(plugin);
  return { order, faults };
}

function fault(plugin: OrderedPlugin, code: string, reason: string): TelegraphistError {
  return new TelegraphistError({
    code,
    category: "CONFIG",
    message: `Cannot start plugin "${plugin.name}" as "requires" cannot be met: ${reason}`,
    data: { plugin: plugin.name },
  });
}
