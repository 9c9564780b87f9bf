//! Runs libFuzzer with one target, whose name is in `FUZZ_TARGET`. `scripts/fuzz` builds and starts it.

#![no_main]
#![allow(unsafe_code, reason = "libFuzzer calls the entry points by their C names")]

use std::sync::LazyLock;

use cordboard_fuzz::{Target, script, targets};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    targets()
        .into_iter()
        .find(|target| target.name == name)
        .unwrap_or_else(|| panic!("there is no target {name}"))
});

fuzz_target!(|input: &[u8]| (TARGET.run)(input));

fuzz_mutator!(|input: &mut [u8], size: usize, size_max: usize, seed: u32| {
    if !TARGET.is_script || seed % 4 == 0 {
        return fuzzer_mutate(input, size, size_max);
    }
    let mutated = script::mutate(&input[..size], seed);
    let size = mutated.len().min(size_max);
    input[..size].copy_from_slice(&mutated[..size]);
    size
});
