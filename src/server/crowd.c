#include "server/crowd.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

#include "base/mem.h"

/* An open-addressed table, at most half full; what leaves is closed up at once. */
struct crowd_place {
    uint64_t key; /* 0: free */
    unsigned clients;
};

void crowd_release(struct crowd *c)
{
    mem_free(c->at);
    *c = (struct crowd){ 0 };
}

static uint64_t number_of(const unsigned char *at, size_t len)
{
    uint64_t n = 0;

    while (len--)
        n = n << 8 | *at++;
    return n;
}

uint64_t crowd_key(const struct address *a)
{
    const uint64_t v4 = (uint64_t)1 << 32; /* as a /64 it is of ::/32, which nobody has */
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    uint64_t net;

    if (a->at.ss_family == AF_INET) {
        memcpy(&four, &a->at, sizeof four);
        return v4 | ntohl(four.sin_addr.s_addr);
    }
    if (a->at.ss_family != AF_INET6)
        return v4;
    memcpy(&six, &a->at, sizeof six);
    if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
        return v4 | number_of(six.sin6_addr.s6_addr + 12, 4);
    net = number_of(six.sin6_addr.s6_addr, 8);
    return net ? net : 1; /* of ::1 */
}

/* Where it stands, or would. */
static size_t find(const struct crowd *c, uint64_t key)
{
    size_t mask = c->room - 1, i = (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & mask;

    while (c->at[i].key && c->at[i].key != key)
        i = (i + 1) & mask;
    return i;
}

unsigned crowd_count(const struct crowd *c, uint64_t key)
{
    return c->room ? c->at[find(c, key)].clients : 0;
}

static void grow(struct crowd *c)
{
    struct crowd old = *c;

    c->room = old.room ? old.room * 2 : 16;
    c->at = mem_zero(c->room, sizeof *c->at);
    for (size_t i = 0; i < old.room; i++)
        if (old.at[i].key)
            c->at[find(c, old.at[i].key)] = old.at[i];
    mem_free(old.at);
}

void crowd_enter(struct crowd *c, uint64_t key)
{
    struct crowd_place *p;

    if (c->count * 2 >= c->room)
        grow(c);
    p = &c->at[find(c, key)];
    c->count += p->key == 0;
    p->key = key;
    p->clients++;
}

/* Those behind a freed place move up to where they are looked for. */
static void close_up(struct crowd *c, size_t freed)
{
    size_t mask = c->room - 1;

    for (size_t i = (freed + 1) & mask; c->at[i].key; i = (i + 1) & mask) {
        struct crowd_place p = c->at[i];

        c->at[i] = (struct crowd_place){ 0 };
        c->at[find(c, p.key)] = p;
    }
}

void crowd_leave(struct crowd *c, uint64_t key)
{
    size_t i = find(c, key);

    assert(c->at[i].clients > 0);
    if (--c->at[i].clients)
        return;
    c->at[i].key = 0;
    c->count--;
    close_up(c, i);
}
