/* sort_number_networks.h - sorting networks with the fewest known comparators, as lists X(i, j) of what
 * is exchanged if out of order.
 * Source: Knuth, The Art of Computer Programming 3, 5.3.4; 60 comparators for 16: Green, 1969. */
#ifndef PAR_SORT_NUMBER_NETWORKS_H
#define PAR_SORT_NUMBER_NETWORKS_H

#define NETWORK_4(X) X(0, 2) X(1, 3) X(0, 1) X(2, 3) X(1, 2)

/* A line is what can be exchanged at the same time. */
/* clang-format off */
#define NETWORK_8(X)                                                                               \
    X(0, 2) X(1, 3) X(4, 6) X(5, 7)                                                                \
    X(0, 4) X(1, 5) X(2, 6) X(3, 7)                                                                \
    X(0, 1) X(2, 3) X(4, 5) X(6, 7)                                                                \
    X(2, 4) X(3, 5)                                                                                \
    X(1, 4) X(3, 6)                                                                                \
    X(1, 2) X(3, 4) X(5, 6)

#define NETWORK_16(X)                                                                              \
    X(0, 13) X(1, 12) X(2, 15) X(3, 14) X(4, 8) X(5, 6) X(7, 11) X(9, 10)                          \
    X(0, 5) X(1, 7) X(2, 9) X(3, 4) X(6, 13) X(8, 14) X(10, 15) X(11, 12)                          \
    X(0, 1) X(2, 3) X(4, 5) X(6, 8) X(7, 9) X(10, 11) X(12, 13) X(14, 15)                          \
    X(0, 2) X(1, 3) X(4, 10) X(5, 11) X(6, 7) X(8, 9) X(12, 14) X(13, 15)                          \
    X(1, 2) X(3, 12) X(4, 6) X(5, 7) X(8, 10) X(9, 11) X(13, 14)                                   \
    X(1, 4) X(2, 6) X(5, 8) X(7, 10) X(9, 13) X(11, 14)                                            \
    X(2, 4) X(3, 6) X(9, 12) X(11, 13)                                                             \
    X(3, 5) X(6, 8) X(7, 9) X(10, 12)                                                              \
    X(3, 4) X(5, 6) X(7, 8) X(9, 10) X(11, 12)                                                     \
    X(6, 7) X(8, 9)
/* clang-format on */

#endif
