/*
 * dynamic.h - what the dynamic section of a loaded object says.
 */
#ifndef HN_EXPLORE_DYNAMIC_H
#define HN_EXPLORE_DYNAMIC_H

#include <link.h>
#include <stdint.h>

struct hn_dynamic {
    uintptr_t base;            /* of the object */
    const ElfW(Dyn) * section; /* NULL: it has none */
};

/* A value; 0: it has none such. */
static inline uintptr_t hn_dynamic_value(struct hn_dynamic of, ElfW(Sxword) tag)
{
    for (const ElfW(Dyn) *d = of.section; d && d->d_tag != DT_NULL; d++)
        if (d->d_tag == tag)
            return d->d_un.d_val;
    return 0;
}

/* The same, an address: some loaders leave it relative, some do not. */
static inline const void *hn_dynamic_address(struct hn_dynamic of,
                                             ElfW(Sxword) tag)
{
    uintptr_t value = hn_dynamic_value(of, tag);

    return (const void *)(value && value < of.base ? value + of.base : value);
}

#endif
