//! The groups of algo_group.h with Rayon: hash tables of its fold, merged. They hash by a multiplication,
//! as Rust programs in a hurry do: the library's own hash is proof against attacks, and slow.

use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::slice::from_raw_parts;

#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are u32")
    }
    fn write_u32(&mut self, key: u32) {
        let product = u64::from(key).wrapping_mul(0x9e3779b97f4a7c15);
        self.0 = product ^ product >> 32;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

type Map<V> = HashMap<u32, V, BuildHasherDefault<KeyHasher>>;
type Set = HashSet<u32, BuildHasherDefault<KeyHasher>>;

#[repr(C)]
pub struct Group {
    n: usize,
    keys: *const u32,
    values: *const u64,
    answer: u64,
}

fn mix(key: u32, total: u64) -> u64 {
    ((key as u64).wrapping_mul(0x9e3779b97f4a7c15) | 1).wrapping_mul(total.wrapping_add(7))
}

fn add_up(parts: impl Iterator<Item = u64>) -> u64 {
    parts.fold(0, |a, b| a.wrapping_add(b))
}

// A few tasks a thread: each fills a table.
fn chunk(n: usize) -> usize {
    n / (4 * rayon::current_num_threads()) + 1
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_group_reduce(d: &Group) -> u64 {
    let (keys, values) = (from_raw_parts(d.keys, d.n), from_raw_parts(d.values, d.n));
    let sums = keys
        .par_iter()
        .zip(values)
        .with_min_len(chunk(d.n))
        .fold(Map::<u64>::default, |mut sums, (&key, &value)| {
            *sums.entry(key).or_default() += value;
            sums
        })
        .reduce(Map::default, |a, b| {
            let (mut a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
            for (key, sum) in b {
                *a.entry(key).or_default() += sum;
            }
            a
        });
    add_up(sums.iter().map(|(&key, &sum)| mix(key, sum)))
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_group_group(d: &Group) -> u64 {
    let keys = from_raw_parts(d.keys, d.n);
    let groups = keys
        .par_iter()
        .enumerate()
        .with_min_len(chunk(d.n))
        .fold(Map::<Vec<usize>>::default, |mut groups, (i, &key)| {
            groups.entry(key).or_default().push(i);
            groups
        })
        .reduce(Map::default, |mut a, b| {
            if a.is_empty() {
                return b;
            }
            for (key, items) in b {
                a.entry(key).or_default().extend(items);
            }
            a
        });
    add_up(groups.iter().map(|(&key, items)| mix(key, items.len() as u64)))
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_group_distinct(d: &Group) -> u64 {
    let keys = from_raw_parts(d.keys, d.n);
    let distinct = keys
        .par_iter()
        .with_min_len(chunk(d.n))
        .fold(Set::default, |mut distinct, &key| {
            distinct.insert(key);
            distinct
        })
        .reduce(Set::default, |a, b| {
            let (mut a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
            a.extend(b);
            a
        });
    add_up(distinct.iter().map(|&key| mix(key, 1)))
}
