/* par.h - all of par. */
#ifndef PAR_PAR_H
#define PAR_PAR_H

#include <par/api.h>
#include <par/cancel.h>
#include <par/compare.h>
#include <par/equal.h>
#include <par/error.h>
#include <par/exact.h>
#include <par/extreme.h>
#include <par/filter.h>
#include <par/find.h>
#include <par/for.h>
#include <par/grid.h>
#include <par/join.h>
#include <par/join_n.h>
#include <par/local.h>
#include <par/map.h>
#include <par/move.h>
#include <par/number.h>
#include <par/options.h>
#include <par/order.h>
#include <par/pipeline.h>
#include <par/pool.h>
#include <par/random.h>
#include <par/reduce.h>
#include <par/scan.h>
#include <par/scope.h>
#include <par/shuffle.h>
#include <par/slice.h>
#include <par/sort.h>
#include <par/sort_kernel.h>
#include <par/sort_number.h>
#include <par/sort_string.h>
#include <par/stats.h>
#include <par/strided.h>
#include <par/tabulate.h>
#include <par/task.h>
#include <par/text.h>
#include <par/thread.h>
#include <par/topology.h>
#include <par/try.h>
#include <par/version.h>
#include <par/work.h>

#endif
