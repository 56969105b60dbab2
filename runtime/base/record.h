/*
 * record.h - what is noted always, for reports: sites, last users, waits.
 *
 * V=bare builds a runtime that notes none of it, for the benchmark alone, which
 * tells by it what these records cost. Such a runtime reports nonsense.
 */
#ifndef RT_BASE_RECORD_H
#define RT_BASE_RECORD_H

#ifdef VIGIL_BARE
#define rt_record(...) ((void)sizeof(((__VA_ARGS__), 0)))
#else
#define rt_record(...) ((void)(__VA_ARGS__))
#endif

#endif
