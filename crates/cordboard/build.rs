//! Builds the program again after the web pages have changed.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
