#include "server/mailboxes.h"

#include "base/buf.h"
#include "base/mem.h"
#include "smtp/path.h"

/* One letter, shared by the mailboxes that it is in. */
struct kept {
    struct kept *newer;
    size_t *boxes;       /* owned: the mailboxes that hold it ... */
    size_t holders;      /* ... and how many these are */
    char *from, *client; /* owned */
    int64_t when;
    char *octets; /* owned */
    size_t len;
};

/* Letters leave at the front only: the oldest of all is the first in each mailbox that holds it. */
struct mailbox {
    char *name;         /* owned */
    struct kept **kept; /* owned; letters stand from `first` on */
    size_t first, count, room;
};

struct mailboxes {
    const struct policy *policy;
    struct mailbox *at; /* owned */
    size_t count, room;
    size_t named; /* of them: by the policy */
    size_t letters, octets;
    struct kept *oldest, *newest; /* owned */
    bool rolling;
};

static size_t add_mailbox(struct mailboxes *m, struct span local, struct span domain)
{
    struct buf name = { 0 };

    if (m->count == m->room) {
        m->room = m->room ? m->room * 2 : 8;
        m->at = mem_resize(m->at, m->room, sizeof *m->at);
    }
    buf_add(&name, local);
    buf_add_octet(&name, '@');
    buf_add(&name, domain);
    m->at[m->count] = (struct mailbox){ .name = buf_detach(&name) };
    return m->count++;
}

struct mailboxes *mailboxes_new(const struct policy *policy)
{
    struct mailboxes *m = mem_zero(1, sizeof *m);

    m->policy = policy;
    for (size_t i = 0; i < policy->mailbox_count; i++)
        add_mailbox(m, span_of(policy->mailboxes[i].local), span_of(policy->mailboxes[i].domain));
    m->named = m->count;
    return m;
}

static void kept_free(struct kept *k)
{
    mem_free(k->boxes);
    mem_free(k->from);
    mem_free(k->client);
    mem_free(k->octets);
    mem_free(k);
}

void mailboxes_free(struct mailboxes *m)
{
    if (!m)
        return;
    while (m->oldest) {
        struct kept *k = m->oldest;

        m->oldest = k->newer;
        kept_free(k);
    }
    for (size_t i = 0; i < m->count; i++) {
        mem_free(m->at[i].kept);
        mem_free(m->at[i].name);
    }
    mem_free(m->at);
    mem_free(m);
}

void mailboxes_set_rolling(struct mailboxes *m, bool on)
{
    m->rolling = on;
}

/* Octets that are still free. */
static size_t room_for(const struct mailboxes *m)
{
    return (m->rolling ? SERVER_ROOM_MAX : SERVER_STORE_OCTETS_MAX) - m->octets;
}

bool mailboxes_have_room(const struct mailboxes *m, size_t octets)
{
    return octets <= room_for(m) + (m->rolling ? m->octets : 0);
}

size_t mailboxes_count(const struct mailboxes *m)
{
    return m->count;
}

const char *mailboxes_name(const struct mailboxes *m, size_t i)
{
    return m->at[i].name;
}

size_t mailboxes_find(const struct mailboxes *m, struct span name)
{
    bool whole = policy_domain(name).len > 0;

    for (size_t i = 0; i < m->count; i++) {
        struct span here = span_of(m->at[i].name);

        if (mailbox_same(whole ? here : policy_local_part(here), name))
            return i;
    }
    return MAILBOX_NONE;
}

struct span mailboxes_short_name(const struct mailboxes *m, size_t i)
{
    struct span name = span_of(m->at[i].name);

    if (span_eq_nocase(policy_domain(name), span_of(m->policy->hostname)))
        return policy_local_part(name);
    return name;
}

size_t mailboxes_letters(const struct mailboxes *m, size_t i)
{
    return m->at[i].count;
}

bool mailboxes_letter(const struct mailboxes *m, size_t i, size_t n, struct server_letter *out)
{
    const struct mailbox *box = &m->at[i];
    const struct kept *k;

    if (n == 0 || n > box->count)
        return false;
    k = box->kept[box->first + n - 1];
    *out = (struct server_letter){ k->from, box->name, k->client, k->when,
                                   span_make(k->octets, k->len) };
    return true;
}

size_t mailboxes_octets(const struct mailboxes *m)
{
    return m->octets;
}

/* <postmaster> alone is the server's own (RFC 5321 4.1.1.3). */
static size_t find_or_make(struct mailboxes *m, const char *to)
{
    struct span name = span_of(to), domain = policy_domain(name);
    struct buf full = { 0 };
    size_t i;

    if (domain.len == 0)
        domain = span_of(m->policy->hostname);
    buf_add(&full, policy_local_part(name));
    buf_add_octet(&full, '@');
    buf_add(&full, domain);
    i = mailboxes_find(m, buf_span(&full));
    if (i == MAILBOX_NONE)
        i = add_mailbox(m, policy_local_part(name), domain);
    buf_release(&full);
    return i;
}

static void put(struct mailboxes *m, size_t i, struct kept *k)
{
    struct mailbox *box = &m->at[i];

    if (box->first + box->count == box->room) {
        if (box->first > box->room / 2) {
            memmove(box->kept, box->kept + box->first, box->count * sizeof(struct kept *));
            box->first = 0;
        } else {
            box->room = box->room ? box->room * 2 : 8;
            box->kept = mem_resize(box->kept, box->room, sizeof(struct kept *));
        }
    }
    box->kept[box->first + box->count++] = k;
    k->boxes[k->holders++] = i;
    m->letters++;
}

/* The last mailbox takes the place of one that goes; the letters in it are told. */
static void drop_mailbox(struct mailboxes *m, size_t i)
{
    size_t last = --m->count;
    struct mailbox *box = &m->at[i];

    mem_free(box->kept);
    mem_free(box->name);
    *box = m->at[last];
    for (size_t n = 0; i != last && n < box->count; n++) {
        struct kept *k = box->kept[box->first + n];

        for (size_t h = 0; h < k->holders; h++)
            if (k->boxes[h] == last)
                k->boxes[h] = i;
    }
}

static void drop_oldest(struct mailboxes *m)
{
    struct kept *k = m->oldest;

    m->oldest = k->newer;
    if (!m->oldest)
        m->newest = NULL;
    m->octets -= k->len;
    m->letters -= k->holders;
    while (k->holders) {
        size_t i = k->boxes[--k->holders];
        struct mailbox *box = &m->at[i];

        box->first++;
        if (--box->count == 0 && i >= m->named)
            drop_mailbox(m, i);
    }
    kept_free(k);
}

static bool fits(const struct mailboxes *m, const struct engine_letter *letter)
{
    return letter->to_count <= SERVER_LETTERS_MAX - m->letters && letter->octets.len <= room_for(m);
}

static struct kept *keep(struct mailboxes *m, const struct engine_letter *letter, int64_t when)
{
    struct kept *k = mem_zero(1, sizeof *k);

    *k = (struct kept){ .boxes = mem_zero(letter->to_count, sizeof *k->boxes),
                        .from = mem_strndup(letter->from.at, letter->from.len),
                        .client = mem_strdup(letter->client),
                        .when = when,
                        .octets = mem_strndup(letter->octets.at, letter->octets.len),
                        .len = letter->octets.len };
    m->octets += k->len;
    if (m->newest)
        m->newest->newer = k;
    else
        m->oldest = k;
    m->newest = k;
    return k;
}

bool mailboxes_add(struct mailboxes *m, const struct engine_letter *letter, int64_t when,
                   void (*told)(void *ctx, size_t i), void *ctx)
{
    struct kept *k;

    while (m->rolling && m->oldest && !fits(m, letter))
        drop_oldest(m);
    if (!fits(m, letter))
        return false;
    k = keep(m, letter, when);
    for (size_t n = 0; n < letter->to_count; n++) {
        size_t i = find_or_make(m, letter->to[n]);
        const struct mailbox *box = &m->at[i];

        if (box->count && box->kept[box->first + box->count - 1] == k)
            continue; /* the same recipient twice */
        put(m, i, k);
        told(ctx, i);
    }
    return true;
}
