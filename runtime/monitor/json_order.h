/* json_order.h - lock orders in a report as vigil-report/1. */
#ifndef MON_JSON_ORDER_H
#define MON_JSON_ORDER_H

#include "runtime/monitor/json.h"
#include "runtime/monitor/report.h"

/* The hints as elements of findings[], which is open. */
void mon_json_order_findings(struct mon_json *j, const struct mon_report *r);
/* What was looked at, as the report's own field lock_order. */
void mon_json_order_counts(struct mon_json *j, const struct mon_report *r);

#endif
