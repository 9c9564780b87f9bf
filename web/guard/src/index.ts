/** Reads untrusted values: checks each value against a shape and reports where it does not match. */

export { isObject, parse, type Read, read } from "./read.ts";
export {
  anything,
  both,
  either,
  flag,
  list,
  nothing,
  nullable,
  number,
  object,
  oneOf,
  pair,
  record,
  type Shape,
  type TypeOf,
  tagged,
  text,
} from "./shape.ts";
