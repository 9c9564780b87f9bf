//! Repeats a seed of the simulator: `cargo run -p cordboard-stories --example seed -- 1234`. To run many seeds: `-- --seeds 10000 --from
//! 500`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool prints")]

use std::process::ExitCode;

use cordboard_stories::simulation::{TAIL, run};

/// The arguments of the command line.
struct Wanted {
    from: u64,
    count: u64,
    tail_max: usize,
}

fn main() -> ExitCode {
    match read(std::env::args().skip(1)) {
        Ok(wanted) => play(&wanted),
        Err(text) => {
            eprintln!(
                "{text}\nusage: seed SEED [--tail LINES] | seed --seeds COUNT [--from SEED] [--tail LINES]"
            );
            ExitCode::from(2)
        }
    }
}

fn read(mut arguments: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted { from: 0, count: 0, tail_max: TAIL };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a number")).and_then(number);
        match argument.as_str() {
            "--seeds" => wanted.count = value()?,
            "--from" => wanted.from = value()?,
            "--tail" => wanted.tail_max = usize::try_from(value()?).unwrap_or(usize::MAX),
            seed => (wanted.from, wanted.count) = (number(seed.to_owned())?, 1),
        }
    }
    if wanted.count > 0 { Ok(wanted) } else { Err("no seed is given".to_owned()) }
}

fn number(text: String) -> Result<u64, String> {
    text.parse().map_err(|error| format!("{text:?} is not a number: {error}"))
}

fn play(wanted: &Wanted) -> ExitCode {
    let mut failed = 0;
    for seed in wanted.from..wanted.from.saturating_add(wanted.count) {
        match run(seed, wanted.tail_max) {
            Ok(report) => println!("seed {seed}: {:016x} {:?}", report.hash, report.count),
            Err(failure) => {
                failed += 1;
                println!("{failure}");
            }
        }
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
