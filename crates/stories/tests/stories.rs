//! Runs every story at every depth. Each combination is a test with its own name.

use std::path::Path;

use cordboard_stories::{
    play,
    story::{Depth, files, load},
};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let files = files(&stories).expect("the folder of stories");
    assert!(!files.is_empty(), "no stories in {}", stories.display());
    let trials = files.iter().flat_map(|file| trials(&stories, file)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trials(stories: &Path, file: &Path) -> Vec<Trial> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let story = match load(file) {
        Ok(story) => story,
        Err(error) => {
            let read = move || Err(Failed::from(error.to_string()));
            return vec![Trial::test(format!("{name}::read"), read)];
        }
    };
    let at = |depth: &Depth| {
        let (story, stories, depth) = (story.clone(), stories.to_owned(), *depth);
        let file = file.to_owned();
        Trial::test(format!("{name}::{}", depth.as_str()), move || {
            play(&story, depth, &stories)
                .map(drop)
                .map_err(|trouble| format!("{} ({}): {trouble}", file.display(), story.title).into())
        })
    };
    story.depths.iter().map(at).collect()
}
