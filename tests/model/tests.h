/* tests.h - the lists of tests, one a file; each ends with a test without a name. */
#ifndef MODEL_TESTS_H
#define MODEL_TESTS_H

#include "model.h"

extern const model_test_t tests_litmus[];
extern const model_test_t tests_forks[];
extern const model_test_t tests_deque[];
extern const model_test_t tests_park[];
extern const model_test_t tests_sleep[];
extern const model_test_t tests_queue[];
extern const model_test_t tests_join[];
extern const model_test_t tests_stranger[];
extern const model_test_t tests_chain[];

#endif
