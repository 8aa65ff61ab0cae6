/*
 * The inside of the console, shared by the files of this room.
 *
 * Everything that happens (a line typed, octets from a server, a timer) ends in console_turn(),
 * which lets each of the things under way take its next step: a command that takes time, a script,
 * lines that wait. So none of them needs to know the others.
 */
#ifndef CONSOLE_INNER_H
#define CONSOLE_INNER_H
#include <stdio.h>

#include "base/buf.h"
#include "console/commands.h"
#include "console/console.h"
#include "console/shape.h"
#include "live/client.h"
#include "net/address.h"
#include "net/sasl.h"
#include "stored/player.h"
#include "stored/scribe.h"

/* One connection of ours, open or over. */
struct connection {
    struct console *console;
    struct client *client;
    unsigned dialogue;
    bool local;           /* with our own server */
    bool closing;         /* we asked for its end */
    struct route *route;  /* owned: while another server of the domain may come; NULL: none may */
    bool heard;           /* its client told something since the clock was looked at */
    uint64_t sent, taken; /* octets handed over, and those that had left then */
    struct connection *next;
};

/* Lines that wait, each ended by "\n", from `at` on. */
struct line_queue {
    struct buf text;
    size_t at, count;
    bool auth; /* a login was among them */
};

/* A command that takes time. One at a time; lines that are typed meanwhile wait. */
enum busy { BUSY_NOT, BUSY_WAIT, BUSY_EXPECT, BUSY_SEND, BUSY_SLOW, BUSY_STARTTLS, BUSY_AUTH };

/* /starttls: what was sent last. */
enum securing { SECURING_BEGINS, SECURING_GREETED, SECURING_ASKED, SECURING_GREETED_AGAIN };

/* Mailboxes that were named, for completion. A person remembers no more either. */
#define NAMES_MAX 32
struct names {
    char *at[NAMES_MAX];      /* owned; the latest first */
    char *sender, *recipient; /* owned; NULL: none was named yet */
    char *hello;              /* owned; what the client called itself last */
    unsigned dialogue;        /* read up to line `seen` of this dialogue */
    uint32_t seen;
};

/* /pipeline: what is sent at once by /go. */
struct pipeline {
    bool on, auth; /* auth: a login is among the lines */
    unsigned lines;
    struct buf octets;
};

/* /send */
struct sending {
    FILE *file;
    char *path;              /* owned */
    uint64_t size, done;     /* of the file, in octets */
    unsigned told;           /* quarters that were reported */
    bool asked;              /* DATA is sent, its reply awaited */
    bool begun, end, failed; /* of the letter; nothing more is to be read; it could not be */
    struct shaper shaper;
    struct buf out; /* read, and sent up to `out_at` */
    size_t out_at;
    size_t octets; /* in one write; 0: no matter how many */
    int64_t gap;   /* microseconds between such writes */
};

/* /slow: what is typed goes out in pieces. So do the parts of /raw, whatever /slow says. */
#define SLOW_PARTS_MAX 64 /* of one /raw: nobody types more */
struct slow {
    size_t octets;      /* at a time; 0: all at once */
    int64_t gap;        /* microseconds between */
    struct buf pending; /* what goes out now, sent up to `at` */
    size_t at;
    size_t ends[SLOW_PARTS_MAX]; /* of the parts */
    unsigned parts, part;        /* how many, and the next one */
    unsigned dialogue;           /* to which it goes */
    bool auth;                   /* a login is in it */
};
struct raw_parts {
    struct buf octets; /* owned */
    size_t ends[SLOW_PARTS_MAX];
    unsigned parts;
};

/* A dialogue of the script: where it is in the record. */
struct played {
    unsigned dialogue; /* 0: not begun */
    uint32_t seen;     /* lines of it that were read */
    unsigned code;     /* of the reply that is coming in */
    struct buf reply;  /* its lines so far, joined by "\n"; owned */
};

/* /answer: a login whose answers are computed. */
struct answering {
    char *user;        /* owned; NULL: none is. Without `sasl`: the next line is the password */
    struct sasl *sasl; /* owned */
    unsigned dialogue;
    enum auth_mechanism mechanism;
    unsigned said; /* messages of the client, when the next one is due */
};

/* /auth: a login under way. Zero-filled: none is. */
struct logging_in {
    char *mechanism, *user, *secret; /* owned; NULL: not known (yet); the secret is wiped */
    struct login_talk *talk;         /* owned */
    enum { LOGIN_BEGINS, LOGIN_GREETED, LOGIN_SENT } step; /* what was sent last */
    bool unasked;                                          /* the command line wants it */
    bool chosen;                                           /* the method is */
    bool told;                                             /* that it waits for /trust */
    bool asking;                                           /* the next line is the password */
    bool gave_up;                                          /* "*" was sent */
};

struct playing {
    struct player *player; /* NULL: nothing is played */
    char *script;          /* owned */
    struct played *talks;  /* owned; by the script's number - 1 */
    unsigned count, at;    /* at: the script's number of the talk that is played now */
    int64_t until;         /* end of the pause */
    bool then_quit, awaits, pausing, commanded;
};

/* /record: what was written of each dialogue. */
struct recording {
    FILE *file;
    char *path;         /* owned */
    struct scribed *at; /* owned, by dialogue - 1 */
    unsigned count;
};

struct console {
    struct console_config config; /* its pointers borrowed, but for helo_name */
    struct console_hooks hooks;
    char *helo_name;                    /* owned */
    char lab[32];                       /* where the lab's server listens; "" none */
    char literal[ADDRESS_TEXT_MAX + 8]; /* our own address in HELO's form; "" not known yet */

    struct connection *connections; /* all that are not freed yet */
    struct connection *current;     /* NULL: none yet */
    unsigned looked_at;             /* the talk that is shown instead; 0: the current one */
    char *host;                     /* owned: the last host that was not the lab; NULL: none */
    unsigned port;
    bool host_is_domain;         /* its mail servers are meant */
    bool tls_first;              /* that one was connected to with TLS from the start */
    struct tls_context *tls;     /* owned; NULL: not needed yet */
    struct tls_context *lab_tls; /* the same, for the lab's own server */
    struct buf untrusted;        /* a secret that waits for /trust */
    enum securing securing;
    bool ever_connected; /* some connection stood */
    int broken;          /* enum status for a talk that ended badly, 0: none */

    struct line_queue queue;
    bool step_asked_data; /* the queue's last line was a DATA whose reply is awaited */
    bool skipping;        /* lines of a letter whose DATA was refused are passed over */
    unsigned skipped;
    bool input_ended, parting, lingering, closing_for_end;
    int status; /* the worst of what happened in pipes and scripts */

    enum busy busy;
    struct watch *timer; /* /wait, slices of /send, pauses of a script */
    bool timer_rang;     /* since it was set last */
    unsigned expect, expect_digits;
    bool expect_failed;
    struct watch *reply_timer; /* gives up on a silent peer, in pipes and scripts */
    bool reply_timer_set;
    struct sending sending;
    struct slow slow;
    struct playing playing;
    struct pipeline pipeline;
    struct answering answering;
    struct logging_in logging_in;
    unsigned auth_warned; /* in this dialogue: that a password would be readable */
    bool auth_due;        /* the command line wants a login after the encryption */
    struct recording recording;
    char *saved_path; /* owned: may be written over */
    struct names names;

    bool octets_on;       /* /octets on: blocks are printed as they come */
    unsigned octets_of;   /* of this dialogue */
    uint32_t octets_seen; /* so many of it are */

    struct buf kept; /* a line typed without a server: offered again */
    bool empty_warned, overshoot_warned;
    bool turning, again; /* console_turn() is at work; it must go round once more */
    bool left;           /* hooks.quit was called */
    struct buf prompt_hint;
};

/* console.c */
void console_turn(struct console *c);
/* Whole lines, each ended by a line feed; what is quoted in them is made safe to show. */
void console_say(struct console *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void console_complain(struct console *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void console_open(struct console *c, enum console_pane pane, const struct styled *text);
void console_leave(struct console *c, int status);
/* The status is at least this bad: 0 is better than 1, a broken connection worse than both. */
void console_worsen(struct console *c, int status);
/* The command under way is over. */
void console_not_busy(struct console *c);

/* The replies that came so far were to a command of the console; the script does not wait for them.
 */
void play_seen_all(struct console *c);

/* talks.c */
const struct observer *console_observer(const struct console *c); /* NULL: no talk yet */
/* The connection of a dialogue, open or over; NULL: it is forgotten. */
struct connection *console_connection(const struct console *c, unsigned dialogue);
/* False: the connection is gone. */
bool connection_send(struct connection *n, struct span octets);
/* Exactly these octets, or into the pipeline. False: there is no talk (nothing was said). */
bool console_send(struct console *c, struct span octets);
/* What to say to somebody who has no server. */
const char *console_how_to_connect(const struct console *c);
void console_reconnect(struct console *c); /* to the same server again */
bool console_was_connected(const struct console *c);
/* The number of the last line of the last whole reply that stands at or before line n; 0: none. */
uint32_t console_last_reply(const struct console *c, uint32_t n);
/* To the server of the domain whose turn it is; takes `route`. NULL: to `host`. */
void connect_routed(struct console *c, const char *host, unsigned port, bool tls_first,
                    struct route *route);
/* "HOST", "HOST:PORT", or telnet's "HOST PORT". False: it was said what is wrong. */
bool console_read_place(struct console *c, const char *command, struct span args, char host[256],
                        unsigned *port);
void command_connect(struct console *c, struct span args);
void command_close(struct console *c, struct span args);

/* auth.c */
/* The methods of login that the EHLO reply names, a blank between. */
void auth_offered(const struct console *c, struct buf *out);
void auth_begin(struct console *c); /* as the command line wants it */
bool auth_turn(struct console *c);
/* The next line is the password. */
bool auth_asks(const struct console *c);
void auth_password(struct console *c, struct span password);
void auth_release(struct console *c);
void command_auth(struct console *c, struct span args);
void complete_auth(const struct console *c, const char *arg, complete_fn *fn, void *ctx);

/* tls.c */
/* Sends EHLO, or LHLO where the person said that the server speaks LMTP. */
void console_greet(struct console *c);
/* For a client's handshake. NULL: it was said why not. */
struct tls_context *tls_context(struct connection *n);
/* After the greeting, without being asked. */
void tls_begin(struct console *c);
bool tls_turn(struct console *c);
/* True: these octets hold a secret, and wait until the server is trusted. */
bool tls_holds(struct connection *n, struct span octets);
/* TLS ended the talk. */
void tls_failed(struct console *c, const struct connection *n);
void tls_release(struct console *c);
void command_starttls(struct console *c, struct span args);
void command_trust(struct console *c, struct span args);
/* tlspage.c */
void command_tls(struct console *c, struct span args);

/* mx.c */
bool mx_turn(struct console *c);
/* Gives up a lookup, or a connection to one of several servers; false: none is under way. */
bool mx_interrupt(struct console *c);
void command_mx(struct console *c, struct span args);

/* talk.c */
void command_talk(struct console *c, struct span args);

/* enter.c */
/* Sends one typed line to the server. */
void console_send_line(struct console *c, struct span line);
/* A line that may be the console's or the server's. */
void console_take(struct console *c, struct span line);

/* answer.c */
/* The next line is the password that /answer asked for. */
bool answer_waits(const struct console *c);
void answer_password(struct console *c, struct span password);
void answer_turn(struct console *c); /* forgets a login that is over */
void answer_drop(struct console *c); /* Ctrl-C */
void answer_release(struct console *c);
void command_answer(struct console *c, struct span args);

/* encode.c */
void command_b64(struct console *c, struct span args);
void command_unb64(struct console *c, struct span args);

/* queue.c */
bool queue_turn(struct console *c); /* True: it took a step, and may be able to take another */
void queue_add(struct line_queue *q, struct span line);
void queue_release(struct line_queue *q);
void queue_drop(struct console *c);
/* Lines wait in the queue, or a script or command waits for a reply: somebody must be told when
 * none comes. */
bool queue_awaits(const struct console *c);
void queue_timed_out(struct console *c);

/* prompt.c */
/* What a typed line means for the server, with its blanks and slashes removed; of /raw and
 * /pipeline their text, which is read into `raw`. */
struct span prompt_meant(struct span line, struct buf *raw);

/* complete.c */
/* May the verb come now, and did the server offer it, if it is an extension's? */
bool complete_offers(const struct observer *o, enum verb verb);

/* names.c */
void names_turn(struct console *c);
void names_release(struct names *n);
const char *names_hello(const struct console *c);
const char *names_sender(const struct console *c);
const char *names_recipient(const struct console *c);
/* Appends `text` with %c, %f and %t replaced by client, sender and recipient. Where every recipient
 * was named already, the first is named `again`, or the text ends: there the person goes on. */
void names_fill(const struct console *c, const char *text, bool again, struct buf *out);
/* Every mailbox worth offering, best first: i from 0; NULL: no more. */
const char *names_mailbox(const struct console *c, size_t i);

/* play.c, send.c, wait.c, save.c */
bool play_turn(struct console *c);
void play_stop(struct console *c);
void play_timed_out(struct console *c);
void command_play(struct console *c, struct span args);
bool send_turn(struct console *c);
void send_stop(struct console *c, bool told);
void command_send(struct console *c, struct span args);
void complete_send(const struct console *c, const char *arg, complete_fn *fn, void *ctx);
bool wait_turn(struct console *c);
void command_wait(struct console *c, struct span args);
void command_expect(struct console *c, struct span args);
void record_turn(struct console *c);
void record_stop(struct console *c);
void command_save(struct console *c, struct span args);
void command_record(struct console *c, struct span args);

/* bdat.c */
/* Octets of a chunk that are still to be sent. */
uint64_t bdat_left(const struct console *c);
/* A line typed inside a chunk: never more than the chunk holds, unless asked for twice. */
void bdat_take(struct console *c, struct span line);
void command_bdat(struct console *c, struct span args);

/* slow.c */
/* Octets that are sent now go out in pieces, or behind such. */
bool slow_takes(const struct console *c);
/* There is a talk. */
bool slow_send(struct console *c, struct span octets);
/* The parts, ending at `ends`, each in a write of its own, as far as that can be. */
bool slow_send_parts(struct console *c, struct span octets, const size_t *ends, unsigned parts);
bool slow_turn(struct console *c);
void slow_stop(struct console *c); /* Ctrl-C */
void slow_release(struct console *c);
void command_slow(struct console *c, struct span args);

/* raw.c */
/* The text of /raw: one text with escapes, or several in quotes. Appends to out->octets, which the
 * caller releases. False: err, and *column where. */
bool raw_read(struct span text, struct raw_parts *out, size_t *column, struct error *err);
void command_early(struct console *c, struct span args);

/* pipeline.c, raw.c */
void pipeline_drop(struct console *c);
void command_pipeline(struct console *c, struct span args);
void command_go(struct console *c, struct span args);
void command_raw(struct console *c, struct span args);

/* pages.c, mailbox.c, explain.c, help.c, learn.c */
#define CONSOLE_PAGE_COLS 78
void command_state(struct console *c, struct span args);
void command_states(struct console *c, struct span args);
void command_ladder(struct console *c, struct span args);
void command_letter(struct console *c, struct span args);
void complete_letter(const struct console *c, const char *arg, complete_fn *fn, void *ctx);
void complete_letter_of_mailbox(const struct console *c, const char *arg, complete_fn *fn,
                                void *ctx);
/* What a person asks of a letter's parts (parts.h); `command` names the letter. */
void console_parts(struct console *c, struct span octets, const char *command, struct span words,
                   enum console_pane pane);
void command_server(struct console *c, struct span args);
void command_mailbox(struct console *c, struct span args);
void command_explain(struct console *c, struct span args);
void command_find(struct console *c, struct span args);
void command_level(struct console *c, struct span args);
void command_sources(struct console *c, struct span args);
void command_mouse(struct console *c, struct span args);
void command_help(struct console *c, struct span args);
void command_learn(struct console *c, struct span args);
void command_quit(struct console *c, struct span args);

/* octets.c */
void octets_turn(struct console *c);
void command_octets(struct console *c, struct span args);

/* fault.c */
/* What follows `/server fault`; there is a server. */
void console_fault(struct console *c, struct span args);
void console_complete_fault(const struct console *c, const char *arg, complete_fn *fn, void *ctx);

/* files.c */
/* A path as typed: blanks around it removed, a leading ~/ made the home directory. Caller frees. */
char *file_path(struct span typed);
/* For reading; only an ordinary file. NULL: err. */
FILE *file_open(const char *path, struct error *err);
/* A new file, that only its owner can read: letters are private. One that stands there, or a link,
 * is not touched. NULL: err. */
FILE *file_create(const char *path, struct error *err);
/* The whole file. NULL: err. Caller frees. */
char *file_read(const char *path, size_t *len, struct error *err);
void complete_files(const struct console *c, const char *arg, complete_fn *fn, void *ctx);

#endif
