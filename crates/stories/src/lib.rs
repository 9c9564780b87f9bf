//! Call stories and the seeded simulator.
