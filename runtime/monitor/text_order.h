/* text_order.h - the LOCK ORDER blocks of a text report. */
#ifndef MON_TEXT_ORDER_H
#define MON_TEXT_ORDER_H

#include "runtime/monitor/report.h"

/*
 * One block a hint. tail says what stands behind the first headline (NULL:
 * nothing, or somebody else's stood first), called once.
 */
void mon_text_orders(struct mon_out *out, const struct mon_report *report,
                     void (*tail)(void *arg, uint64_t width), void *arg);

#endif
