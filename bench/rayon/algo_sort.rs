//! The sorts of algo_sort.h with Rayon.

use rayon::prelude::*;
use std::ffi::CStr;
use std::os::raw::c_char;
use std::slice::from_raw_parts_mut;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Record {
    key: u64,
    value: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text(*const c_char);

unsafe impl Send for Text {}
unsafe impl Sync for Text {}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_stable_keys(v: *mut u64, n: usize) {
    from_raw_parts_mut(v, n).par_sort_by(|a, b| a.cmp(b));
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_unstable_keys(v: *mut u64, n: usize) {
    from_raw_parts_mut(v, n).par_sort_unstable_by(|a, b| a.cmp(b));
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_stable_records(v: *mut Record, n: usize) {
    from_raw_parts_mut(v, n).par_sort_by(|a, b| a.key.cmp(&b.key));
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_unstable_records(v: *mut Record, n: usize) {
    from_raw_parts_mut(v, n).par_sort_unstable_by(|a, b| a.key.cmp(&b.key));
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_strings(v: *mut Text, n: usize) {
    from_raw_parts_mut(v, n).par_sort_by(|a, b| CStr::from_ptr(a.0).cmp(CStr::from_ptr(b.0)));
}
