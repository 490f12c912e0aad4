//! The questions of the kernels, answered with Rayon, a module for each family or algorithm. Structs
//! mirror those of the C headers field by field.

mod algo_filter;
mod algo_find;
mod algo_group;
mod algo_histogram;
mod algo_sort;
mod algo_text;
mod attempt;
mod forkjoin_arrays;
mod forkjoin_numbers;
mod histogram;
mod loops;
mod nested;
mod pool;
mod random;
mod reduce;
mod scope;
