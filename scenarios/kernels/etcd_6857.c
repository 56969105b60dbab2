/*
 * etcd_6857 - a node's status is asked for when the node has stopped.
 *
 * A node answers requests for its status, each with a channel for the answer,
 * until it is stopped. Who asks sends the request and never looks whether the
 * node is still there. When the stop is served first, nobody takes the request.
 * The fix: who asks also waits for the channel that tells of the node's end.
 *
 * Class: communication. Expected: LEAK(1), the one that asks.
 */
#include <vigil/scenario.h>

typedef chan(int) answer;

struct node {
    chan(answer) status; /* requests */
    chan(bool) stop;
    chan(bool) done; /* only closed */
};

static void node_loop(struct node *n)
{
    answer reply;

    while (go_select(GO_RECV(n->status, &reply), GO_RECV(n->stop, NULL)) == 0)
        chan_send(reply, 1);
    chan_close(n->done);
}

static void status_query(struct node *n)
{
    answer reply = chan_make(int, 0);

    chan_send(n->status, reply); /* the bug: the node may be gone */
    chan_recv(reply);
}

static void status_query_fixed(struct node *n)
{
    answer reply = chan_make(int, 0);

    if (go_select(GO_SEND(n->status, reply), GO_RECV(n->done, NULL)) == 0)
        chan_recv(reply);
}

static void stopper(struct node *n)
{
    if (go_select(GO_SEND(n->stop, true), GO_RECV(n->done, NULL)) == 0)
        chan_recv(n->done);
}

static void run_node(void (*query)(struct node *))
{
    static struct node node;

    node.status = chan_make(answer, 0);
    node.stop = chan_make(bool, 0);
    node.done = chan_make(bool, 0);
    go(node_loop, &node);
    go(query, &node);
    go(stopper, &node);
}

SCENARIO(etcd_6857, .about = "asks a node that has stopped",
         .expect = EXPECT_LEAK(1), .explore = true, .origin = "GoKer etcd_6857",
         .class = "communication")
{
    run_node(status_query);
}

SCENARIO(etcd_6857_fixed, .about = "asks, unless the node is done",
         .explore = true, .origin = "GoKer etcd_6857", .class = "communication")
{
    run_node(status_query_fixed);
}
