//! The built-in switch: callers, phones, faults, all from a seed.
