/* parameterized.h - Criterion's tests with parameters, in plain C. */
#ifndef PLAIN_PARAMETERIZED_H
#define PLAIN_PARAMETERIZED_H
#pragma GCC system_header /* as the real one is, in /usr/include */

#include <criterion/criterion.h>

#define ParameterizedTestParameters(s, n)                                      \
    static struct criterion_test_params s##_##n##_params(void)
#define ParameterizedTest(param, s, n, ...)                                    \
    static void s##_##n##_body(param);                                         \
    static void s##_##n##_typed(void *p)                                       \
    {                                                                          \
        s##_##n##_body(p);                                                     \
    }                                                                          \
    PLAIN_REGISTER(s##_##n, #s, #n, NULL, s##_##n##_typed, s##_##n##_params,   \
                   ##__VA_ARGS__)                                              \
    static void s##_##n##_body(param)
#define cr_make_param_array(type, array, n, ...)                               \
    ((struct criterion_test_params){sizeof(type), (array), (n), __VA_ARGS__})

#endif
