//! Replays the corpus of every target: what once was found must not be found again.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

use std::{fs, path::Path};

use cordboard_fuzz::{Target, targets};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let trials = targets().into_iter().map(|target| Trial::test(target.name, move || replay(target)));
    let folders =
        Trial::test("every_folder_is_the_corpus_of_a_target", every_folder_is_the_corpus_of_a_target);
    libtest_mimic::run(&Arguments::from_args(), trials.chain([folders]).collect()).exit();
}

fn replay(target: Target) -> Result<(), Failed> {
    let mut files: Vec<_> =
        fs::read_dir(corpus().join(target.name))?.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    if files.is_empty() {
        return Err("its corpus is empty".into());
    }
    for file in files {
        // A panic's message does not say which file it was.
        println!("{}", file.display());
        (target.run)(&fs::read(&file)?);
    }
    Ok(())
}

fn every_folder_is_the_corpus_of_a_target() -> Result<(), Failed> {
    for entry in fs::read_dir(corpus())? {
        let folder = entry?.file_name().into_string().unwrap();
        if !targets().iter().any(|target| target.name == folder) {
            return Err(format!("there is no target {folder}").into());
        }
    }
    Ok(())
}

fn corpus() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}
