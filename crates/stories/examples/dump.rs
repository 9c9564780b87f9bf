//! Writes what subscribers receive in every story and in some simulated runs, to test reducers of events that are not written in Rust:
//! `cargo run -p cordboard-stories --example dump -- FOLDER`.
#![allow(clippy::print_stderr, reason = "a command-line tool prints")]

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use cordboard_stories::{
    play,
    simulation::{TAIL, run},
    story::{Depth, Story, files, load},
    transcript::{Transcript, transcripts},
};
use model::Record;
use serde::Serialize;

/// How many simulated runs are written.
const SEEDS: u64 = 8;

/// The content of one file.
#[derive(Serialize)]
struct StoryDump<'a> {
    title: &'a str,
    transcripts: Vec<Transcript>,
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: dump FOLDER");
        return ExitCode::from(2);
    };
    match dump(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dump: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dump(folder: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    for file in files(&stories)? {
        let story = load(&file)?;
        let observed = play(&story, depth(&story)?, &stories)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        write(folder, &name, &story.title, &observed.records)?;
    }
    for seed in 0..SEEDS {
        write(folder, &format!("seed-{seed}"), &format!("Seed {seed}."), &run(seed, TAIL)?.journal)?;
    }
    Ok(())
}

/// The most complete depth of a story that runs on a virtual clock, so that the output is the same each time.
fn depth(story: &Story) -> Result<Depth, String> {
    let wanted =
        [Depth::Node, Depth::Core, Depth::Harmony].into_iter().find(|depth| story.depths.contains(depth));
    wanted.ok_or_else(|| format!("{} runs over sockets only", story.title))
}

fn write(folder: &Path, name: &str, title: &str, journal: &[Arc<Record>]) -> Result<(), Box<dyn Error>> {
    let tale = StoryDump { title, transcripts: transcripts(journal) };
    Ok(std::fs::write(folder.join(format!("{name}.json")), serde_json::to_vec(&tale)?)?)
}
