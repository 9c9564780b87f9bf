//! Scripts: messages to a session or to the core and time that passes, with one JSON value on each line.
//!
//! A line that cannot be read is skipped, so that a mutation of one line does not affect the others.

use serde::de::DeserializeOwned;

/// The largest number of lines that are read from a script. Our choice: a run takes milliseconds.
const LINES_MAX: usize = 200;

/// The longest time of one step, in milliseconds. Our choice: a day.
const SPAN_MS_MAX: u64 = 86_400_000;

/// Reads the lines of a script, and skips those that are invalid.
pub fn lines<T: DeserializeOwned>(script: &[u8]) -> impl Iterator<Item = T> {
    let lines = script.split(|byte| *byte == b'\n').take(LINES_MAX);
    lines.filter_map(|line| serde_json::from_slice(line).ok())
}

/// Limits a time to the longest time of one step.
pub(crate) fn span_ms(ms: u64) -> u64 {
    ms.min(SPAN_MS_MAX)
}

/// Changes one line or one word, so that most scripts are still valid.
pub fn mutate(script: &[u8], seed: u32) -> Vec<u8> {
    let mut random = Random(u64::from(seed));
    let mut lines: Vec<Vec<u8>> = script.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (from, to) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(6) {
        0 => lines.insert(to, lines[from].clone()),
        1 => lines.swap(from, to),
        2 if lines.len() > 1 => drop(lines.remove(from)),
        _ => lines[to] = with_another_word(&lines[to], &lines[from], &mut random),
    }
    lines.join(&b'\n')
}

/// Returns `line` with one of its words replaced by a word of `other`.
fn with_another_word(line: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let (words, others) = (words(line), words(other));
    if words.is_empty() || others.is_empty() {
        return line.to_vec();
    }
    let (place, word) = (&words[random.below(words.len())], &others[random.below(others.len())]);
    [&line[..place.start], &other[word.clone()], &line[place.end..]].concat()
}

/// The positions of the words and numbers of a line.
fn words(line: &[u8]) -> Vec<std::ops::Range<usize>> {
    let is_word = |index: usize| line[index].is_ascii_alphanumeric() || b"-_+.".contains(&line[index]);
    let starts = (0..line.len()).filter(|index| is_word(*index) && (*index == 0 || !is_word(index - 1)));
    starts.map(|start| start..(start..line.len()).find(|end| !is_word(*end)).unwrap_or(line.len())).collect()
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}
