//! Recursion without cut-off that answers with a number, with Rayon's join. Structs mirror those of
//! kernels_forkjoin.h field by field.

use crate::pool::inside;

fn fib(n: u32) -> u64 {
    if n < 2 {
        return u64::from(n);
    }
    let (a, b) = rayon::join(|| fib(n - 1), || fib(n - 2));
    a + b
}

#[no_mangle]
pub extern "C" fn bench_rayon_fib(n: u32) -> u64 {
    inside(|| fib(n))
}

#[repr(C)]
pub struct Node {
    left: Option<&'static Node>,
    right: Option<&'static Node>,
    value: u64,
}

fn tree(node: &Node) -> u64 {
    match (node.left, node.right) {
        (Some(left), Some(right)) => {
            let (a, b) = rayon::join(|| tree(left), || tree(right));
            node.value + a + b
        }
        _ => node.value,
    }
}

#[no_mangle]
pub extern "C" fn bench_rayon_tree(root: &'static Node) -> u64 {
    inside(|| tree(root))
}

#[derive(Clone, Copy)]
struct Board {
    all: u32,
    columns: u32,
    left: u32,
    right: u32,
}

impl Board {
    fn free(self) -> u32 {
        self.all & !(self.columns | self.left | self.right)
    }
    fn place(self, bit: u32) -> Board {
        Board {
            all: self.all,
            columns: self.columns | bit,
            left: ((self.left | bit) << 1) & self.all,
            right: (self.right | bit) >> 1,
        }
    }
}

fn place_one(board: Board, bit: u32) -> u64 {
    let next = board.place(bit);
    if next.columns == next.all {
        1
    } else {
        place_all(next, next.free())
    }
}

fn place_all(board: Board, rest: u32) -> u64 {
    if rest == 0 {
        return 0;
    }
    let first = rest & rest.wrapping_neg();
    if rest == first {
        return place_one(board, first);
    }
    let (a, b) = rayon::join(|| place_one(board, first), || place_all(board, rest & !first));
    a + b
}

#[no_mangle]
pub extern "C" fn bench_rayon_queens(n: u32) -> u64 {
    let board = Board { all: (1 << n) - 1, columns: 0, left: 0, right: 0 };
    inside(|| place_all(board, board.free()))
}

#[repr(C)]
pub struct Uts {
    seed: u64,
    more: u64,
    depth: u32,
    children: u32,
    root: u32,
}

impl Uts {
    fn child(hash: u64, index: u64) -> u64 {
        let mut x = hash.wrapping_add((index + 1).wrapping_mul(0x9e3779b97f4a7c15));
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d049bb133111eb);
        x ^ (x >> 31)
    }

    fn children(&self, hash: u64, depth: u32) -> u32 {
        let u = hash >> 32;
        if self.depth == 0 {
            return match depth {
                0 => self.root,
                _ if u < self.more => self.children,
                _ => 0,
            };
        }
        let mut n = 0;
        if depth < self.depth {
            let mut p = self.more;
            while u < p {
                p = p.wrapping_mul(self.more) >> 32;
                n += 1;
            }
        }
        n
    }

    fn search(&self, hash: u64, depth: u32) -> u64 {
        match self.children(hash, depth) {
            0 => 1,
            n => 1 + self.search_some(hash, depth, 0, n),
        }
    }

    fn search_some(&self, hash: u64, depth: u32, first: u32, end: u32) -> u64 {
        if first + 1 == end {
            return self.search(Uts::child(hash, u64::from(first)), depth + 1);
        }
        let middle = first + (end - first) / 2;
        let (a, b) = rayon::join(
            || self.search_some(hash, depth, first, middle),
            || self.search_some(hash, depth, middle, end),
        );
        a + b
    }
}

#[no_mangle]
pub extern "C" fn bench_rayon_uts(t: &'static Uts) -> u64 {
    inside(|| t.search(t.seed, 0))
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Interval {
    x1: f64,
    y1: f64,
    x2: f64,
    y2: f64,
    area: f64,
}

fn cubic(x: f64) -> f64 {
    (x * x + 1.0) * x
}

fn interval(x1: f64, y1: f64, x2: f64, y2: f64) -> Interval {
    Interval { x1, y1, x2, y2, area: (y1 + y2) / 2.0 * (x2 - x1) }
}

fn integrate(i: Interval) -> f64 {
    let x = i.x1 + (i.x2 - i.x1) / 2.0;
    let y = cubic(x);
    let left = interval(i.x1, i.y1, x, y);
    let right = interval(x, y, i.x2, i.y2);
    let change = left.area + right.area - i.area;
    if change < 1e-6 && change > -1e-6 {
        return left.area + right.area;
    }
    let (a, b) = rayon::join(|| integrate(left), || integrate(right));
    a + b
}

#[no_mangle]
pub extern "C" fn bench_rayon_integrate(i: &Interval) -> f64 {
    let whole = *i;
    inside(move || integrate(whole))
}
