export default { name: "unmarked", setup: () => undefined };
