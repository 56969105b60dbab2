/* by_global - two who would go on to what a global holds: neither has lost it. */
#include <vigil/scenario.h>

static struct {
    chan(int) orders, bills;
} shop;

static void customer(int n)
{
    go_name("customer");
    for (int i = 0; i < n; i++) {
        chan_send(shop.orders, i);
        chan_recv(shop.bills);
    }
}

static void waiter(int n)
{
    go_name("waiter");
    for (int i = 0; i < n; i++) {
        chan_recv(shop.orders);
        chan_send(shop.bills, i);
        chan_send(shop.bills, i); /* once too often */
    }
}

SCENARIO(by_global, .about = "two bills for one order",
         .expect = EXPECT_LEAK(2))
{
    shop.orders = chan_make(int, 0);
    shop.bills = chan_make(int, 0);
    chan_name(shop.orders, "orders");
    chan_name(shop.bills, "bills");
    go(customer, 2);
    go(waiter, 2);
}
