//! Lines and tokens of algo_text.h with Rayon's parallel string iterators, collected into a vector.

use rayon::prelude::*;
use std::slice::from_raw_parts;
use std::sync::Mutex;

#[repr(C)]
pub struct Slice {
    at: *const u8,
    n: usize,
}

unsafe impl Send for Slice {}

impl Slice {
    fn of(text: &str) -> Slice {
        Slice { at: text.as_ptr(), n: text.len() }
    }
}

#[repr(C)]
pub struct Text {
    n: usize,
    text: *const u8,
    room: usize,
    slices: *mut Slice,
    n_slices: usize,
    found: *const Slice,
}

impl Text {
    /// The text is ASCII.
    unsafe fn text(&self) -> &'static str {
        std::str::from_utf8_unchecked(from_raw_parts(self.text, self.n))
    }
}

/// The last result, which the caller looks at.
static FOUND: Mutex<Vec<Slice>> = Mutex::new(Vec::new());

fn give(d: &mut Text, found: Vec<Slice>) {
    let mut last = FOUND.lock().unwrap();
    *last = found;
    d.n_slices = last.len();
    d.found = last.as_ptr();
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_lines(d: &mut Text) {
    let found = d.text().par_lines().map(Slice::of).collect();
    give(d, found)
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_tokens(d: &mut Text) {
    let found = d.text().par_split_whitespace().map(Slice::of).collect();
    give(d, found)
}
