/*
 * What is sent is a queue of steps, each of which awaits one reply; replies come in the order of
 * the commands (RFC 5321 4.1.1, RFC 2920 3.1), so the oldest step is the one that is answered.
 */
#include "live/delivery.h"

#include "base/mem.h"
#include "dialogue/mask.h"
#include "live/echo.h"
#include "live/login.h"
#include "net/sasl.h"
#include "registry/keywords.h"

/* What comes after the letter is politeness: nobody waits long for it. */
#define QUIT_WAIT (10 * CLOCK_SECOND)
/* A reply of which more is kept by nobody. */
#define REPLY_TEXT_MAX ((size_t)8 * 1024)

#define X(name, word, doing) word,
static const char *const words[] = { DELIVERY_STAGES(X) };
#undef X
#define X(name, word, doing) doing,
static const char *const doings[] = { DELIVERY_STAGES(X) };
#undef X

const char *delivery_stage_word(enum delivery_stage s)
{
    return words[s];
}

const char *delivery_stage_doing(enum delivery_stage s)
{
    return doings[s];
}

/* Sent, and not answered yet. */
struct step {
    enum delivery_stage stage;
    size_t recipient;
    int64_t sent;
};

struct delivery {
    struct loop *loop;
    struct record *record;
    struct delivery_plan plan;
    struct delivery_hooks hooks;
    struct client *client;
    struct watch *timer;
    uint32_t seen;   /* lines of the record */
    struct buf text; /* of the reply that is coming in */
    struct enhanced_code enhanced;
    struct step *steps; /* owned; from `step_at` on they wait */
    size_t step_at, step_count, step_room;
    struct delivery_reply *replies; /* owned */
    size_t reply_count, reply_room;
    bool *accepted; /* owned; by recipient: RCPT was, and then the letter */
    size_t accepted_count, letters;
    struct login_talk *login;
    struct buf secrets; /* of the login, as sent and as typed (live/echo.h) */
    bool gave_up;       /* "*" was sent, which ends a login (RFC 4954 4) */
    bool handshake;     /* EHLO is due once it is done */
    bool old;           /* HELO: no extensions */
    bool pipelined, utf8, sent_letter, encrypted;
    bool quitting, done;
    enum delivery_stage stage, failed_at;
    int status;
    struct buf why;
};

/* The first thing that goes wrong is told; the status is the worst. */
static void went_wrong(struct delivery *d, enum delivery_stage stage, int status,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));
static void went_wrong(struct delivery *d, enum delivery_stage stage, int status,
                       const char *format, ...)
{
    va_list args;

    if (status > d->status)
        d->status = status;
    if (d->why.len)
        return;
    d->failed_at = stage;
    va_start(args, format);
    buf_vprintf(&d->why, format, args);
    va_end(args);
}

static void push_step(struct delivery *d, enum delivery_stage stage, size_t recipient)
{
    if (d->step_count == d->step_room) {
        d->step_room = d->step_room ? 2 * d->step_room : 16;
        d->steps = mem_resize(d->steps, d->step_room, sizeof *d->steps);
    }
    d->steps[d->step_count++] = (struct step){ stage, recipient, loop_now(d->loop) };
    d->stage = stage;
}

static void wait_anew(struct delivery *d)
{
    bool short_wait = d->quitting && d->plan.timeout > QUIT_WAIT;

    watch_set_timer(d->timer, short_wait ? QUIT_WAIT : d->plan.timeout);
}

static void send_line(struct delivery *d, enum delivery_stage stage, size_t recipient,
                      const struct buf *line)
{
    struct buf octets = { 0 };

    buf_add(&octets, buf_span(line));
    buf_add_text(&octets, "\r\n");
    push_step(d, stage, recipient);
    if (stage == DELIVERY_AUTH) {
        struct span said = buf_span(line);
        size_t word = said.len;

        while (word && said.at[word - 1] != ' ')
            word--;
        echo_add(&d->secrets, span_from(said, word));
    }
    client_send(d->client, buf_span(&octets));
    mem_wipe(octets.at, octets.len);
    buf_release(&octets);
    wait_anew(d);
}

static void send_text(struct delivery *d, enum delivery_stage stage, const char *text)
{
    struct buf line = { 0 };

    buf_add_text(&line, text);
    send_line(d, stage, d->plan.to_count, &line);
    buf_release(&line);
}

static void quit(struct delivery *d)
{
    if (d->quitting)
        return;
    d->quitting = true;
    send_text(d, DELIVERY_QUIT, "QUIT");
}

static bool offers(const struct delivery *d, const char *keyword)
{
    const struct observer *o = record_now(d->record, client_dialogue(d->client));

    return !d->old && observer_offers(o, (unsigned)keyword_number(span_of(keyword)));
}

/* A name that is no domain is worth less than our own address (RFC 5321 4.1.4). */
static void hello(struct delivery *d)
{
    const char *name = d->plan.client.name, *own = client_local(d->client);
    struct buf line = { 0 };

    buf_printf(&line, "%s ", d->plan.lmtp ? "LHLO" : d->old ? "HELO" : "EHLO");
    if (d->plan.name_guessed && !strchr(name, '.') && own[0])
        buf_printf(&line, "[%s%.*s]", strchr(own, ':') ? "IPv6:" : "", (int)strcspn(own, "%"), own);
    else
        buf_add_text(&line, name);
    send_line(d, DELIVERY_HELLO, d->plan.to_count, &line);
    buf_release(&line);
}

static bool eight_bit(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] & 0x80)
            return true;
    return false;
}

/* The header of the letter: up to its first empty line. */
static struct span header_of(struct span letter)
{
    for (size_t i = 0; i < letter.len; i++) {
        if (letter.at[i] != '\n')
            continue;
        if (i + 1 < letter.len && letter.at[i + 1] == '\n')
            return span_first(letter, i + 1);
        if (i + 2 < letter.len && letter.at[i + 1] == '\r' && letter.at[i + 2] == '\n')
            return span_first(letter, i + 1);
    }
    return letter;
}

static bool paths_need_utf8(const struct delivery *d)
{
    bool needed = eight_bit(span_of(d->plan.from));

    for (size_t i = 0; i < d->plan.to_count; i++)
        needed = needed || eight_bit(span_of(d->plan.to[i]));
    return needed;
}

/* The letter as it travels, without the dot. */
static void stuff(const struct delivery *d, struct buf *out)
{
    struct body_stuffer s = { 0 };

    body_stuff(&s, d->plan.letter, out);
    body_stuff_end(&s, out);
}

/* What SIZE counts: line ends are CRLF, but no stuffing and no dot (RFC 1870 3). */
static uint64_t letter_size(struct span letter)
{
    uint64_t size = letter.len;

    for (size_t i = 0; i < letter.len; i++) {
        bool cr = i > 0 && letter.at[i - 1] == '\r';

        if (letter.at[i] == '\n' && !cr)
            size++;
        if (letter.at[i] == '\r' && (i + 1 == letter.len || letter.at[i + 1] != '\n'))
            size++;
    }
    if (letter.len && letter.at[letter.len - 1] != '\n' && letter.at[letter.len - 1] != '\r')
        size += 2;
    return size;
}

/* "MAIL FROM:<...>" with the parameters that the server offers and the letter needs. False: it
 * cannot be sent here. */
static bool make_mail(struct delivery *d, struct buf *line)
{
    bool eight = eight_bit(d->plan.letter), paths = paths_need_utf8(d);

    if (paths && !offers(d, "SMTPUTF8")) {
        went_wrong(d, DELIVERY_MAIL, STATUS_DIFFERENT,
                   "an address holds letters outside ASCII, and the server does not offer SMTPUTF8 "
                   "(RFC 6531 3.1)");
        return false;
    }
    if (eight && !offers(d, "8BITMIME")) {
        went_wrong(d, DELIVERY_MAIL, STATUS_DIFFERENT,
                   "the letter holds octets above 127, and the server does not offer 8BITMIME (RFC "
                   "6152 2)");
        return false;
    }
    buf_printf(line, "MAIL FROM:<%s>", d->plan.from);
    if (offers(d, "SIZE"))
        buf_printf(line, " SIZE=%llu", (unsigned long long)letter_size(d->plan.letter));
    if (eight)
        buf_add_text(line, " BODY=8BITMIME");
    if (offers(d, "SMTPUTF8") && (paths || eight_bit(header_of(d->plan.letter))))
        buf_add_text(line, " SMTPUTF8");
    return true;
}

static void rcpt(struct delivery *d, size_t i)
{
    struct buf line = { 0 };

    buf_printf(&line, "RCPT TO:<%s>", d->plan.to[i]);
    send_line(d, DELIVERY_RCPT, i, &line);
    buf_release(&line);
}

/* The envelope, all at once where the server lets it (RFC 2920 3.1: DATA comes last in a group). */
static void begin_letter(struct delivery *d)
{
    struct buf line = { 0 };

    if (make_mail(d, &line)) {
        d->pipelined = offers(d, "PIPELINING");
        send_line(d, DELIVERY_MAIL, d->plan.to_count, &line);
        for (size_t i = 0; d->pipelined && i < d->plan.to_count; i++)
            rcpt(d, i);
        if (d->pipelined)
            send_text(d, DELIVERY_DATA, "DATA");
    } else {
        quit(d);
    }
    buf_release(&line);
}

static void no_login(struct delivery *d, int status, const char *why)
{
    went_wrong(d, DELIVERY_AUTH, status, "%s", why);
    quit(d);
}

static void log_in(struct delivery *d)
{
    bool tls = client_encrypted(d->client);
    struct buf offered = { 0 }, binding = { 0 }, line = { 0 };
    struct span best;
    char *mechanism;

    login_offered(d->record, client_dialogue(d->client), &offered);
    client_channel_binding(d->client, &binding);
    best = sasl_best(buf_span(&offered), tls, false, binding.len > 0);
    mechanism = mem_strndup((const char *)best.at, best.len);
    if (!best.len)
        no_login(d, STATUS_DIFFERENT,
                 offered.len ? "the server offers no method of login that this program knows"
                 : tls       ? "the server offers no login here"
                             : "the server offers no login; many offer it only after STARTTLS");
    else if (!tls && !d->plan.in_clear && login_shows_secret(mechanism))
        no_login(d, STATUS_TLS,
                 "the talk is not encrypted, so all on the way could read the password");
    else if ((d->login = login_new(mechanism, d->plan.user, d->plan.secret, buf_span(&binding))) ==
             NULL)
        no_login(d, STATUS_DIFFERENT, "this method of login is not possible here");
    else if (echo_add(&d->secrets, span_of(d->plan.secret ? d->plan.secret : "")),
             !login_command(d->login, &line))
        no_login(d, STATUS_DIFFERENT, login_why(d->login));
    else
        send_line(d, DELIVERY_AUTH, d->plan.to_count, &line);
    if (line.at)
        mem_wipe(line.at, line.cap);
    buf_release(&line);
    buf_release(&offered);
    buf_release(&binding);
    mem_free(mechanism);
}

/* The server knows who we are: what comes next? */
static void after_hello(struct delivery *d)
{
    if (d->plan.starttls && !client_encrypted(d->client)) {
        if (offers(d, "STARTTLS")) {
            send_text(d, DELIVERY_TLS, "STARTTLS");
            return;
        }
        went_wrong(d, DELIVERY_TLS, STATUS_TLS, "the server does not offer STARTTLS");
        quit(d);
    } else if (d->plan.user) {
        log_in(d);
    } else {
        begin_letter(d);
    }
}

static void refuse(struct delivery *d, const struct delivery_reply *r, int status)
{
    struct span text = span_of(r->text);

    text = span_first(text, span_find(text, '\n'));
    if (r->recipient < d->plan.to_count)
        went_wrong(d, r->stage, status, "<%s> was refused: %u %.*s", d->plan.to[r->recipient],
                   r->code, SPAN_ARG(text));
    else
        went_wrong(d, r->stage, status, "%u %.*s", r->code, SPAN_ARG(text));
}

static void hello_answered(struct delivery *d, const struct delivery_reply *r)
{
    if (r->code / 100 == 2) {
        after_hello(d);
    } else if (r->code / 100 == 5 && !d->old && !d->plan.lmtp && !d->plan.starttls &&
               !d->plan.user) {
        d->old = true; /* RFC 5321 3.2: a server that does not know EHLO */
        hello(d);
    } else {
        refuse(d, r, STATUS_DIFFERENT);
        quit(d);
    }
}

static void auth_answered(struct delivery *d, const struct delivery_reply *r)
{
    struct buf line = { 0 };

    if (r->code == 334 && d->gave_up) {
        went_wrong(d, DELIVERY_AUTH, STATUS_BROKEN, "the server does not end the login");
        client_stop(d->client, "the server does not end the login");
        return;
    }
    if (r->code == 334) {
        d->gave_up = !login_answer(d->login, span_of(r->text), &line);
        if (d->gave_up)
            went_wrong(d, DELIVERY_AUTH, STATUS_DIFFERENT, "%s", login_why(d->login));
        send_line(d, DELIVERY_AUTH, d->plan.to_count, &line);
        if (line.at)
            mem_wipe(line.at, line.cap);
        buf_release(&line);
        return;
    }
    if (r->code / 100 == 2 && !login_proved(d->login))
        no_login(d, STATUS_DIFFERENT, "the server did not prove that it knows the password");
    else if (r->code / 100 == 2 && !d->status)
        begin_letter(d);
    else {
        refuse(d, r, STATUS_DIFFERENT);
        quit(d);
    }
    login_free(d->login);
    d->login = NULL;
}

static void mail_answered(struct delivery *d, const struct delivery_reply *r)
{
    bool good = r->code / 100 == 2;

    if (!good)
        refuse(d, r, STATUS_DIFFERENT);
    if (d->pipelined)
        return; /* the rest is on its way; its replies come */
    if (good)
        rcpt(d, 0);
    else
        quit(d);
}

static void rcpt_answered(struct delivery *d, const struct delivery_reply *r)
{
    if (r->code / 100 == 2) {
        d->accepted[r->recipient] = true;
        d->accepted_count++;
    } else {
        refuse(d, r, STATUS_DIFFERENT);
    }
    if (d->pipelined)
        return;
    if (r->recipient + 1 < d->plan.to_count)
        rcpt(d, r->recipient + 1);
    else if (d->accepted_count)
        send_text(d, DELIVERY_DATA, "DATA");
    else
        quit(d);
}

static void hand_over(struct delivery *d)
{
    struct buf octets = { 0 };

    d->sent_letter = true;
    d->encrypted = client_encrypted(d->client);
    if (d->accepted_count)
        stuff(d, &octets);
    else /* RFC 2920 3.1: a server that takes DATA for nobody gets an empty letter */
        buf_add_text(&octets, ".\r\n");
    for (size_t i = 0; d->plan.lmtp && i < d->plan.to_count; i++)
        if (d->accepted[i])
            push_step(d, DELIVERY_LETTER, i);
    if (!d->plan.lmtp || !d->accepted_count)
        push_step(d, DELIVERY_LETTER, d->plan.to_count);
    client_send(d->client, buf_span(&octets));
    buf_release(&octets);
    wait_anew(d);
}

static void data_answered(struct delivery *d, const struct delivery_reply *r)
{
    if (r->code == 354) {
        hand_over(d);
        return;
    }
    for (size_t i = 0; i < d->plan.to_count; i++)
        d->accepted[i] = false;
    refuse(d, r, STATUS_DIFFERENT);
    quit(d);
}

static void letter_answered(struct delivery *d, const struct delivery_reply *r)
{
    bool good = r->code / 100 == 2;

    if (good)
        d->letters++;
    else
        refuse(d, r, STATUS_DIFFERENT);
    for (size_t i = 0; i < d->plan.to_count; i++)
        if (!good && (r->recipient == i || r->recipient == d->plan.to_count))
            d->accepted[i] = false;
    if (d->step_at == d->step_count)
        quit(d);
}

/* What is no reply at all, and what ends the session from anywhere (RFC 5321 4.2.3, 421). */
static bool breaks(struct delivery *d, const struct delivery_reply *r)
{
    if (r->stage == DELIVERY_QUIT)
        return false;
    if (r->code == 421) {
        refuse(d, r, STATUS_BROKEN);
        quit(d);
        return true;
    }
    if (r->code >= 200 && r->code <= 599)
        return false;
    went_wrong(d, r->stage, STATUS_BROKEN, "what the server says is no SMTP reply");
    client_stop(d->client, "the server does not speak SMTP");
    return true;
}

static void answered(struct delivery *d, const struct delivery_reply *r)
{
    if (breaks(d, r) || (d->quitting && r->stage != DELIVERY_QUIT))
        return;
    switch (r->stage) {
    case DELIVERY_CONNECT:
    case DELIVERY_STAGE_COUNT:
        break;
    case DELIVERY_GREETING:
        if (r->code / 100 == 2) {
            hello(d);
        } else {
            refuse(d, r, STATUS_DIFFERENT);
            quit(d);
        }
        break;
    case DELIVERY_HELLO:
        hello_answered(d, r);
        break;
    case DELIVERY_TLS:
        d->handshake = r->code == 220;
        if (!d->handshake) {
            refuse(d, r, STATUS_TLS);
            quit(d);
        }
        break;
    case DELIVERY_AUTH:
        auth_answered(d, r);
        break;
    case DELIVERY_MAIL:
        mail_answered(d, r);
        break;
    case DELIVERY_RCPT:
        rcpt_answered(d, r);
        break;
    case DELIVERY_DATA:
        data_answered(d, r);
        break;
    case DELIVERY_LETTER:
        letter_answered(d, r);
        break;
    case DELIVERY_QUIT:
        client_close(d->client);
        break;
    }
}

/* A whole reply: keeps it, and does what follows. One that nobody asked for answers no step; only
 * 421 means something then. */
static void take_reply(struct delivery *d, unsigned code, int64_t at)
{
    bool asked = d->step_at < d->step_count;
    struct step step =
        asked ? d->steps[d->step_at] : (struct step){ d->stage, d->plan.to_count, at };
    bool challenge = step.stage == DELIVERY_AUTH && code == 334;
    struct delivery_reply *r;

    if (!asked && code != 421)
        return;
    d->step_at += asked;
    if (d->reply_count == d->reply_room) {
        d->reply_room = d->reply_room ? 2 * d->reply_room : 16;
        d->replies = mem_resize(d->replies, d->reply_room, sizeof *d->replies);
    }
    r = &d->replies[d->reply_count++];
    *r = (struct delivery_reply){ .stage = step.stage,
                                  .recipient = step.recipient,
                                  .code = code,
                                  .enhanced = d->enhanced,
                                  .text = challenge ? mem_strdup(buf_text(&d->text))
                                                    : echo_mask(&d->secrets, buf_span(&d->text)),
                                  .sent = step.sent,
                                  .at = at };
    answered(d, r);
    if (challenge) { /* passwords can be tried out against what a SCRAM server says here */
        mem_free(r->text);
        r->text = mem_strdup(MASK);
    }
}

static void read_line(struct delivery *d, uint32_t n)
{
    struct record_line line;
    struct reply_line part;

    record_line(d->record, client_dialogue(d->client), n, 0, &line);
    reply_line_parse(&line.line, &part);
    if (line.reply_start) {
        buf_clear(&d->text);
        d->enhanced = part.enhanced;
    } else if (d->text.len < REPLY_TEXT_MAX) {
        buf_add_octet(&d->text, '\n');
    }
    if (d->text.len < REPLY_TEXT_MAX)
        buf_add(&d->text, part.words);
    if (line.reply_end)
        take_reply(d, part.code, line.time);
}

static void changed(void *ctx)
{
    struct delivery *d = ctx;
    unsigned n = client_dialogue(d->client);

    if (!client_ended(d->client))
        wait_anew(d);
    while (d->seen < record_lines(d->record, n) && !client_ended(d->client))
        if (record_line_side(d->record, n, ++d->seen) == SIDE_SERVER)
            read_line(d, d->seen);
    if (d->handshake && client_encrypted(d->client)) {
        d->handshake = false;
        hello(d);
    }
    if (d->hooks.changed)
        d->hooks.changed(d->hooks.ctx);
}

/* How the connection ended, where that was not our own wish. */
static void judge_end(struct delivery *d)
{
    unsigned n = client_dialogue(d->client);
    enum delivery_stage at = d->step_at < d->step_count ? d->steps[d->step_at].stage : d->stage;
    struct record_event e; /* the last one: the talk's end */

    record_event_get(d->record, n, record_events(d->record, n) - 1, &e);
    switch (e.event) {
    case TALK_NOT_FOUND:
    case TALK_NO_MX:
    case TALK_REFUSED:
    case TALK_UNREACHABLE:
    case TALK_CONNECT_TIMEOUT:
        went_wrong(d, DELIVERY_CONNECT, STATUS_CONNECT, "%s: %.*s", talk_event_text(e.event),
                   SPAN_ARG(e.detail));
        return;
    default:
        break;
    }
    if (client_tls_failed(d->client))
        went_wrong(d, DELIVERY_TLS, STATUS_TLS, "%.*s", SPAN_ARG(e.detail));
    else if (!d->quitting)
        went_wrong(d, at, STATUS_BROKEN, "%s", talk_event_text(e.event));
}

static void ended(void *ctx)
{
    struct delivery *d = ctx;

    if (d->done)
        return;
    d->done = true;
    watch_stop(d->timer);
    judge_end(d);
    if (d->status == STATUS_OK && !d->letters)
        went_wrong(d, d->stage, STATUS_BROKEN, "the letter was not taken");
    for (size_t i = d->step_at; i < d->step_count; i++)
        if (d->steps[i].stage == DELIVERY_LETTER)
            d->accepted[d->steps[i].recipient] = false; /* nobody said that it was taken */
    if (d->hooks.ended)
        d->hooks.ended(d->hooks.ctx);
}

static void waited(void *ctx)
{
    struct delivery *d = ctx;

    client_stop(d->client, "no reply came in time");
    if (!d->quitting)
        went_wrong(d, d->step_at < d->step_count ? d->steps[d->step_at].stage : d->stage,
                   STATUS_BROKEN, "no reply came in time");
}

static struct tls_context *tls_of(void *ctx)
{
    return ((struct delivery *)ctx)->plan.tls;
}

struct delivery *delivery_new(struct loop *l, struct record *r, const struct delivery_plan *plan,
                              const struct delivery_hooks *hooks)
{
    struct delivery *d = mem_zero(1, sizeof *d);
    struct client_hooks own = { changed, ended, d, tls_of };

    *d = (struct delivery){ .loop = l, .record = r, .plan = *plan, .hooks = *hooks };
    d->accepted = mem_zero(plan->to_count + 1, sizeof *d->accepted);
    d->timer = loop_timer(l, waited, d);
    d->client = client_new(l, r, &d->plan.client, &own);
    push_step(d, DELIVERY_GREETING, plan->to_count);
    return d;
}

void delivery_free(struct delivery *d)
{
    if (!d)
        return;
    d->done = true;
    client_free(d->client);
    watch_free(d->timer);
    login_free(d->login);
    echo_release(&d->secrets);
    for (size_t i = 0; i < d->reply_count; i++)
        mem_free(d->replies[i].text);
    mem_free(d->replies);
    mem_free(d->steps);
    mem_free(d->accepted);
    buf_release(&d->text);
    buf_release(&d->why);
    mem_free(d);
}

unsigned delivery_dialogue(const struct delivery *d)
{
    return client_dialogue(d->client);
}

bool delivery_ended(const struct delivery *d)
{
    return d->done;
}

void delivery_stop(struct delivery *d, const char *why)
{
    went_wrong(d, d->stage, STATUS_BROKEN, "%s", why);
    client_stop(d->client, why);
}

size_t delivery_replies(const struct delivery *d)
{
    return d->reply_count;
}

const struct delivery_reply *delivery_reply(const struct delivery *d, size_t i)
{
    return &d->replies[i];
}

bool delivery_accepted(const struct delivery *d, size_t recipient)
{
    return d->letters && d->accepted[recipient];
}

enum delivery_stage delivery_stage(const struct delivery *d)
{
    return d->why.len ? d->failed_at : DELIVERY_QUIT;
}

int delivery_status(const struct delivery *d)
{
    return d->status;
}

const char *delivery_why(const struct delivery *d)
{
    return buf_text(&d->why);
}

bool delivery_encrypted(const struct delivery *d)
{
    return d->encrypted;
}
