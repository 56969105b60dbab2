/* text_blocks.h - the goroutine blocks of a text report, as Go prints them. */
#ifndef MON_TEXT_BLOCKS_H
#define MON_TEXT_BLOCKS_H

#include "runtime/monitor/report_text.h"

void mon_text_blocks(struct mon_out *out, const struct mon_text *text);
/* The two lines of a frame; of where a goroutine was made, NULL: nothing. */
void mon_text_frame(struct mon_out *out, const struct mon_frame *f);
void mon_text_created(struct mon_out *out, const struct go_site *created,
                      uint64_t by);

#endif
