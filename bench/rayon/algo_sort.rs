//! The sorts of algo_sort_data.h with Rayon.

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

macro_rules! sorts {
    ($stable:ident, $unstable:ident, $item:ty, $compare:expr) => {
        #[no_mangle]
        pub unsafe extern "C" fn $stable(v: *mut $item, n: usize) {
            from_raw_parts_mut(v, n).par_sort_by($compare);
        }

        #[no_mangle]
        pub unsafe extern "C" fn $unstable(v: *mut $item, n: usize) {
            from_raw_parts_mut(v, n).par_sort_unstable_by($compare);
        }
    };
}

sorts!(bench_rayon_stable_int32, bench_rayon_unstable_int32, i32, |a, b| a.cmp(b));
sorts!(bench_rayon_stable_uint64, bench_rayon_unstable_uint64, u64, |a, b| a.cmp(b));
sorts!(bench_rayon_stable_double, bench_rayon_unstable_double, f64, |a, b| a.total_cmp(b));
sorts!(bench_rayon_stable_records, bench_rayon_unstable_records, Record, |a, b| a.key.cmp(&b.key));

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_stable_strings(v: *mut Text, n: usize) {
    from_raw_parts_mut(v, n).par_sort_by(|a, b| CStr::from_ptr(a.0).cmp(CStr::from_ptr(b.0)));
}
