/** Constructor ids that the codec handles by itself (core.telegram.org/mtproto/serialize). */
export const vectorId = 0x1cb5c415;
export const boolTrueId = 0x997275b5;
export const boolFalseId = 0xbc799737;
export const gzipPackedId = 0x3072cfa1;
