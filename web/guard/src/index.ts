/** Reads values of unknown origin: each is checked against a shape, and a value that does not fit is named. */

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
