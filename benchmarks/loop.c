/* The event loop of the compiled engine for pools of people on always-open clocks, on the same arrays: a binary heap of
 * events and one of waiting rows per pool. For the benchmark only: it says how far the loop is from plain C.
 *
 * Ends at an instant first, then what becomes ready, then every pool deals in declared order by (priority, ready, row).
 */
#include <stdint.h>
#include <stdlib.h>

typedef struct { int64_t first, second, row; } item;
typedef struct { item *items; int64_t length; } heap;

static int before(item a, item b) {
    if (a.first != b.first) return a.first < b.first;
    if (a.second != b.second) return a.second < b.second;
    return a.row < b.row;
}

static void push(heap *h, item new) {
    int64_t place = h->length++;
    while (place > 0 && before(new, h->items[(place - 1) / 2])) {
        h->items[place] = h->items[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    h->items[place] = new;
}

static item pop(heap *h) {
    item top = h->items[0], last = h->items[--h->length];
    int64_t place = 0;
    for (;;) {
        int64_t child = 2 * place + 1;
        if (child >= h->length) break;
        if (child + 1 < h->length && before(h->items[child + 1], h->items[child])) child++;
        if (!before(h->items[child], last)) break;
        h->items[place] = h->items[child];
        place = child;
    }
    h->items[place] = last;
    return top;
}

enum { COUNTS = 0, ENDS = 1 }; /* what an event does to its row; `second` of an event */

int play(int64_t rows, int64_t pools, int64_t horizon, const int64_t *work, const int64_t *pool, const int64_t *priority,
         const int64_t *needs, const int64_t *release, const int64_t *first_edge, const int64_t *successor,
         const int64_t *lag, const int64_t *units, int64_t *ready, int64_t *start, int64_t *end) {
    int64_t *missing = malloc(rows * sizeof *missing), *idle = malloc((pools + 1) * sizeof *idle);
    int64_t *members = calloc(pools + 1, sizeof *members);
    heap events = {malloc((rows + first_edge[rows] + 1) * sizeof(item)), 0};
    heap *queues = calloc(pools + 1, sizeof *queues);
    if (!missing || !idle || !members || !events.items || !queues) return 1;
    for (int64_t row = 0; row < rows; row++) {
        ready[row] = start[row] = end[row] = -1;
        missing[row] = needs[row];
        if (pool[row] >= 0) members[pool[row]]++;
        if (needs[row] == 0 && release[row] < horizon) push(&events, (item){release[row], COUNTS, row});
    }
    for (int64_t p = 0; p < pools; p++) {
        idle[p] = units[p];
        queues[p].items = malloc((members[p] + 1) * sizeof(item));
        if (!queues[p].items) return 1;
    }
    while (events.length) {
        int64_t now = events.items[0].first;
        for (;;) { /* until the instant is quiet */
            while (events.length && events.items[0].first == now) {
                item event = pop(&events);
                int64_t row = event.row;
                if (event.second == ENDS) {
                    end[row] = now;
                    if (pool[row] >= 0) idle[pool[row]]++;
                    for (int64_t edge = first_edge[row]; edge < first_edge[row + 1]; edge++) {
                        int64_t at = now + lag[edge];
                        if (at < horizon) push(&events, (item){at, COUNTS, successor[edge]});
                    }
                } else if (--missing[row] <= 0 && ready[row] < 0) {
                    ready[row] = now;
                    if (pool[row] >= 0) {
                        push(&queues[pool[row]], (item){priority[row], now, row});
                    } else {
                        start[row] = now;
                        if (now + work[row] < horizon) push(&events, (item){now + work[row], ENDS, row});
                    }
                }
            }
            for (int64_t p = 0; p < pools; p++) {
                while (idle[p] > 0 && queues[p].length) {
                    int64_t row = pop(&queues[p]).row;
                    idle[p]--;
                    start[row] = now;
                    if (now + work[row] < horizon) push(&events, (item){now + work[row], ENDS, row});
                }
            }
            if (!events.length || events.items[0].first != now) break;
        }
    }
    for (int64_t p = 0; p < pools; p++) free(queues[p].items);
    free(missing), free(idle), free(members), free(events.items), free(queues);
    return 0;
}
