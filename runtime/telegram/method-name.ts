/**
 * A method's TL name, as Telegram's documentation writes it: `messages.sendMessage`, where GramJS has
 * `messages.SendMessage`.
 */
export function tlMethodName(className: string): string {
  const dot = className.lastIndexOf(".") + 1;
  return className.slice(0, dot) + className.charAt(dot).toLowerCase() + className.slice(dot + 1);
}
