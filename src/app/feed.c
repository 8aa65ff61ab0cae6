#include "app/feed.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>
/* readline's header needs stdio.h before it */
#include <readline/readline.h>

#include "base/mem.h"
#include "tui/keys.h"

/* A lone Esc, and a sequence cut in two on its way. */
#define ESC_DELAY (CLOCK_SECOND / 20)
/* A paste whose end was lost; no terminal pauses so long in one. */
#define PASTE_DELAY (2 * CLOCK_SECOND)
/* No sequence that a key sends is longer. */
#define SEQUENCE_MAX 32

struct feed {
    struct watch *readable, *late;
    void (*ended)(void *ctx);
    void *ctx;
    struct keys keys;
    unsigned char held[SEQUENCE_MAX]; /* of the key that has begun */
    size_t held_len;
    struct buf octets; /* one whole key, for readline to take */
    size_t taken;      /* of them */
    bool over;
};

static struct feed *self; /* readline's callbacks carry no context */

static int next_octet(FILE *from)
{
    (void)from;
    return self->taken < self->octets.len ? self->octets.at[self->taken++] : EOF;
}

static int octets_left(void)
{
    return self->taken < self->octets.len;
}

/* What has one octet or is a character goes by its meaning, so that nothing broken before it is
 * taken along; the others as they came, since the person's inputrc may know them. */
static void give(struct feed *f, const struct key *key)
{
    unsigned char octets[8];
    size_t len = key_for_editor(key, octets);

    if (key->code == K_PASTE) {
        buf_add_text(&f->octets, "\x1b[200~");
        buf_add(&f->octets, buf_span(&f->keys.paste));
        buf_add_text(&f->octets, "\x1b[201~");
    } else if (key->code == K_CHAR || len == 1) {
        buf_add(&f->octets, span_make(octets, len));
    } else {
        buf_add(&f->octets, span_make(f->held, f->held_len));
    }
    f->held_len = 0;
    while (octets_left() && !f->over)
        rl_callback_read_char();
    mem_wipe(f->octets.at, f->octets.len);
    buf_clear(&f->octets);
    f->taken = 0;
}

static void take(struct feed *f, unsigned char c)
{
    struct key key;

    if (f->held_len < sizeof f->held)
        f->held[f->held_len++] = c;
    if (keys_take(&f->keys, c, &key)) {
        give(f, &key);
        if (keys_waiting(&f->keys) != KEYS_WAIT_NONE)
            f->held[f->held_len++] = c; /* the second of two Esc begins anew */
    } else if (keys_waiting(&f->keys) == KEYS_WAIT_NONE) {
        f->held_len = 0;
    }
}

static void wait_for_more(struct feed *f)
{
    enum keys_wait wait = keys_waiting(&f->keys);

    if (f->over || wait == KEYS_WAIT_NONE)
        watch_stop(f->late);
    else
        watch_set_timer(f->late, wait == KEYS_WAIT_SHORT ? ESC_DELAY : PASTE_DELAY);
}

static void late(void *ctx)
{
    struct feed *f = ctx;
    struct key key;

    if (keys_late(&f->keys, &key))
        give(f, &key);
    f->held_len = 0;
    wait_for_more(f);
}

static void readable(void *ctx)
{
    struct feed *f = ctx;
    unsigned char octets[4096];
    ssize_t n = read(STDIN_FILENO, octets, sizeof octets);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) {
        f->ended(f->ctx);
        return;
    }
    for (ssize_t i = 0; i < n && !f->over; i++)
        take(f, octets[i]);
    wait_for_more(f);
}

struct feed *feed_new(struct loop *l, void (*ended)(void *ctx), void *ctx)
{
    struct feed *f = mem_zero(1, sizeof *f);

    self = f;
    f->ended = ended;
    f->ctx = ctx;
    rl_getc_function = next_octet;
    rl_input_available_hook = octets_left;
    f->readable = loop_watch_read(l, STDIN_FILENO, LOOP_TERMINAL, readable, f);
    f->late = loop_timer(l, late, f);
    return f;
}

bool feed_clear(struct feed *f)
{
    if (keys_waiting(&f->keys) == KEYS_WAIT_NONE)
        return false;
    keys_release(&f->keys);
    f->keys = (struct keys){ 0 };
    f->held_len = 0;
    watch_stop(f->late);
    return true;
}

void feed_end(struct feed *f)
{
    f->over = true;
    watch_stop(f->readable);
}

void feed_free(struct feed *f)
{
    if (!f)
        return;
    watch_free(f->readable);
    watch_free(f->late);
    rl_getc_function = rl_getc;
    rl_input_available_hook = NULL;
    keys_release(&f->keys);
    buf_release(&f->octets);
    mem_free(f);
    self = NULL;
}
