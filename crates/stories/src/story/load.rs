//! Reads story files. Every error names the file, and the step if there is one.

use std::path::{Path, PathBuf};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Act, Depth, Expected, Given, Step, Story};

/// Why a story cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The file.
    pub file: PathBuf,
    /// The place in the file, and what is wrong.
    pub text: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.file.display(), self.text)
    }
}

impl std::error::Error for Error {}

/// A story before its steps are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryFile {
    title: String,
    #[serde(default)]
    depths: Option<Vec<Depth>>,
    #[serde(default)]
    given: Value,
    steps: Vec<StepFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    #[serde(default)]
    when: Vec<Value>,
    #[serde(default)]
    then: Vec<Value>,
}

/// The story files of a folder, sorted by name.
pub fn files(stories: &Path) -> std::io::Result<Vec<PathBuf>> {
    let paths = std::fs::read_dir(stories)?.map(|entry| Ok(entry?.path()));
    let mut files = paths.collect::<std::io::Result<Vec<PathBuf>>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "yaml"));
    files.sort();
    Ok(files)
}

/// Reads a story from its file.
pub fn load(file: &Path) -> Result<Story, Error> {
    let error = |text: String| Error { file: file.to_owned(), text };
    let text = std::fs::read_to_string(file).map_err(|cause| error(cause.to_string()))?;
    let sheet: StoryFile = serde_norway::from_str(&text).map_err(|cause| error(cause.to_string()))?;
    story(sheet).map_err(error)
}

fn story(sheet: StoryFile) -> Result<Story, String> {
    let given = if sheet.given.is_null() { Given::default() } else { read(sheet.given, "given")? };
    let steps = sheet.steps.into_iter().enumerate().map(|(index, step)| read_step(index + 1, step));
    let depths = sheet.depths.unwrap_or_else(|| Depth::DEFAULT.to_vec());
    Ok(Story { title: sheet.title, depths, given, steps: steps.collect::<Result<_, _>>()? })
}

fn read_step(number: usize, step: StepFile) -> Result<Step, String> {
    let when = read_all::<Act>(number, "when", step.when)?;
    let then = read_all::<Expected>(number, "then", step.then)?;
    Ok(Step { when, then })
}

fn read_all<T: DeserializeOwned>(step: usize, part: &str, values: Vec<Value>) -> Result<Vec<T>, String> {
    let numbered = values.into_iter().enumerate();
    numbered.map(|(index, value)| read(value, &format!("step {step}, {part} {}", index + 1))).collect()
}

fn read<T: DeserializeOwned>(value: Value, place: &str) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| format!("{place}: {error}"))
}
